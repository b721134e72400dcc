"""An illegal structure that is being cleared, and what people do about it. 拆违治乱"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from linli.contracts.base import Slug
from linli.contracts.neighbourhood import clearing as events
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import Title, Words
from linli.frozen import replace
from neighbourhood.telling import PlacedCommand
from neighbourhood.works.domain.command import Photos


class ClearingState(StrEnum):
    """Where a clearing stands."""

    FOUND = "found"
    NOTICED = "noticed"
    APPEALED = "appealed"
    STAYS = "stays"  # the appeal was upheld
    CLEARED = "cleared"
    CHECKED = "checked"


S = ClearingState


@dataclass(frozen=True, slots=True)
class Clearing:
    """`version` is the number of events in its history."""

    id: str
    community: str
    neighbourhood: str
    state: ClearingState = S.FOUND
    remove_by: date | None = None
    appeal_by: date | None = None
    appeal_decided: bool = False
    """It was appealed against the notice that holds, and that was turned down."""
    cleared_by: str | None = None
    cleared_for: str | None = None
    looks: int = 0
    what: str = ""
    where: str = ""
    package_id: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ClearingCommand(PlacedCommand):
    """On an illegal structure; who has it has no party."""


@dataclass(frozen=True, slots=True)
class FindStructure(ClearingCommand):
    """Somebody has found what seems to stand without permission."""

    id: Id
    community: Slug
    neighbourhood: Slug
    what: Title
    place: Title
    photos: Photos
    occupier: Id | None = None
    package_id: Id | None = None


@dataclass(frozen=True, slots=True)
class NoticeClearing(ClearingCommand):
    """Whoever has it was served the document that tells them to remove it."""

    notice: Digest
    remove_by: date


@dataclass(frozen=True, slots=True)
class AppealClearing(ClearingCommand):
    """Whoever has it says that it may stand."""

    on: date
    """The day on which the appeal was made; it may be recorded later."""


@dataclass(frozen=True, slots=True)
class DecideAppeal(ClearingCommand):
    """Upheld: the structure stays."""

    upheld: bool
    why: Words


@dataclass(frozen=True, slots=True)
class ClearStructure(ClearingCommand):
    """It is gone; `voluntary`: by whoever had it."""

    voluntary: bool
    before: Photos
    after: Photos


@dataclass(frozen=True, slots=True)
class CheckClearing(ClearingCommand):
    """Somebody else has looked again."""

    clean: bool
    photos: Photos


AnyClearing: TypeAlias = NoticeClearing | AppealClearing | DecideAppeal | ClearStructure | CheckClearing


def evolve_clearing(clearing: Clearing | None, event: events.ClearingEvent) -> Clearing:
    """The first event finds it; every other one needs a clearing."""
    if clearing is None:
        assert isinstance(event, events.StructureFound), f"{event.TYPE} of a clearing that nobody has found"
        new = Clearing(event.clearing_id, event.community, event.neighbourhood, version=1)
        return replace(new, what=event.what, where=event.place, package_id=event.package_id)
    after = replace(clearing, version=clearing.version + 1)
    match event:
        case events.ClearingNoticed():
            after = replace(after, remove_by=event.remove_by, appeal_by=event.appeal_by)
            after = replace(after, state=S.NOTICED, appeal_decided=False)
        case events.ClearingAppealed():
            after = replace(after, state=S.APPEALED)
        case events.ClearingAppealDecided():
            after = replace(after, state=S.STAYS if event.upheld else S.NOTICED, appeal_decided=True)
        case events.StructureCleared():
            after = replace(after, state=S.CLEARED, cleared_by=event.by, cleared_for=event.party)
        case events.ClearingChecked():
            after = replace(after, state=S.CHECKED if event.clean else S.FOUND, looks=event.number)
    return after
