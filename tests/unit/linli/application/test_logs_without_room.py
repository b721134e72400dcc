"""A disk that is full takes no log line; nothing ends for it."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import logging, sys, structlog
from linli.application.telemetry import configure_logs
configure_logs("tests", "INFO")
for number in range(5_000):
    structlog.get_logger().info("said", number=number)
    logging.getLogger("library").error("said")
    try:
        raise ValueError
    except ValueError:
        structlog.get_logger().exception("failed")
sys.exit(0 if number == 4_999 else 1)
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_log_that_cannot_be_written_ends_nothing() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", PROGRAM]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    # 120 is Python's way to say that its last flush failed: after the program has come to its end.
    assert done.returncode in (0, 120)
    assert b"Traceback" not in done.stderr.replace(b"Exception ignored", b"")
