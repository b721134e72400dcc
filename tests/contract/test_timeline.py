"""What the public is told of a case is one description: workflow's tracking and notify's live stream say the same."""

from collections.abc import Sequence
from typing import Any, cast

import orjson
import pytest

from linli.contracts.base import strict_json
from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Language
from linli.contracts.workflow import case
from linli.contracts.workflow.case import CaseEvent
from linli.contracts.workflow.community import Community
from linli.contracts.workflow.timeline import NOT_PUBLIC, PublicStep, in_words, public_step
from notify.notices.communities import Communities
from notify.notices.domain.directory import Directory as NotifysDirectory
from notify.timeline.handlers import Lines
from notify.timeline.store import Story, TimelineEntry, TimelineStore
from notify.timeline.stream import _written
from tests.support.builders import NOON, community
from tests.support.cases import _OWN, said, with_party
from workflow.cases.api.tracking import _step
from workflow.community.domain.directory import Directory

COMMUNITY: Community = community(**with_party("estate", name_en="Hehe Property"))


class Kept(TimelineStore):
    """Keeps no database."""

    def __init__(self) -> None:
        self.entries: list[TimelineEntry] = []

    async def add(self, timeline: Sequence[TimelineEntry], stories: Sequence[Story], session: Any) -> None:
        self.entries += timeline


class Known(Communities):
    """Knows one community."""

    def __init__(self) -> None:
        pass

    async def expect_those_of(self, _: Any) -> None:
        pass

    def directory_of(self, _: Any) -> NotifysDirectory:
        return NotifysDirectory.of(COMMUNITY)


async def as_streamed(event: Envelope[CaseEvent]) -> dict[str, Any] | None:
    """What notify writes to who follows live."""
    kept = Kept()
    apply = await Lines(kept, Known()).prepare([cast(Any, event)])
    await apply([cast(Any, event)], cast(Any, None))
    if not kept.entries:
        return None
    [entry] = kept.entries
    found: dict[str, Any] = orjson.loads(_written(entry).decode().partition("data: ")[2])
    return found


def as_tracked(event: Envelope[CaseEvent]) -> dict[str, Any] | None:
    """What workflow answers, out of its history."""
    entry = {"type": event.type, "at": event.time, "data": orjson.loads(strict_json(event.data))}
    step = _step(entry, Directory(COMMUNITY, 1))
    return cast(dict[str, Any], orjson.loads(step.model_dump_json())) if step else None


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("event", _OWN, ids=lambda e: e.TYPE)
async def test_both_tell_the_same_of_each_event_in_the_reporters_language(
    event: type[CaseEvent], language: Language
) -> None:
    party = None if event is case.CaseOpened else "estate"
    told = said(event, language=language, message="灯已换好", party=party)
    streamed, tracked = await as_streamed(told), as_tracked(told)
    assert streamed == tracked
    assert (tracked is None) == (event in NOT_PUBLIC)
    if tracked is not None:
        name = {Language.ZH: "物业公司", Language.EN: "Hehe Property"}[language]
        assert tracked["party"] == (name if party else None)
        line = in_words(PublicStep.model_validate(tracked), language)
        assert line.replace("·", "").isascii() == (language is Language.EN)


def step(event: type[CaseEvent], **fields: Any) -> PublicStep | None:
    return public_step(said(event, **fields).data, NOON, None)


@pytest.mark.parametrize(
    "event", [case.CaseReturned, case.CaseDispatched, case.CaseMerged, case.CaseUnmerged, case.CaseSplit]
)
def test_the_public_sees_nothing_that_was_said_among_staff(event: type[CaseEvent]) -> None:
    told = step(event, message="这个人总是投诉")
    assert told is not None
    assert told.model_dump(exclude_none=True, exclude={"at", "type"}).keys() == {"state"}


@pytest.mark.parametrize("event", [case.CaseNoted, case.CaseJoined, case.CaseParted])
def test_the_public_sees_no_note_and_not_who_else_reported(event: type[CaseEvent]) -> None:
    assert step(event) is None


def test_photos_of_a_return_stay_among_staff() -> None:
    assert step(case.CaseDocumented, stage="return") is None
    before = step(case.CaseDocumented)
    assert before is not None and (before.stage, before.photos) == (case.Stage.BEFORE, ["a" * 32])


def test_what_was_said_to_the_reporter_is_told() -> None:
    told = step(case.CaseProgressed)
    assert told is not None
    assert told.model_dump(exclude_none=True) == {
        "at": NOON,
        "type": "linli.case.progressed.v1",
        "state": "accepted",
        "message": "已联系厂家",
    }
