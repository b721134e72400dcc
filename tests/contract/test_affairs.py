"""Common affairs as events: nobody's name or choice is in one, what people wrote can be forgotten, and each fits."""

from collections.abc import Iterator
from typing import Any

import pytest

from linli.contracts import schemas
from linli.contracts.base import Event, Record, Scope, strict_json, tolerant
from linli.contracts.envelope import Envelope, encode
from linli.contracts.erasure import ERASED, value_emptied
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import rounds
from linli.contracts.neighbourhood.affairs import NEIGHBOURHOOD, Affair, Wording
from linli.contracts.neighbourhood.register import PART_AT_MOST, Entry, RegisterCompiled
from linli.contracts.neighbourhood.votes import VotePrepared
from linli.web.localized import in_chinese
from neighbourhood.affairs.problems import too_large
from tests.support.told import AFFAIRS
from tests.support.told.place import AT, HERE, NOON, digest
from tests.support.told.votes import MATTER

LONGEST = "i" * 120
"""An id as long as one may be."""
TOLD = pytest.mark.parametrize("event", AFFAIRS, ids=lambda event: str(event.TYPE))


def fits(event: Affair) -> bool:
    record = encode(Envelope(event.SOURCE, event.story, 1, NOON, event.correlation, event))
    return len(record.value or b"") <= event.MOST_BYTES and too_large([event]) is None


@TOLD
def test_an_affair_is_told_under_its_own_id_and_by_opaque_ids(event: Affair) -> None:
    assert NEIGHBOURHOOD == event.TOPIC
    assert event.story and event.correlation
    assert not {"name", "door", "choices", "choice", "phone", "email"} & type(event).model_fields.keys()
    assert "Choice" not in schemas.schema_of(type(event)).get("$defs", {}), "what somebody chose is in no event"


@TOLD
@pytest.mark.parametrize("scope", Scope)
def test_what_people_wrote_can_be_forgotten_and_the_rest_still_read(event: Affair, scope: Scope) -> None:
    value = value_emptied(event.TYPE, strict_json(event), scope)
    left = tolerant(type(event), value)
    assert value_emptied(event.TYPE, value, scope) == value, "a second time there is nothing to do"
    for name in type(event).model_fields:
        if name not in event.words(scope):
            assert getattr(left, name) == getattr(event, name)
    wrote = [text for name in event.words(scope) for text in _texts(getattr(event, name))]
    assert not [text for text in wrote if text in value.decode()]
    assert type(event).STAFF_WORDS <= type(event).WORDS


@TOLD
def test_a_list_of_what_people_wrote_is_named_by_who_holds_it(event: Affair) -> None:
    for name, records in _lists(event):
        for each in records:
            assert name in event.WORDS or not each.WORDS, name
            assert all(inner in each.WORDS for inner, further in _lists(each) if any(one.WORDS for one in further))


def _lists(of: Record) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Its lists of records, by the field's name."""
    for name in type(of).model_fields:
        value = getattr(of, name)
        if isinstance(value, tuple) and value and isinstance(value[0], Record):
            yield name, value


def _texts(value: Any) -> list[str]:
    """What people wrote, in a field that an erasure empties."""
    if isinstance(value, tuple):
        return [text for each in value for name in each.WORDS for text in _texts(getattr(each, name))]
    return [value] if value else []


def test_a_text_is_gone_from_a_list_and_the_rest_of_it_is_not() -> None:
    [recorded] = [event for event in AFFAIRS if event.TYPE == "linli.response.recorded.v1"]
    value = value_emptied(recorded.TYPE, strict_json(recorded), Scope.PERSON).decode()
    assert "路灯" not in value and "3号楼" not in value
    assert '"chosen":["shed"]' in value and ERASED[Language.ZH] in value


def test_the_largest_part_of_a_register_fits_a_record() -> None:
    entry = Entry(unit=LONGEST, stairwell=LONGEST, area=10**11 - 1, area_from="registry", owner=LONGEST)
    part: dict[str, Any] = AT | HERE | {"by": LONGEST, "register_id": LONGEST, "source": digest("a list")}
    part |= {"part": 10_000, "parts": 10_000, "community": "c" * 80, "neighbourhood": "n" * 80}
    assert fits(RegisterCompiled(**part, entries=[entry] * PART_AT_MOST))
    with pytest.raises(ValueError, match="too_long"):
        RegisterCompiled(**part, entries=[entry] * (PART_AT_MOST + 1))


def test_a_cluster_of_all_that_a_subdistrict_wrote_fits_a_record() -> None:
    demands = [f"019aaf1c-7b40-7e31-a2f2-{number:012}" for number in range(20_000)]
    title = Wording(zh="改" * 4000, en="r" * 8000)
    assert fits(rounds.DemandsClustered(**AT, round_id=LONGEST, cluster=LONGEST, title=title, demands=demands))


def _vote(matters: int, units: int) -> VotePrepared:
    [usual] = [event for event in AFFAIRS if isinstance(event, VotePrepared)]
    concerned = [f"u-{number:030}" for number in range(units)]
    asked = [MATTER | {"id": f"m-{number}", "units": concerned} for number in range(matters)]
    return VotePrepared.model_validate(usual.model_dump() | {"matters": asked})


def test_a_vote_of_twenty_matters_in_a_large_stairwell_fits_a_record() -> None:
    assert fits(_vote(matters=20, units=1_000))
    assert fits(_vote(matters=4, units=5_000))


def test_what_does_not_fit_is_refused_before_it_is_kept_in_both_languages() -> None:
    event: Event = _vote(matters=20, units=5_000)
    assert isinstance(event, Affair)
    with pytest.raises(ValueError, match="bytes, over"):
        encode(Envelope(event.SOURCE, event.story, 1, NOON, event.correlation, event))
    problem = too_large([event])
    assert problem is not None
    assert (problem.status, problem.extra["reason"]) == (422, "too-large")
    assert problem.detail != in_chinese(problem.detail)
