"""What the play of a renewal prints at its end."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.demo.renewal.figures import Figure
from linli_cli.demo.renewal.pages import EVERYBODY, OPERATOR, Page
from linli_cli.demo.renewal.play import ACTS
from linli_cli.terminal.language import say, sentence, term

SHORT = 60
COUNTED = {
    "heads": sentence("owners"),
    "accepted": sentence("accepted"),
    "declined": sentence("declined with a reason"),
    "handed_over": sentence("handed over"),
    "kept": sentence("kept"),
    "broken": sentence("broken"),
    "escalated": sentence("handed up"),
}
"""What is counted in a figure of several numbers."""


def as_json(
    figures: Sequence[Figure], pages: Sequence[Page], portal: str, links: Mapping[str, str], seconds: float
) -> str:
    """The result as one line."""
    return json.dumps(
        {
            "right": all(each.right for each in figures),
            "figures": {
                each.name: {"right": each.right, "found": each.found, "wanted": each.wanted} for each in figures
            },
            "pages": [
                {"stage": each.act, "what": say(each.words), "url": portal + each.path, "reader": each.reader}
                for each in pages
            ],
            "sign_in": dict(links),
            "seconds": seconds,
        },
        ensure_ascii=False,
    )


def show_figures(console: Console, figures: Sequence[Figure], seconds: float) -> None:
    """Each with what was found."""
    table = Table("", say("Figure"), say("Found"), box=None)
    for each in figures:
        table.add_row("✓" if each.right else "✗", say(each.words), escape(in_short(each)))
    console.print(table)
    console.print(say("Played in {seconds} s.", seconds=seconds))


def show_wrong(console: Console, figures: Sequence[Figure]) -> None:
    """What is off, each with what it has to be."""
    for each in figures:
        if not each.right:
            line = say(
                "{figure}: {found}, and should be {wanted}",
                figure=say(each.words),
                found=each.found,
                wanted=each.wanted,
            )
            console.print(f"✗ {line}", style="red", soft_wrap=True, markup=False)


def show_pages(console: Console, pages: Sequence[Page], portal: str, links: Mapping[str, str]) -> None:
    """Stage by stage, and how to sign in for those that are not for everybody."""
    stage = ""
    for each in pages:
        if each.act != stage:
            stage = each.act
            console.print(f"\n{say(ACTS[stage])}", soft_wrap=True, markup=False)
        who = "" if each.reader == EVERYBODY else f" ({_reader(each.reader)})"
        console.print(f"  {say(each.words)}{who}", soft_wrap=True, markup=False)
        console.print(f"    {portal}{each.path}", soft_wrap=True, markup=False)
    console.print(f"\n{say('A link signs in once, within ten minutes:')}", soft_wrap=True)
    for reader, url in links.items():
        console.print(f"  {_reader(reader)}  {url}", soft_wrap=True, markup=False)


def in_short(figure: Figure) -> str:
    """As it fits into a line."""
    written = _written(figure.found)
    return written if len(written) <= SHORT else f"{written[: SHORT - 3]}…"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return term("yes" if value else "no")
    if isinstance(value, Mapping):
        return say(", ").join(_area(of) if name == "area" else f"{of} {_counted(name)}" for name, of in value.items())
    return str(value)


def _counted(name: str) -> str:
    return say(COUNTED[name]) if name in COUNTED else name


def _area(hundredths: int) -> str:
    return f"{hundredths / 100:,.0f} ㎡"


def _reader(reader: str) -> str:
    return term("operator") if reader == OPERATOR else reader
