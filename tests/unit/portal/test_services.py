"""What a page does without, and what it does not."""

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.services import NOT_TO_BE_HAD, REFUSED_OR_AWAY, or_none


async def answered(status: int) -> str:
    if status < 400:
        return "found"
    raise Problem("a_slug", status, Localized("no", "不"))


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
async def test_what_is_not_to_be_had_is_left_out(status: int) -> None:
    assert await or_none(answered(status), NOT_TO_BE_HAD) is None
    assert await or_none(answered(200), NOT_TO_BE_HAD) == "found"


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_a_fault_of_the_question_is_a_fault_unless_somebody_else_will_tell_it(status: int) -> None:
    with pytest.raises(Problem):
        await or_none(answered(status), NOT_TO_BE_HAD)
    assert await or_none(answered(status), REFUSED_OR_AWAY) is None


@pytest.mark.parametrize("absent", [NOT_TO_BE_HAD, REFUSED_OR_AWAY, {401}])
async def test_a_key_that_has_ended_is_told_whatever_is_left_out(absent: set[int]) -> None:
    with pytest.raises(Problem) as told:
        await or_none(answered(401), absent)
    assert told.value.status == 401
