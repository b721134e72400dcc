"""What is posted for residents, where it hangs since when, and how each event changes that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import reduce

from linli.contracts.neighbourhood import publicity as events
from linli.contracts.neighbourhood.publicity import DayRule, PublicityEvent, Subject
from linli.frozen import replace
from neighbourhood.profiles.days import CountedDays, IsWorkingDay, Place


class NoticeStage(StrEnum):
    """Where a notice stands."""

    HANGING = "hanging"
    """Being posted, or posted."""
    COMPLETED = "completed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PostedNotice:
    """A notice that hangs. `version` is the number of events in its story."""

    id: str
    community: str
    neighbourhood: str
    subject: Subject
    subject_id: str
    digest: str
    """Of what hangs now."""
    buildings: tuple[str, ...]
    rule: DayRule
    since: datetime
    """What was posted before was another text."""
    posted: Mapping[str, datetime] = field(default_factory=dict)
    """By building: from when its days count there."""
    missing: Mapping[str, datetime] = field(default_factory=dict)
    """By building: when it was found not to hang there."""
    photos: Mapping[str, str] = field(default_factory=dict)
    """By building: SHA-256 of the photo that shows it, where there is one."""
    stage: NoticeStage = NoticeStage.HANGING
    completed: events.PublicityCompleted | None = None
    version: int = 0

    @property
    def reached(self) -> tuple[int, int]:
        """In how many buildings it hangs, of how many."""
        return len(self.posted.keys() - self.missing.keys()), len(self.buildings)

    @property
    def not_posted(self) -> tuple[str, ...]:
        return tuple(each for each in self.buildings if each not in self.posted or each in self.missing)


def days_of(notice: PostedNotice, zone: tzinfo, is_working_day: IsWorkingDay) -> CountedDays | None:
    """The days that count: from when it hangs in the last of its buildings. None while it does not hang in all."""
    if notice.not_posted:
        return None
    return Place(zone, is_working_day).period(max(notice.posted.values()), notice.rule)


def evolve(notice: PostedNotice | None, event: PublicityEvent) -> PostedNotice:
    """The notice after an event of its story."""
    if isinstance(event, events.PublicityPrepared):
        return PostedNotice(
            id=event.publicity_id,
            community=event.community,
            neighbourhood=event.neighbourhood,
            subject=event.subject,
            subject_id=event.subject_id,
            digest=event.digest,
            buildings=event.buildings,
            rule=event.rule,
            since=event.at,
            version=1,
        )
    assert notice is not None, f"{event.TYPE} comes after the notice was prepared"
    after = replace(notice, version=notice.version + 1)
    match event:
        case events.PublicityPosted():
            there = {event.building: event.posted_at}
            missing = {building: at for building, at in notice.missing.items() if building != event.building}
            shown = {event.building: event.photo} if event.photo else {}
            photos = {**notice.photos, **shown}
            return replace(after, posted={**notice.posted, **there}, missing=missing, photos=photos)
        case events.PublicityMissed():
            return replace(after, missing={**notice.missing, event.building: event.at})
        case events.PublicityRestarted():
            return replace(
                after,
                digest=event.digest,
                since=event.at,
                posted={},
                missing={},
                photos={},
                stage=NoticeStage.HANGING,
                completed=None,
            )
        case events.PublicityCompleted():
            return replace(after, stage=NoticeStage.COMPLETED, completed=event)
        case events.PublicityEnded():
            return replace(after, stage=NoticeStage.ENDED)
        case _:
            raise AssertionError(f"{event.TYPE} is no event of a notice")


def replayed(story: Iterable[PublicityEvent]) -> PostedNotice | None:
    """The notice that a whole story leads to."""
    return reduce(evolve, story, None)
