"""Photos as evidence: bounded, once each, and what is among staff stays there."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.workflow.case import CaseDocumented, CaseReturned, Stage
from tests.unit.workflow.cases.test_deadlines import DIRECTORY, HOUR, NOON, a_case
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import Action, Command, UnknownEvidence
from workflow.cases.domain.case import Case, Evidence
from workflow.cases.domain.evidence import MOST, NoMorePhotos, OtherStage, document, public


def photo(id: str, stage: Stage = Stage.BEFORE, at: datetime = NOON) -> Evidence:
    return Evidence(id, stage, 1_000, 64, 48, "b" * 64, at, "estate", f"file-of-{id}")


def with_photos(case: Case, stage: Stage, *ids: str) -> Case:
    step = document(case, stage, [photo(id, stage) for id in ids], "estate", None, NOON)
    assert step
    return step[0]


def test_photos_are_one_step_of_the_story_and_no_picture_is_in_it() -> None:
    case = a_case()
    step = document(case, Stage.AFTER, [photo("a", Stage.AFTER), photo("b", Stage.AFTER)], "estate", "已换灯", NOON)
    assert step
    after, event = step
    assert isinstance(event, CaseDocumented)
    assert (after.version, after.state, event.stage, event.message) == (case.version + 1, case.state, "after", "已换灯")
    assert [each.id for each in event.photos] == [each.id for each in after.evidence] == ["a", "b"]
    assert "file" not in event.model_dump_json()


def test_the_same_photo_again_is_no_step() -> None:
    case = with_photos(a_case(), Stage.BEFORE, "a")
    assert document(case, Stage.BEFORE, [photo("a")], "estate", None, NOON + HOUR) is None
    step = document(case, Stage.BEFORE, [photo("a"), photo("b")], "estate", None, NOON + HOUR)
    assert step
    assert [each.id for each in step[1].photos] == ["b"]  # type: ignore[attr-defined]


def test_what_is_among_staff_does_not_become_public_by_sending_it_once_more() -> None:
    case = with_photos(a_case(), Stage.RETURN, "a")
    with pytest.raises(OtherStage, match="return"):
        document(case, Stage.AFTER, [photo("a", Stage.AFTER)], "estate", None, NOON)


@given(st.lists(st.tuples(st.sampled_from(Stage), st.integers(0, 40)), max_size=80))
def test_no_stage_ever_has_more_than_ten_nor_a_photo_twice_and_the_public_sees_no_return(
    sent: list[tuple[Stage, int]],
) -> None:
    case = a_case()
    for stage, number in sent:
        try:
            step = document(case, stage, [photo(str(number), stage)], "estate", None, NOON)
        except (NoMorePhotos, OtherStage):
            continue
        case = step[0] if step else case
    for stage in Stage:
        assert sum(each.stage is stage for each in case.evidence) <= MOST
    assert len({each.id for each in case.evidence}) == len(case.evidence)
    assert {each.stage for each in public(case.evidence)} <= {Stage.BEFORE, Stage.AFTER}


def test_a_return_points_to_photos_of_its_own_case_only() -> None:
    case = with_photos(a_case(), Stage.RETURN, "a")
    _, event = act(case, Command(Action.RETURN, message="不归我们管", evidence=("a",)), DIRECTORY, NOON)
    assert isinstance(event, CaseReturned)
    assert event.evidence == ("a",)
    with pytest.raises(UnknownEvidence, match="b"):
        act(case, Command(Action.RETURN, message="不归我们管", evidence=("a", "b")), DIRECTORY, NOON)
