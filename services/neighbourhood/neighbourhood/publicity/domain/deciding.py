"""What is done with a notice: commands, and the events or the refusal that each comes to."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood import publicity as events
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.publicity import DayRule, PublicityEvent, Subject
from neighbourhood.profiles.days import IsWorkingDay
from neighbourhood.publicity.domain.notice import NoticeStage, PostedNotice, days_of
from neighbourhood.refusal import Refusal, refused

MOST_BUILDINGS = 500
"""Of one neighbourhood, with entrances that count as buildings of their own."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Have something posted in those buildings, for as long as the rule says."""

    id: Id
    by: Id
    community: Slug
    neighbourhood: Slug
    subject: Subject
    subject_id: Id
    digest: Digest
    """SHA-256 of exactly what is posted."""
    buildings: Annotated[tuple[Slug, ...], Field(max_length=MOST_BUILDINGS)]
    rule: DayRule


@dataclass(frozen=True, slots=True)
class Post:
    """It hangs in a building since then; `digest` is of the text on the sheet (its QR code has it).

    A time that has gone by wants a photo: days are not given to what nobody has seen.
    """

    by: Id
    building: Slug
    digest: Digest
    posted_at: AwareDatetime
    photo: Digest | None = None
    """SHA-256 of a photo of it."""


@dataclass(frozen=True, slots=True)
class Miss:
    """It was looked for in a building, and was not there."""

    by: Id
    building: Slug


@dataclass(frozen=True, slots=True)
class ChangeText:
    """What it says is another text from now on."""

    by: Id
    digest: Digest


@dataclass(frozen=True, slots=True)
class Complete:
    """Are its days over?"""

    by: Id


@dataclass(frozen=True, slots=True)
class End:
    """Take it down for good."""

    by: Id


Command: TypeAlias = Prepare | Post | Miss | ChangeText | Complete | End
Decision: TypeAlias = tuple[PublicityEvent, ...] | Refusal


def decide(
    notice: PostedNotice | None, command: Command, now: datetime, zone: tzinfo, is_working_day: IsWorkingDay
) -> Decision:
    """The events of a command; none where it is so already. `zone` is the community's."""
    if isinstance(command, Prepare):
        return _prepared(notice, command, now)
    if notice is None:
        return refused("no_publicity", "There is no such notice.", "没有这项公示。")
    if isinstance(command, ChangeText):
        return _changed(notice, command, now)
    if notice.stage is not NoticeStage.HANGING:
        already = (type(command), notice.stage) in _SO_ALREADY
        return () if already else refused("publicity_over", "The notice does not hang any more.", "这项公示已经结束。")
    if isinstance(command, Complete):
        return _completed(notice, command, now, zone, is_working_day)
    return _changed_while_it_hangs(notice, command, now)


_SO_ALREADY = {(End, NoticeStage.ENDED), (Complete, NoticeStage.COMPLETED)}


def _prepared(notice: PostedNotice | None, command: Prepare, now: datetime) -> Decision:
    if notice is not None:
        return refused("publicity_exists", "There is such a notice already.", "这项公示已经有了。")
    if not command.buildings or len(set(command.buildings)) < len(command.buildings):
        english = "Name each building in which it has to hang, once."
        return refused("buildings_wrong", english, "请写明应张贴的各楼栋，不要重复。", "/buildings")
    return (
        events.PublicityPrepared(
            publicity_id=command.id,
            at=now,
            by=command.by,
            community=command.community,
            neighbourhood=command.neighbourhood,
            subject=command.subject,
            subject_id=command.subject_id,
            digest=command.digest,
            buildings=command.buildings,
            rule=command.rule,
        ),
    )


def _changed(notice: PostedNotice, command: ChangeText, now: datetime) -> Decision:
    """Also after its days, or after its end: what hung then is not what is meant now."""
    if command.digest == notice.digest and notice.stage is not NoticeStage.ENDED:
        return ()
    return (events.PublicityRestarted(publicity_id=notice.id, at=now, by=command.by, digest=command.digest),)


def _changed_while_it_hangs(notice: PostedNotice, command: Post | Miss | End, now: datetime) -> Decision:
    if isinstance(command, End):
        return (events.PublicityEnded(publicity_id=notice.id, at=now, by=command.by),)
    if command.building not in notice.buildings:
        english = "The notice does not concern building {building}."
        return refused("not_its_building", english, "这项公示不涉及 {building}。", building=command.building)
    return _missed(notice, command, now) if isinstance(command, Miss) else _posted(notice, command, now)


def _posted(notice: PostedNotice, command: Post, now: datetime) -> Decision:
    if command.digest != notice.digest:
        english = "That is another text than the one to be posted now; print it anew."
        return refused("other_text", english, "张贴的不是现在的文本，请重新打印。", "/digest")
    if command.building not in notice.not_posted:  # a second photo gives no day away and takes none
        return ()
    if not max(notice.since, notice.missing.get(command.building, notice.since)) <= command.posted_at <= now:
        english = "It hangs from when this text was there and it was not missing, and not from a time to come."
        chinese = "张贴时间应在文本确定、发现缺失之后，且不晚于现在。"
        return refused("posted_at_wrong", english, chinese, "/posted_at")
    if command.posted_at < now and command.photo is None:
        english = "A photo shows that it hung earlier; without one its days count from now."
        return refused("photo_missing", english, "补报张贴时间须附照片，否则从现在起算。", "/photo")
    began = notice.posted.get(command.building)
    counts = command.posted_at if began is None or notice.rule.unbroken else began
    return (
        events.PublicityPosted(
            publicity_id=notice.id,
            at=now,
            by=command.by,
            building=command.building,
            digest=command.digest,
            posted_at=counts,
            photo=command.photo,
        ),
    )


def _missed(notice: PostedNotice, command: Miss, now: datetime) -> Decision:
    if command.building in notice.not_posted:
        return ()
    return (events.PublicityMissed(publicity_id=notice.id, at=now, by=command.by, building=command.building),)


def _completed(
    notice: PostedNotice, command: Complete, now: datetime, zone: tzinfo, is_working_day: IsWorkingDay
) -> Decision:
    days = days_of(notice, zone, is_working_day)
    if days is None:
        english = "It does not hang in all of its buildings: {buildings}."
        missing = " ".join(notice.not_posted)
        return refused("not_posted_everywhere", english, "还有楼栋没有张贴：{buildings}。", buildings=missing)
    if not days.over(now):
        english = "Its {count} full days are over when {last} is over."
        chinese = "公示须满 {count} 天，到 {last} 二十四时为止。"
        return refused("days_not_over", english, chinese, count=notice.rule.length, last=days.last_day.isoformat())
    return (
        events.PublicityCompleted(
            publicity_id=notice.id,
            at=now,
            by=command.by,
            digest=notice.digest,
            first_day=days.first_day,
            last_day=days.last_day,
        ),
    )
