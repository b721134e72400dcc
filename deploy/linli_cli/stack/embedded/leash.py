"""Runs a command so that it does not outlive its parent, even one that is killed: `leash.py <parent pid> <command…>`.

On Linux the kernel sends SIGTERM to the command when the parent thread ends (prctl PR_SET_PDEATHSIG, kept over
exec). A small program of its own rather than subprocess's `preexec_fn`, which may deadlock in a process with threads.
Started with `-I -S`, so it imports nothing but the standard library.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the signal was asked for
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - the point of this file


if __name__ == "__main__":
    main()
