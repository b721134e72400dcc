"""The embedded stack's mail sink: how long it keeps what it was sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linli_cli.stack.embedded.mail import MOMENT, MailSink
from tests.support.linli_command import eventually
from tests.support.servers import free_ports


@pytest.mark.parametrize(("keep", "left"), [(180, {10, 179}), (7, set()), (0, {10, 179, 181, 2_000})])
def test_letters_whose_days_are_over_are_gone_soon_after_the_start(tmp_path: Path, keep: int, left: set[int]) -> None:
    letters = {}
    for days in (10, 179, 181, 2_000):
        letters[days] = tmp_path / f"{datetime.now(UTC) - timedelta(days=days):{MOMENT}}-0a1b2c.eml"
        letters[days].write_text("Subject: x")
    sink = MailSink(tmp_path, *free_ports(1), keep)
    sink.start()
    try:
        eventually(lambda: {days for days, path in letters.items() if path.exists()} == left)
    finally:
        sink.stop()
