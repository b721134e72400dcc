"""`linli lineage`: one way, from what a household asked for to what was built, or to the reason why not."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask
from linli_cli.affairs.options import Json
from linli_cli.affairs.telling import printed, worded
from linli_cli.plans.commands import STAGES as OF_PLANS
from linli_cli.steering.actions import STATES as OF_ACTIONS
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import day
from linli_cli.works.commands import DEFECTS
from linli_cli.works.commands import STATES as OF_PACKAGES

lineage = typer.Typer(no_args_is_help=True, help="What became of a demand.")
STAGES = {
    "case": "as a case",
    "round": "in a round",
    "cluster": "as one matter with others",
    "plan": "in a plan",
    "item": "as an item of a plan",
    "commitment": "as a commitment",
    "action": "as an action",
    "package": "as works",
    "defect": "as a defect",
    "acceptance": "at the acceptance",
    "end": "at its end",
}
ENDS = {
    "accepted": "built and accepted",
    "left_out": "no matter of its round",
    "declined": "not in the plan",
    "superseded": "not in the plan that holds now",
    "withdrawn": "taken back",
    "resolved": "done without a plan",
}
ACCEPTANCES = {
    "requested": "acceptance asked for",
    "convened": "being accepted",
    "passed": "accepted, not filed",
    "filed": "accepted and filed",
    "failed": "not accepted",
    "revoked": "acceptance taken back",
}
CALLED = {
    "round": {"raised": "written by a household"},
    "cluster": {"clustered": "put together", "left_out": "no matter of its round"},
    "plan": {"owed": "to be answered", "declined": "not in the plan"},
    "item": OF_PLANS,
    "commitment": {"made": "promised"},
    "action": OF_ACTIONS,
    "package": OF_PACKAGES | {"mending": "not accepted"},
    "defect": DEFECTS,
    "acceptance": ACCEPTANCES,
    "end": ENDS,
}
"""Stage → what its states are called there. A case has its own."""


@lineage.callback()
def of_demands() -> None:
    """What became of a demand."""


@lineage.command()
def show(
    demand: Annotated[str, typer.Argument(metavar="ID", help="The submission's id, from its receipt.")],
    as_json: Json = False,
) -> None:
    """Each step that a demand has come to, and why it ended."""
    with errors_shown():
        found = ask(f"/v1/lineage/{demand}")
        if printed(found, as_json):
            return
        for each in found["steps"]:
            _tell(each)
        if found["end"] is None:
            print(say("Something is still to come of it."))


def _tell(step: dict[str, Any]) -> None:
    called = CALLED.get(step["stage"], {})
    state = term(called.get(step["state"], step["state"]))
    draft = "" if step["settled"] else f"  {say('(a draft)')}"
    print(f"{day(step['at'])}  {term(STAGES[step['stage']])}: {state}  {step['thing']['id']}{draft}")
    if step["reason"]:
        print(f"  {worded(step['reason'])}")
