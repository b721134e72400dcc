"""Services and commands as forks of one process that has read all their modules, which is most of what a start takes.

A suite starts hundreds of them. Each is a process of its own, with its own environment and output, and runs what
`python -m NAME` runs; only the reading of modules was done before. The nursery itself has one thread and no connection,
so nothing is shared but memory that nobody changes.
"""

import asyncio
import atexit
import contextlib
import ctypes
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from io import FileIO
from tempfile import TemporaryFile
from typing import Any

from linli_cli.stack.embedded import leash

COMMAND = "linli_cli.main"
PROGRAMS = ("intake", "workflow", "notify", "neighbourhood", "portal", COMMAND)
"""What it can become."""
MOST = 2**20
"""Bytes of a request: an environment."""


class Forked:
    """A process that the nursery has become, with what `subprocess.Popen` has of it."""

    def __init__(self, name: str, channel: socket.socket) -> None:
        self.args, self._channel = name, channel
        self.pid = int(channel.recv(32))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            self._channel.settimeout(timeout)
            try:
                said = self._channel.recv(32)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0) from None
            assert said, "the nursery has ended, and what it had become with it"
            self.returncode = int(said)
            self._channel.close()
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """None is sent to a process that has ended: its id may be another one's."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process, as its tests see it."""

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one = threading.Lock()
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *command],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def become(self, argv: Sequence[str], environment: Mapping[str, str], out: FileIO, err: FileIO) -> Forked:
        """`python -m NAME ARGUMENTS`, in that environment; what it prints goes to the two files."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = json.dumps({"argv": argv, "environment": dict(environment)}).encode()
        with theirs, self._one:
            socket.send_fds(self._asking, [asked], [out.fileno(), err.fileno(), theirs.fileno()])
        return Forked(argv[0], mine)

    def close(self) -> None:
        """What it has become ends with it."""
        self._asking.close()
        self._process.wait(30)


async def run(*arguments: str, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """A command of `linli`: its exit code, what it printed, and what it told on stderr."""
    with TemporaryFile(buffering=0) as out, TemporaryFile(buffering=0) as err:
        command = await asyncio.to_thread(nursery().become, (COMMAND, *arguments), environment, out, err)
        try:
            code = await asyncio.to_thread(command.wait)
        finally:
            command.kill()
        printed = [os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode() for file in (out, err)]
        return code, printed[0], printed[1]


@cache
def nursery() -> Nursery:
    """One for each process of the suite; it ends with it."""
    made = Nursery()
    atexit.register(made.close)
    return made


def _next(asked: socket.socket) -> dict[str, Any]:
    """Forks whenever it is asked, and says how each of its children ended. Returns in a child, with what was asked."""
    known = selectors.DefaultSelector()
    children: dict[int, tuple[int, socket.socket]] = {}
    known.register(asked, selectors.EVENT_READ)
    while True:
        for key, _ in known.select():
            if key.fileobj is not asked:
                pid, channel = children.pop(key.fd)
                known.unregister(key.fd)
                os.close(key.fd)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                with channel, contextlib.suppress(OSError):  # nobody may wait for it any more
                    channel.send(b"%d" % code)
                continue
            said, files, _, _ = socket.recv_fds(asked, MOST, 3, socket.MSG_CMSG_CLOEXEC)
            if not said:
                sys.exit()
            *prints, channel = *files[:2], socket.socket(fileno=files[2])
            pid = os.fork()
            if not pid:
                known.close()
                for other in (asked, channel, *(each for _, each in children.values())):
                    other.close()
                for watched in children:
                    os.close(watched)
                return {**json.loads(said), "prints": prints}
            for file in prints:
                os.close(file)
            channel.send(b"%d" % pid)
            watched = os.pidfd_open(pid)
            children[watched] = pid, channel
            known.register(watched, selectors.EVENT_READ)


def main() -> None:
    """`python -m tests.support.nursery FILE_DESCRIPTOR`: of a socket on which requests come."""
    for name in PROGRAMS:
        import_module(name if name == COMMAND else f"{name}.main")
    assert threading.active_count() == 1, "a fork has one thread, so nobody else may hold a lock now"
    gc.freeze()  # what is there stays, and looking at it would copy it
    before = os.getpid()
    given = _next(socket.socket(fileno=int(sys.argv[1])))
    ctypes.CDLL(None).prctl(leash.PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != before:
        sys.exit(1)
    for number, file in enumerate(given["prints"], start=1):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(given["environment"])
    sys.argv = given["argv"]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
