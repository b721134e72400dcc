"""Clearing of illegal structures: found, noticed, appealed, cleared, checked. Key: the clearing. 拆违治乱"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import PlacedAffair, Title, Words
from linli.contracts.neighbourhood.works_checked import Photos


class ClearingEvent(PlacedAffair):
    """What is common to every event of a clearing."""

    clearing_id: Id

    @property
    def story(self) -> str:
        return self.clearing_id


class StructureFound(ClearingEvent):
    """Somebody has found what seems to stand without permission; also, once cleared, that it stands again."""

    TYPE: ClassVar[str] = "linli.structure.found.v1"
    WORDS = frozenset({"what", "place"})
    STAFF_WORDS = WORDS

    what: Title
    place: Title
    photos: Photos
    occupier: Id | None = None
    """Whose it is, by an opaque id; None while nobody knows."""
    package_id: Id | None = None
    """The works that it is in the way of."""


class ClearingNoticed(ClearingEvent):
    """Whoever has it is told to remove it, and until when they may appeal. 限期拆除决定"""

    TYPE: ClassVar[str] = "linli.clearing.noticed.v1"

    notice: Digest
    """Of the document that was served."""
    remove_by: date
    appeal_by: date
    """The last day for an appeal."""


class ClearingAppealed(ClearingEvent):
    """Whoever has it says that it may stand; nothing is removed by force until that is decided."""

    TYPE: ClassVar[str] = "linli.clearing.appealed.v1"

    on: date


class ClearingAppealDecided(ClearingEvent):
    """Upheld: the notice falls, the structure stays. Otherwise it goes on."""

    TYPE: ClassVar[str] = "linli.clearing.appeal_decided.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    upheld: bool
    why: Words


class StructureCleared(ClearingEvent):
    """It is gone."""

    TYPE: ClassVar[str] = "linli.structure.cleared.v1"

    voluntary: bool
    """By whoever had it, and not by an authority."""
    before: Photos
    after: Photos


class ClearingChecked(ClearingEvent):
    """Somebody else has looked again; `clean` when nothing stands there. 复查"""

    TYPE: ClassVar[str] = "linli.clearing.checked.v1"

    clean: bool
    photos: Photos
    number: Annotated[int, Field(ge=1)]
    """Which look it is."""
