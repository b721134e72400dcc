"""`linli up --detach`: the same supervisor in a session of its own, watched until it is ready."""

import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import typer

from linli_cli.connection.settings import StackSettings
from linli_cli.stack.embedded.server import put_aside_if_long
from linli_cli.stack.embedded.state import Phase, RunDirectory
from linli_cli.stack.home import private
from linli_cli.stack.preflight import check_start
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress, without_time


def start_detached(settings: StackSettings, run: RunDirectory, progress: Progress, topics: Path | None = None) -> None:
    """Returns when everything is ready. Ends the command when the start fails; Ctrl-C takes the start back."""
    if not settings.home.exists():
        check_start(settings, topics)  # before a home is made where none would be used
    options = ["--topics", str(topics.absolute())] if topics else []
    private(settings.home)
    log = private(settings.logs_dir) / "supervisor.log"
    put_aside_if_long(log)
    with log.open("ab") as output, log.open("rb") as lines:
        lines.seek(0, 2)
        supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "linli_cli.main", "up", "--in-background", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _follow(supervisor, run, lines, progress)
        except KeyboardInterrupt:
            progress.note(say("Stopping what was started…"))
            supervisor.terminate()
            supervisor.wait()
            raise
        finally:
            progress.done()


def _follow(supervisor: "subprocess.Popen[bytes]", run: RunDirectory, lines: BinaryIO, progress: Progress) -> None:
    while True:
        exit_code = supervisor.poll()
        state = run.read()
        ready = state is not None and state.supervisor.pid == supervisor.pid and state.phase is Phase.READY
        for line in lines.read().decode(errors="replace").splitlines():
            progress.note(without_time(line))
        if exit_code is not None:
            raise typer.Exit(exit_code)
        if ready:
            supervisor.returncode = 0  # it goes on without us: no complaint that it was not waited for
            return
        time.sleep(0.1)


def ensure_running(settings: StackSettings, progress: Progress) -> bool:
    """Start the stack unless it runs; wait until it is ready. Whether it was started here."""
    run = RunDirectory(settings.run_dir)
    if run.supervisor() is None:
        start_detached(settings, run, progress)
        return True
    deadline = time.monotonic() + 120
    while (state := run.read()) is None or state.phase is not Phase.READY:
        if state is not None and state.phase is Phase.STOPPING:
            raise CliError(say("Linli is just being stopped."), say("Try again in a moment."))
        if time.monotonic() > deadline or run.supervisor() is None:
            raise CliError(say("Linli is not getting ready."), say("See what holds it up: linli status"))
        progress.step(say("Linli is starting…"))
        time.sleep(0.2)
    progress.done()
    return False


def stop_stack() -> None:
    """`linli down`, with what it tells on stderr."""
    subprocess.run([sys.executable, "-P", "-m", "linli_cli.main", "down"], stdout=sys.stderr, check=True)
