"""What the demo shows of the utilities: by which way each took part, and with what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.contracts.workflow.partner import Way
from linli_cli.demo.utilities.taking_part import Figures
from linli_cli.terminal.language import say, sentence

NAMES = {
    Way.KAFKA: sentence("Kafka"),
    Way.WEBHOOK: sentence("webhook"),
    Way.PULL: sentence("pull"),
    Way.OPEN311: sentence("Open311"),
}


def as_figures(utilities: Sequence[Figures]) -> Mapping[str, Any]:
    """The figures by party."""
    return {each.party: asdict(each) | {"whole": each.whole} for each in utilities}


def show_utilities(console: Console, utilities: Sequence[Figures]) -> None:
    """A table, and a line for each that could not take part, or not wholly."""
    columns = (say("party"), say("took part by"), say("orders"), say("updates"), say("applied"))
    table = Table(*columns, title=say("Utilities as partners"), title_justify="left")
    for each in utilities:
        if each.skipped is None:
            table.add_row(escape(each.name), say(NAMES[each.way]), *map(str, (each.orders, each.updates, each.applied)))
    console.print(table)
    for each in utilities:
        values = {"party": each.name, "way": say(NAMES[each.way])}
        if each.reports is not None:
            counts = {"reports": each.reports, "followed": each.followed}
            console.print(say("{party} reported {reports} itself, and saw {followed} closed.", **values, **counts))
        if each.skipped is not None:
            line = say("{party} took no part by {way}: {why}", **values, why=each.skipped)
            console.print(f"[yellow]{escape(line)}", soft_wrap=True)
        elif not each.whole:
            line = say("{party} took part by {way}, but not wholly: {why}", **values, why=each.fault or "")
            console.print(f"[red]{escape(line.rstrip(': '))}", soft_wrap=True)
