"""Reads a register's file, in a process of its own: `python -m neighbourhood.papers.registers.reading BYTES SECONDS`.

The file comes on stdin; what it says goes to stdout as JSON, and nowhere else.
"""

import json
import sys
from collections.abc import Callable

import structlog

from linli.confined.calling import Bounds, Died, NotBegun, answer
from linli.confined.child import confine
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.turns import Turns
from neighbourhood.papers.registers.lines import FileRow, RegisterFile, register_of
from neighbourhood.papers.registers.tables import MOST_BYTES, Unreadable, lines_of
from neighbourhood.votes.domain.register_rows import Row, RowFault

log = structlog.get_logger()
MB = 1024 * 1024
BOUNDS = Bounds(memory=768 * MB, seconds=20, wall=60.0, most_out=64 * MB)
"""For one file. 20,000 units take one second and 150 MB."""


def read_register(content: bytes) -> RegisterFile:
    """What a file comes to. A file that is no list has one fault, of line 0."""
    try:
        return register_of(lines_of(content))
    except Unreadable as unreadable:
        return RegisterFile(faults=(RowFault(0, unreadable.why),))


def rows_of(file: RegisterFile, key_of: Callable[[str], str]) -> list[Row]:
    """As the register checks them. `key_of` makes a keyed hash of documents' numbers."""
    return [Row(*each[:6], owner_key=key_of(each.documents) if each.documents else "") for each in file.rows]


class RegisterReader:
    """Reads files that people hand in, one at a time for each of them."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._turns, self._bounds = Turns(2), bounds

    async def read(self, content: bytes, owner: str) -> RegisterFile:
        """`owner` names who hands it in. Raises `Problem` 413, 422, 503."""
        if len(content) > MOST_BYTES:
            raise Problem("register_too_large", 413, Localized("The file is larger than 16 MB.", "文件超过 16 MB。"))
        async with self._turns.of(owner, 1):
            try:
                said = await answer(__name__, content, self._bounds)
            except NotBegun as error:
                busy = Localized("Many files are being read. Try again soon.", "正在读取的文件较多，请稍后再试。")
                raise Problem("registers_busy", 503, busy, retry_after=10) from error
            except Died as died:
                log.warning("register_died", how=died.how)
                much = Localized("The file takes too much time or memory to read.", "读取文件超出时间或内存限制。")
                raise Problem("register_unreadable", 422, much) from None
        return unpacked(said)


def packed(file: RegisterFile) -> bytes:
    faults, doubts = (
        [(each.line, str(each.why), each.why.chinese) for each in found] for found in (file.faults, file.doubts)
    )
    told = {"rows": file.rows, "faults": faults, "doubts": doubts, "total": file.total_area}
    return json.dumps(told, ensure_ascii=False).encode()


def unpacked(said: bytes) -> RegisterFile:
    told = json.loads(said)
    faults = tuple(RowFault(line, Localized(en, zh)) for line, en, zh in told["faults"])
    doubts = tuple(RowFault(line, Localized(en, zh)) for line, en, zh in told["doubts"])
    return RegisterFile(tuple(FileRow(*each) for each in told["rows"]), faults, doubts, told["total"])


def main() -> None:
    """For one file."""
    confine(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(packed(read_register(sys.stdin.buffer.read(MOST_BYTES + 1))))


if __name__ == "__main__":
    main()
