"""One program of the stack, and the operating-system process that runs it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import psutil

from linli_cli.stack.embedded import leash
from linli_cli.stack.home import private
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

LOG_KEPT_UNTIL = 50 * 2**20
"""Bytes. A longer log is put aside when its program starts."""


class Program(Protocol):
    """What to run, and how to see that it is ready."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def stop_within(self) -> float:
        """Seconds between asking it to stop and killing it."""
        ...

    def command(self) -> Sequence[str]:
        """The first word is an absolute path."""
        ...

    def environment(self) -> Mapping[str, str]:
        """What it gets beside the environment of this process."""
        ...

    def is_ready(self) -> bool:
        """Answers within about two seconds, whatever state the program is in."""
        ...


class Server:
    """A program that runs, or may run again. Not for use by two threads at once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._process = spawn(self.program.command(), self.program.environment(), self.program.log)

    def ask_to_stop(self) -> None:
        if self._process is not None and self.alive():
            self._process.terminate()

    def stop(self) -> None:
        """Asks, waits, and kills what has not stopped in time."""
        self.ask_to_stop()
        self.wait_ended(self.program.stop_within)

    def wait_ended(self, within: float) -> bool:
        """Kills what has not ended within so many seconds. True when it ended by itself."""
        if self._process is None:
            return True
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """SIGKILL, as a crash would be."""
        if self._process is not None and self.alive():
            os.killpg(self._process.pid, signal.SIGKILL)  # a session of its own, so a group of its own
            self._process.wait()

    def wait_until(self, condition: Callable[[], bool], within: float) -> None:
        """Raises CliError when the program ends first, or the time is over."""
        deadline = time.monotonic() + within
        while not condition():
            if not self.alive():
                raise ended_early(self.program, self.exit_code)
            if time.monotonic() > deadline:
                raise CliError(
                    say("{what}: not ready after {seconds:.0f} s.", what=self.program.name, seconds=within),
                    say("Its log: {log}", log=self.program.log),
                )
            time.sleep(0.05)


def spawn(command: Sequence[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Starts a command that does not outlive this process, in a session of its own so that Ctrl-C does not reach it."""
    private(log.parent)
    put_aside_if_long(log)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*_leash(), *command],
            env={**os.environ, **environment},
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def put_aside_if_long(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_KEPT_UNTIL:
        log.replace(log.with_name(f"{log.name}.1"))


def ended_early(program: Program, exit_code: int | None) -> CliError:
    """What to tell when a program ends while it should be starting: its own last words."""
    values = {"name": program.name, "how": how_it_ended(exit_code)}
    return CliError(
        say("{name} ended while starting ({how}). Its last lines:", **values) + f"\n{last_lines(program.log)}",
        say("The whole log: {log}", log=program.log),
    )


def how_it_ended(exit_code: int | None) -> str:
    if exit_code is None:
        return say("no exit code")
    if exit_code < 0:
        return say("killed by {signal}", signal=signal.Signals(-exit_code).name)
    return say("exit code {returncode}", returncode=exit_code)


def last_lines(log: Path, count: int = 12) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return f"  ({say('no log')})"
    return "\n".join(f"  {line}" for line in lines[-count:])


def end_leftover(process: psutil.Process, within: float) -> None:
    """Ends a process that is not our child: asked first, killed when it does not listen."""
    try:
        process.terminate()
        process.wait(within)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(10)
    except psutil.NoSuchProcess:
        return


def _leash() -> list[str]:
    # The kernel watches the thread that started the process, not the whole parent: a short-lived thread would
    # take its children along when it ends.
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return []
    return [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
