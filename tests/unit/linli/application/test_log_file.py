"""Lines that are logged in one turn of the loop reach the disk in one write, and none is left in memory after it."""

import asyncio
import io

from linli.application.telemetry import UnfailingFile


class Counted(io.BytesIO):
    """A file that counts how often it was flushed."""

    flushed = 0

    def flush(self) -> None:
        self.flushed += 1


def logged(file: UnfailingFile, lines: int) -> None:
    for _ in range(lines):
        file.write(b"said\n")
        file.flush()


async def test_lines_of_one_turn_go_together() -> None:
    counted = Counted()
    file = UnfailingFile(counted)
    logged(file, 3)
    assert counted.flushed == 0
    await asyncio.sleep(0)
    assert counted.flushed == 1
    logged(file, 2)
    await asyncio.sleep(0)
    assert counted.flushed == 2
    assert counted.getvalue() == b"said\n" * 5


def test_outside_of_a_loop_each_line_goes_at_once() -> None:
    counted = Counted()
    logged(UnfailingFile(counted), 2)
    assert counted.flushed == 2
