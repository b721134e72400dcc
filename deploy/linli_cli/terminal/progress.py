"""What `linli up` tells while it works: lines that stay, and one line that says what it waits for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.status import Status


class Progress:
    """On a terminal a spinner shows the current step; in a log each line carries its time (UTC)."""

    def __init__(self, console: Console, *, timed: bool = False) -> None:
        self._timed = timed and not console.is_terminal
        self._console = console
        self._status: Status | None = None
        self._step = ""

    def note(self, text: str, style: str = "") -> None:
        """A line that stays."""
        if self._console.is_terminal:
            line = f"[{style}]{escape(text)}[/]" if style else escape(text)
            self._console.print(line, soft_wrap=True, highlight=False)
            return
        with suppress(OSError):  # a full disk must not end the supervisor
            line = f"{_now()}  {text}" if self._timed else text
            self._console.print(line, soft_wrap=True, highlight=False, markup=False)
            self._console.file.flush()

    def step(self, text: str, detail: str = "") -> None:
        """What is being waited for. `detail` may change often, and is shown on a terminal only."""
        if self._console.is_terminal:
            shown = escape(f"{text} {detail}".strip())
            if self._status is None:
                self._status = self._console.status(shown)
                self._status.start()
            else:
                self._status.update(shown)
        elif text != self._step:
            self.note(text)
        self._step = text

    def done(self) -> None:
        """Nothing is being waited for."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        self._step = ""


def without_time(line: str) -> str:
    """The text of a line that `note` wrote to a file."""
    time, gap, text = line.partition("  ")
    return text if gap and time.endswith("Z") else line


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def counting(things: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while many things are done, moved on by what is yielded; a log gets none."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(things, total=total)
        yield lambda more: bar.advance(task, more)
