"""A register that somebody hands in is read in a process of its own."""

import pytest

from linli.confined.calling import Bounds
from linli.web.problems import Problem
from neighbourhood.papers.registers.form import form
from neighbourhood.papers.registers.reading import BOUNDS, RegisterReader, read_register
from neighbourhood.papers.registers.tables import MOST_BYTES

LIST = "房屋坐落,面积,来源,业主,证件\n3-1-402,60,实测,王伟,D1\n".encode()


async def test_the_process_says_what_is_in_the_file() -> None:
    for content in (form(), LIST, b"PK\x03\x04"):
        assert await RegisterReader().read(content, "clerk") == read_register(content)


async def test_a_file_beyond_the_bounds_is_refused() -> None:
    little = Bounds(memory=1024 * 1024, seconds=BOUNDS.seconds, wall=BOUNDS.wall, most_out=BOUNDS.most_out)
    reader, tight = RegisterReader(), RegisterReader(little)
    for read, content, slug in (
        (reader.read, b"x" * (MOST_BYTES + 1), "register_too_large"),
        (tight.read, LIST * 40_000, "register_unreadable"),
    ):
        with pytest.raises(Problem) as refused:
            await read(content, "clerk")
        assert refused.value.slug == slug and "王伟" not in str(refused.value)
