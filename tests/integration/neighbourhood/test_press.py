"""Papers are set in a process of its own; a paper that needs too much ends there, and nothing of it is told."""

from datetime import UTC, datetime

import pytest

from linli.confined.calling import Bounds
from linli.web.problems import Problem
from neighbourhood.papers.letters import letters
from neighbourhood.papers.press import BOUNDS, Press
from neighbourhood.papers.setting import set_in_type
from neighbourhood.papers.sheet import Sheet, sheet
from tests.support.papers import a_stairwell

AT = datetime(2026, 11, 2, tzinfo=UTC)


async def test_the_process_gives_the_same_bytes() -> None:
    of = letters(a_stairwell())
    assert [await Press().pdf(of, "desk")] == set_in_type(of)


async def test_a_paper_beyond_its_bounds_is_refused_and_the_next_one_is_printed() -> None:
    little = Bounds(memory=1024 * 1024, seconds=BOUNDS.seconds, wall=BOUNDS.wall, most_out=BOUNDS.most_out)
    for press, of in ((Press(little), letters(a_stairwell())), (Press(), _no_letter())):
        with pytest.raises(Problem) as refused:
            await press.pdf(of, "desk")
        assert (refused.value.status, refused.value.slug) == (422, "paper_too_large")
        assert "k7qm" not in str(refused.value)
    assert (await Press().pdf(letters(a_stairwell(1)), "desk")).startswith(b"%PDF")


def _no_letter() -> Sheet:
    return sheet("letters", {"title": "k7qm"}, AT)
