"""The stack that a renewal is played on: one of its own, for the clock of it is put ahead by months.

Its home is `renewal` within LINLI_HOME, begun anew each time; a port that something listens on already is passed over.
"""

import os
import shutil
import socket
from pathlib import Path

from linli_cli.connection.settings import LOOPBACK, StackSettings, TargetKind, load_settings
from linli_cli.connection.target import require_embedded_stack
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

HOME = "renewal"
OF_A_STACK = frozenset({"kafka", "mongo", "secrets", "logs", "mail", "run", "bin"})


def start(progress: Progress) -> StackSettings:
    """Started, with a clock that can be put ahead; what this process asks from now on, it asks of that stack.

    Raises CliError where another system is meant, where an earlier play still runs, and where the start fails.
    """
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        raise CliError(
            say("A renewal is played on a stack of its own: LINLI_TARGET names another deployment."),
            say("Its clock is put ahead by months, which nobody wants where people live. Unset LINLI_TARGET."),
        )
    require_embedded_stack()
    home = settings.home / HOME
    _make_way(home)
    os.environ |= {"LINLI_HOME": str(home), "LINLI_PLAY_TIME": "true"} | _other_ports(settings)
    os.environ.pop("LINLI_KEY_FILE", None)  # a key of another system opens nothing here
    from linli_cli.stack.detached import ensure_running  # noqa: PLC0415 - needs the embedded stack's packages

    own = load_settings()
    ensure_running(own, progress)
    return own


def stop(home: Path, *, clear: bool) -> None:
    """Stopped; with `clear` its data are removed too."""
    from linli_cli.stack.detached import stop_stack  # noqa: PLC0415 - as above

    stop_stack()
    if clear:
        shutil.rmtree(home, ignore_errors=True)


def to_stop(home: Path) -> str:
    """What to type to stop it."""
    return " ".join((f"LINLI_HOME={home}", "linli", "down"))


def _make_way(home: Path) -> None:
    """Remove what an earlier play has left."""
    from linli_cli.stack.embedded.state import RunDirectory  # noqa: PLC0415 - as above

    if RunDirectory(home / "run").supervisor() is not None:
        raise CliError(
            say("A renewal that was played before still runs in {home}.", home=home),
            say("Look at it, or stop it first: {command}", command=to_stop(home)),
        )
    if home.exists() and not {each.name for each in home.iterdir()} <= OF_A_STACK:
        raise CliError(
            say("{home} holds something else than an earlier play.", home=home),
            say("Set LINLI_HOME to another directory: the play makes its own within it."),
        )
    shutil.rmtree(home, ignore_errors=True)


def _other_ports(settings: StackSettings) -> dict[str, str]:
    """For each port that is in use another that is free."""
    taken = {variable for variable, port in settings.ports().items() if not _free(port)}
    probes = {variable: socket.socket() for variable in taken}
    try:
        for probe in probes.values():
            probe.bind((LOOPBACK, 0))
        return {variable: str(probe.getsockname()[1]) for variable, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
