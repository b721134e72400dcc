"""What a confined process does first: it sets its own bounds. It imports nothing that its work does not need."""

import contextlib
import os
import resource
import signal
from pathlib import Path


def confine(allowance: int, seconds: int) -> None:
    """So many bytes more of memory than there is now, so many seconds of a processor, no core file."""
    used = 0
    with contextlib.suppress(OSError, ValueError):
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + allowance, used + allowance))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(5)
    signal.alarm(10 * seconds)  # should whoever waits for it be no more
    with contextlib.suppress(OSError):  # where memory runs out, this one goes, and not the service
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
