"""What a look at a deployment found: how it is, and what to do."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from rich.console import Console
from rich.markup import escape

from linli_cli.terminal.language import chinese, wide
from linli_cli.terminal.printable import printable
from linli_cli.terminal.sentences.words import FOUND


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    WRONG = "wrong"


WIDEST_CHECK = 12
"""Characters of the longest name of a check, `migrations` and the like, with a space after it."""
COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.WRONG: "red"}


@dataclass(frozen=True)
class Finding:
    """`todo` says what to do, in words; empty where there is nothing."""

    check: str
    level: Level
    said: str
    todo: str = ""


def ok(check: str, text: str) -> Finding:
    return Finding(check, Level.OK, text)


def note(check: str, text: str, todo: str = "") -> Finding:
    return Finding(check, Level.NOTE, text, todo)


def wrong(check: str, text: str, todo: str) -> Finding:
    return Finding(check, Level.WRONG, text, todo)


def show(findings: Sequence[Finding], *, as_json: bool) -> bool:
    """Print them; whether nothing is wrong."""
    findings = [replace(each, said=printable(each.said), todo=printable(each.todo)) for each in findings]
    healthy = all(finding.level is not Level.WRONG for finding in findings)
    if as_json:
        print(json.dumps({"healthy": healthy, "findings": [asdict(each) for each in findings]}, ensure_ascii=False))
        return healthy
    console = Console(highlight=False, soft_wrap=True)
    for each in findings:
        level, check = (FOUND.get(word, word) if chinese() else word for word in (each.level, each.check))
        label = f"[{COLOURS[each.level]}]{wide(level, 6)}[/]{wide(check, WIDEST_CHECK)}"
        console.print(f"{label}{escape(each.said)}")
        if each.todo:
            console.print(f"{'':<{6 + WIDEST_CHECK}}→ {escape(each.todo)}")
    return healthy
