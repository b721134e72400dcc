"""What is inspected while a package is built: supervision rounds, hidden work, defects. Key: the package."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import Title, Words
from linli.contracts.neighbourhood.works import PackageEvent, SitePhoto, Trade

Photos = Annotated[tuple[SitePhoto, ...], Field(min_length=1, max_length=20)]


class RoundKind(StrEnum):
    """Who walks the site."""

    RESIDENTS = "residents"  # 居民监督
    SUPERVISOR = "supervisor"  # 监理巡视


class SupervisionRecorded(PackageEvent):
    """Somebody has walked the site, with photos of where and when. 巡查记录"""

    TYPE: ClassVar[str] = "linli.supervision.recorded.v1"

    round_id: Id
    kind: RoundKind
    photos: Photos
    note_sha256: Digest | None = None
    """Of what was noted; the text itself is kept with the package, and is in no event."""


class HiddenWorkEvent(PackageEvent):
    """Of work that will be covered and not seen again. 隐蔽工程"""

    hidden_id: Id


class HiddenWorkNotified(HiddenWorkEvent):
    """It is ready to be looked at, before it is covered."""

    TYPE: ClassVar[str] = "linli.package.hidden_work_notified.v1"
    WORDS = frozenset({"what"})
    STAFF_WORDS = WORDS

    what: Title


class HiddenWorkPassed(HiddenWorkEvent):
    """It may be covered."""

    TYPE: ClassVar[str] = "linli.package.hidden_work_passed.v1"

    photos: Photos


class HiddenWorkFailed(HiddenWorkEvent):
    """It is to be put right and notified again."""

    TYPE: ClassVar[str] = "linli.package.hidden_work_failed.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words
    photos: tuple[SitePhoto, ...] = ()


class HiddenWorkCovered(HiddenWorkEvent):
    """Nobody sees it any more."""

    TYPE: ClassVar[str] = "linli.package.hidden_work_covered.v1"


class DefectEvent(PackageEvent):
    """Of something that is not as it should be. 质量缺陷"""

    defect_id: Id


class DefectReported(DefectEvent):
    """Somebody says so: on a round, or under a warranty."""

    TYPE: ClassVar[str] = "linli.defect.reported.v1"

    what_sha256: Digest
    """Of what was said; the text itself is kept with the package, and is in no event."""
    round_id: Id | None = None
    trade: Trade | None = None
    """Under the warranty of which trade, when the package is accepted already."""
    photos: tuple[SitePhoto, ...] = ()


class DefectConfirmed(DefectEvent):
    TYPE: ClassVar[str] = "linli.defect.confirmed.v1"


class DefectDismissed(DefectEvent):
    """It is none, and why."""

    TYPE: ClassVar[str] = "linli.defect.dismissed.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words


class RectificationOrdered(DefectEvent):
    """Who is to put it right, until when. 整改通知"""

    TYPE: ClassVar[str] = "linli.rectification.ordered.v1"

    to: Slug
    """The party."""
    due: date


class RectificationSubmitted(DefectEvent):
    """It is put right, says who was told to; how it was before, and how it is now."""

    TYPE: ClassVar[str] = "linli.rectification.submitted.v1"

    before: Photos
    after: Photos


class RectificationVerified(DefectEvent):
    """Somebody else has looked: the defect is closed. 复验"""

    TYPE: ClassVar[str] = "linli.rectification.verified.v1"


class RectificationReturned(DefectEvent):
    """Somebody else has looked: it is not put right, and ordered again."""

    TYPE: ClassVar[str] = "linli.rectification.returned.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words
    due: date
