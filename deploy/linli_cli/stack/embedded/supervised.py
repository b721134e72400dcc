"""A server that is started again whenever it ends: the rules of one, without the loop around them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from linli_cli.stack.embedded.server import Server, how_it_ended
from linli_cli.stack.embedded.state import Identity, RunningProgram
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

HEALTHY_AFTER = 30.0
"""Seconds of readiness after which an earlier trouble is over."""
PROBE_EVERY = 0.25
"""Seconds between two questions whether a starting program is ready."""


@dataclass
class Backoff:
    """How long to wait before the next start: doubling, up to `longest` seconds."""

    first: float = 0.5
    longest: float = 10.0
    _next: float = 0.0

    def next(self) -> float:
        wait = self._next or self.first
        self._next = min(wait * 2, self.longest)
        return wait

    def reset(self) -> None:
        self._next = 0.0


class Supervised:
    """`tick` moves it on. Times are seconds of the monotonic clock."""

    def __init__(self, server: Server, progress: Progress) -> None:
        self.server = server
        self.restarts = 0
        self.deaths_before_ready = 0
        self.state = "stopped"
        self._progress = progress
        self._backoff = Backoff()
        self._since = 0.0  # of the present state
        self._probe_at = 0.0
        self._identity: Identity | None = None
        self._started_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.server.program.name

    def start(self, now: float) -> None:
        try:
            self.server.start()
        except OSError as error:
            self._progress.note(say("{name} could not be started: {error}", name=self.name, error=error), "red")
        self._enter("starting", now)
        self._identity = Identity.of(self.server.pid) if self.server.pid else None
        self._started_at = datetime.now(UTC)
        self._probe_at = now

    def tick(self, now: float) -> bool:
        """True when something has changed."""
        if self.state in {"starting", "ready"} and not self.server.alive():
            self._ended(now)
        elif self.state == "starting" and now >= self._probe_at and self.server.program.is_ready():
            message = say("{name} is ready at {address}", name=self.name, address=self.server.program.address)
            self._progress.note(message, "green")
            self.deaths_before_ready = 0
            self._enter("ready", now)
        elif self.state == "waiting" and now >= self._since:
            self.restarts += 1
            self.start(now)
        else:
            if self.state == "starting" and now >= self._probe_at:
                self._probe_at = now + PROBE_EVERY
            if self.state == "ready" and now - self._since > HEALTHY_AFTER:
                self._backoff.reset()
            return False
        return True

    def stopped(self) -> None:
        self._enter("stopped", 0.0)
        self._identity = None

    def seen(self) -> RunningProgram:
        """For the state file."""
        return RunningProgram(
            name=self.name,
            address=self.server.program.address,
            state=self.state,
            identity=self._identity,
            started_at=self._started_at,
            restarts=self.restarts,
        )

    def _ended(self, now: float) -> None:
        if self.state == "starting":
            self.deaths_before_ready += 1
        wait = self._backoff.next()
        reason = how_it_ended(self.server.exit_code)
        values = {"name": self.name, "reason": reason, "wait": wait}
        self._progress.note(say("{name} ended ({reason}); it is started again in {wait:g} s", **values), "yellow")
        self._identity = None
        self._enter("waiting", now + wait)

    def _enter(self, state: str, since: float) -> None:
        self.state = state
        self._since = since
