"""What the demo shows: bars that grow while it runs, tables when it is over."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target
from linli_cli.demo.check import Outcome
from linli_cli.demo.sign_ins import SignIns
from linli_cli.terminal.language import chinese, say, sentence, term, wide
from linli_cli.terminal.sentences.words import DELIVERED
from linli_cli.terminal.words import counted

STAGES = {
    "submitted": sentence("submitted through intake's public API"),
    "cases": sentence("dispatched to a party, or in triage"),
    "steps": sentence("taken by the parties, five of them as partners"),
    "told": sentence("cases of which everybody concerned was told"),
}


MEANING = {
    ("email", "replaced"): sentence("replaced (by a text message)"),
}
"""What a channel's state means to who looks at the demo."""
REASONS = {
    "no_contact": sentence("{count} who left no address"),
    "not_mobile": sentence("{count} who left a landline"),
    "no_mail_server": sentence("{count} for want of a mail server (LINLI_SMTP_HOST is empty)"),
    "no_sms_gateway": sentence("{count} for want of a gateway for text messages (docs/sms.md)"),
    "enough_for_a_day": sentence("{count} who had enough letters for a day"),
}
"""Why somebody was not told."""


class DemoView:
    """One bar per stage, and the latest thing that happened. Where there is no terminal, one line per stage."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console, self._progress = console, progress
        self._bars: dict[str, TaskID] = {}
        self._totals: dict[str, int] = {}

    def begin(self, stage: str, total: int) -> None:
        """A stage of which so many are expected."""
        self._totals[stage] = total
        self._bars[stage] = self._progress.add_task(wide(say(STAGES[stage]), 45), total=total, latest="")

    def show(self, stage: str, completed: int, latest: str = "") -> None:
        """How far a stage has come."""
        self._progress.update(self._bars[stage], completed=completed)
        if latest:
            self._progress.update(self._bars[stage], latest=escape(latest[:60]))

    def end(self, stage: str, completed: int) -> None:
        """A stage is over."""
        self._progress.update(self._bars[stage], completed=completed, latest="")
        if not self._console.is_terminal:
            self._console.print(
                f"{completed}/{self._totals[stage]} {say(STAGES[stage])}", highlight=False, soft_wrap=True
            )


@contextmanager
def live_view(console: Console) -> Iterator[DemoView]:
    """The bars, as long as the block lasts."""
    parts = TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn()
    latest = TextColumn("[dim]{task.fields[latest]}")
    with Progress(*parts, latest, console=console, disable=not console.is_terminal) as progress:
        yield DemoView(console, progress)


def as_json(
    outcome: Outcome, submissions: int, seconds: float, utilities: Mapping[str, Any], links: SignIns | None
) -> str:
    """The result as one line."""
    return json.dumps(
        {
            "submissions": submissions,
            "cases": len(outcome.cases),
            "lost": len(outcome.lost),
            "by_state": outcome.by_state(),
            "by_party": outcome.by_party(),
            "notices": outcome.notices(),
            "told": outcome.notified(),
            "not_told": outcome.reasons(),
            "utilities": utilities,
            "seconds": seconds,
            "sign_in": links.as_json() if links else None,
        },
        ensure_ascii=False,
    )


def show_outcome(console: Console, outcome: Outcome, submissions: int, seconds: float) -> None:
    """The tables, and what is missing if anything is."""
    columns = (say("party"), say("cases"), say("which are"))
    parties = Table(*columns, title=say("Cases by party and state"), title_justify="left")
    for party, counts in outcome.by_party().items():
        parties.add_row(escape(outcome.party_names()[party]), str(sum(counts.values())), _listed(counts))
    parties.add_section()
    parties.add_row(say("all"), str(len(outcome.cases)), _listed(outcome.by_state()), style="bold")
    console.print(parties)
    columns = (say("channel"), say("state"), say("notices"))
    notices = Table(*columns, title=say("Notices by channel"), title_justify="left")
    for channel, counts in outcome.notices().items():
        for state, count in counts.items():
            notices.add_row(_of_delivery(channel), _meaning(channel, state), str(count))
    console.print(notices)
    console.print(in_words(outcome.notified()["sent"], outcome.reasons()), soft_wrap=True)
    lost = outcome.lost
    message = say(
        "submissions {submissions}   cases {cases}   {seconds} s   ",
        submissions=submissions,
        cases=len(outcome.cases),
        seconds=seconds,
    )
    console.print(f"[bold]{message}{'[red]' if lost else '[green]'}{say('lost = {count}', count=len(lost))}")
    for submission, what in lost.items():
        console.print(f"  [red]{submission}: {escape(say('; ').join(what[:3]))}", highlight=False)


def in_words(sent: int, reasons: Mapping[str, int]) -> str:
    """How many were really told, and why others were not."""
    message = say("Nobody was told: no notice was sent.")
    if sent:
        message = say("{notices} sent.", notices=counted(sent, "notice"))
    skipped = sentence("{count} skipped ({reason})")
    others = [say(REASONS.get(reason, skipped), count=count, reason=reason) for reason, count in reasons.items()]
    return message + (say(" Not sent: {others}.", others=say("; ").join(others)) if others else "")


def _listed(counts: Mapping[str, int]) -> str:
    return say(", ").join(f"{count} {term(state)}" for state, count in counts.items())


def _meaning(channel: str, state: str) -> str:
    special = MEANING.get((channel, state))
    return say(special) if special else _of_delivery(state)


def _of_delivery(word: str) -> str:
    return DELIVERED.get(word, word) if chinese() else word


def show_where_to_look(console: Console, target: Target, tracking_code: str, links: SignIns | None) -> None:
    """Addresses, links and commands for what comes next."""
    here = load_settings()
    of_embedded = {
        say("the mail"): say("{directory} (.eml files)", directory=here.mail_dir),
        say("the operator key"): f"{here.secrets_dir}/operator.key",
    }
    lines = {
        **(links.lines() if links else {}),
        say("the APIs"): ", ".join(f"{url}/docs" for url in target.urls.values()),
        **(of_embedded if target.kind is TargetKind.EMBEDDED else {}),
        say("one resident's view"): f"linli track {tracking_code}",
        say("what waits for a person"): "linli cases --state triage",
        say("the processes"): "linli status",
        **({say("to stop"): "linli down"} if target.kind is TargetKind.EMBEDDED else {}),
    }
    console.print(f"\n{say('To look at next:')}")
    for what, where in lines.items():
        console.print(f"  {wide(what, 24)} {escape(where)}", highlight=False, soft_wrap=True)
    if links and links.operator:
        console.print(say("A link opens once, within ten minutes. A new one: linli portal sign-in"), soft_wrap=True)
    for why in links.why_not if links else ():
        console.print(escape(say("no link to sign in: {why}", why=why)), soft_wrap=True)
