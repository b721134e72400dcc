"""What the demo shows: bars that grow while it runs, tables when it is over."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from linli_cli.demo_check import Outcome
from linli_cli.settings import TargetKind, load_settings
from linli_cli.target import Target
from linli_cli.words import counted

STAGES = {
    "submitted": "submitted through intake's public API",
    "cases": "dispatched to a party, or in triage",
    "steps": "taken by the parties through workflow's API",
    "told": "cases of which everybody concerned was told",
}


MEANING = {
    ("email", "replaced"): "replaced (by a text message)",
}
"""What a channel's state means to who looks at the demo."""
REASONS = {
    "no_contact": "who left no address",
    "not_mobile": "who left a landline",
    "no_mail_server": "for want of a mail server (LINLI_SMTP_HOST is empty)",
    "no_sms_gateway": "for want of a gateway for text messages (docs/sms.md)",
    "enough_for_a_day": "who had enough letters for a day",
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
        self._bars[stage] = self._progress.add_task(STAGES[stage], total=total, latest="")

    def show(self, stage: str, completed: int, latest: str = "") -> None:
        """How far a stage has come."""
        self._progress.update(self._bars[stage], completed=completed)
        if latest:
            self._progress.update(self._bars[stage], latest=escape(latest[:60]))

    def end(self, stage: str, completed: int) -> None:
        """A stage is over."""
        self._progress.update(self._bars[stage], completed=completed, latest="")
        if not self._console.is_terminal:
            self._console.print(f"{completed}/{self._totals[stage]} {STAGES[stage]}", highlight=False, soft_wrap=True)


@contextmanager
def live_view(console: Console) -> Iterator[DemoView]:
    """The bars, as long as the block lasts."""
    parts = TextColumn("{task.description:<45}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn()
    latest = TextColumn("[dim]{task.fields[latest]}")
    with Progress(*parts, latest, console=console, disable=not console.is_terminal) as progress:
        yield DemoView(console, progress)


def as_json(outcome: Outcome, submissions: int, seconds: float) -> str:
    """The result as one line."""
    return json.dumps(
        {
            "submissions": submissions,
            "cases": len(outcome.cases),
            "lost": len(outcome.lost),
            "by_state": outcome.by_state(),
            "by_party": outcome.by_party(),
            "notices": outcome.notices(),
            "told": outcome.told(),
            "not_told": outcome.reasons(),
            "seconds": seconds,
        },
        ensure_ascii=False,
    )


def show_outcome(console: Console, outcome: Outcome, submissions: int, seconds: float) -> None:
    """The tables, and what is missing if anything is."""
    parties = Table("party", "cases", "which are", title="Cases by party and state", title_justify="left")
    for party, counts in outcome.by_party().items():
        parties.add_row(escape(outcome.party_names()[party]), str(sum(counts.values())), _listed(counts))
    parties.add_section()
    parties.add_row("all", str(len(outcome.cases)), _listed(outcome.by_state()), style="bold")
    console.print(parties)
    notices = Table("channel", "state", "notices", title="Notices by channel", title_justify="left")
    for channel, counts in outcome.notices().items():
        for state, count in counts.items():
            notices.add_row(channel, MEANING.get((channel, state), state), str(count))
    console.print(notices)
    console.print(in_words(outcome.told()["sent"], outcome.reasons()), soft_wrap=True)
    lost = outcome.lost
    console.print(
        f"[bold]submissions {submissions}   cases {len(outcome.cases)}   {seconds} s   "
        f"{'[green]' if not lost else '[red]'}lost = {len(lost)}"
    )
    for submission, what in lost.items():
        console.print(f"  [red]{submission}: {escape('; '.join(what[:3]))}", highlight=False)


def in_words(sent: int, reasons: Mapping[str, int]) -> str:
    """How many were really told, and why others were not."""
    others = [f"{count} {REASONS.get(reason, f'skipped ({reason})')}" for reason, count in reasons.items()]
    said = f"{counted(sent, 'notice')} sent" if sent else "Nobody was told: no notice was sent"
    return f"{said}. Not sent: {'; '.join(others)}." if others else f"{said}."


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def show_where_to_look(console: Console, target: Target, tracking_code: str) -> None:
    """Addresses and commands for what comes next."""
    here = load_settings()
    of_embedded = {"the mail": f"{here.mail_dir} (.eml files)", "the operator key": f"{here.secrets_dir}/operator.key"}
    lines = {
        "the APIs": ", ".join(f"{url}/docs" for url in target.urls.values()),
        **(of_embedded if target.kind is TargetKind.EMBEDDED else {}),
        "one resident's view": f"linli track {tracking_code}",
        "what waits for a person": "linli cases --state triage",
        "the processes": "linli status",
        **({"to stop": "linli down"} if target.kind is TargetKind.EMBEDDED else {}),
    }
    console.print("\nTo look at next:")
    for what, where in lines.items():
        console.print(f"  {what:<24} {escape(where)}", highlight=False, soft_wrap=True)
