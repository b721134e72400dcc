"""How the commands for common affairs tell what they have found."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.terminal.language import chinese


def printed(found: Any, as_json: bool) -> bool:
    """Whether it was all to be JSON."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    return as_json


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], width: int = 120) -> None:
    shown = Table(*heads, box=None, header_style="bold")
    for row in rows:
        shown.add_row(*map(escape, row))
    Console(width=width).print(shown)


def happened(history: Iterable[dict[str, Any]]) -> None:
    """What was done, in order: when, what, by whom, with what they said."""
    for each in history:
        print(f"{each['at'][:16]}  {each['type']}  {each['party'] or each['by']}")
        for name, value in each["said"].items():
            print(f"  {name}: {value}")


def square_metres(hundredths: int) -> str:
    return f"{hundredths / 100:,.2f} ㎡"


def worded(wording: dict[str, str | None]) -> str:
    """Of what was written in both languages: Chinese there always is."""
    return str((not chinese() and wording.get("en")) or wording["zh"])
