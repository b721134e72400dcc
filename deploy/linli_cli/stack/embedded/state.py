"""What the supervisor and the other commands share: `.linli/run/state.json` and the lock that one supervisor holds."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linli_cli.stack.home import private


class Identity(BaseModel):
    """A process, told apart from a later one with the same pid by the time it was created (Unix seconds)."""

    model_config = ConfigDict(frozen=True)

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        """None when there is no such process any more."""
        try:
            return cls(pid=pid, created=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def process(self) -> psutil.Process | None:
        """The process itself, if it still runs."""
        try:
            process = psutil.Process(self.pid)
            # psutil reckons from the boot time, which moves a little when the clock is corrected.
            same = abs(process.create_time() - self.created) < 2
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class Phase(StrEnum):
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


class RunningProgram(BaseModel):
    """One of the six, as the supervisor last saw it."""

    model_config = ConfigDict(frozen=True)

    name: str
    address: str
    state: str
    """starting, ready, waiting (to be started again) or stopped."""
    identity: Identity | None
    started_at: datetime | None
    restarts: int


class StackState(BaseModel):
    model_config = ConfigDict(frozen=True)

    phase: Phase
    supervisor: Identity
    started_at: datetime
    listening: Mapping[str, str | int] = Field(default_factory=dict)
    """The settings of host and ports that it was started with, for the commands of another shell."""
    programs: Sequence[RunningProgram] = ()

    def program(self, name: str) -> RunningProgram | None:
        return next((program for program in self.programs if program.name == name), None)


class AlreadyRunning(Exception):
    """Another supervisor holds the lock."""


class RunDirectory:
    """`.linli/run`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = path / "state.json"
        self._lock = path / "lock"

    @contextmanager
    def locked(self) -> Iterator[Identity]:
        """Held as long as the supervisor lives; the kernel lets go of it when the process ends, however it ends."""
        private(self._path)
        me = Identity.of(os.getpid())
        assert me is not None
        with self._lock.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning from None
            file.truncate(0)
            file.write(me.model_dump_json())
            file.flush()
            yield me

    def supervisor(self) -> Identity | None:
        """Who holds the lock, if anybody. Read from the file: trying the lock could keep a starting supervisor out."""
        try:
            identity = Identity.model_validate_json(self._lock.read_text())
        except (OSError, ValidationError):
            return None
        return identity if identity.process() else None

    def read(self) -> StackState | None:
        try:
            return StackState.model_validate_json(self._state.read_text())
        except (OSError, ValidationError):
            return None

    def write(self, state: StackState) -> None:
        aside = self._state.with_suffix(".new")
        aside.write_text(state.model_dump_json(indent=1))
        aside.replace(self._state)

    def forget(self) -> None:
        """Nothing runs any more."""
        self._state.unlink(missing_ok=True)

    def leftovers(self) -> list[tuple[str, psutil.Process]]:
        """Programs of an earlier supervisor that still run; those that depend on others first."""
        state = self.read()
        programs = reversed(state.programs) if state else ()
        found = [(program.name, program.identity and program.identity.process()) for program in programs]
        return [(name, process) for name, process in found if process]
