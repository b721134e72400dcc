"""Notices that hang, as the office and the contexts that have something posted use them.

What a plan or a round needs of this:

- `Notices.prepare` and `Notices.act` in the transaction of its own command;
- `Notices.hung`: which text hung, and on which days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.application.kit import Kit
from linli.contracts.neighbourhood.publicity import DayRule, Subject
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.office import Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Kept
from neighbourhood.profiles.days import CountedDays
from neighbourhood.profiles.days import Place as Days
from neighbourhood.publicity.domain.deciding import Command, Prepare, decide
from neighbourhood.publicity.domain.notice import NoticeStage, PostedNotice, days_of, evolve
from neighbourhood.publicity.domain.rules import DaysInForce

NOTICES: Kept[PostedNotice] = Kept(
    collection="publicity",
    kind=PostedNotice,
    name=lambda notice: notice.id,
    found_by=lambda notice: {
        "community": notice.community,
        "neighbourhood": notice.neighbourhood,
        "stage": notice.stage.value,
        "subject": notice.subject_id,
    },
)


@dataclass(frozen=True, slots=True)
class Hung:
    """What hung, and whether it has hung for all of its days."""

    id: str
    subject: Subject
    subject_id: str
    digest: str
    stage: NoticeStage
    days: tuple[date, date] | None
    """The first and the last day that counted, once they are over everywhere."""


class Notices(Office[PostedNotice, Command]):
    """All notices of this service."""

    def __init__(self, kit: Kit[Any]) -> None:
        super().__init__(kit, NOTICES)

    async def decide(self, affair: PostedNotice | None, command: Command, moment: Moment) -> Decided:
        return decide(affair, command, moment.now, moment.days.zone, moment.days.is_working_day)

    def evolve(self, affair: PostedNotice | None, event: Any) -> PostedNotice:
        return evolve(affair, event)

    def place_of(self, affair: PostedNotice) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: PostedNotice | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if wish.command is not Prepare:
            return {}
        return {"id": wish.also, "rule": rule_for(wish.said["subject"], moment)}

    async def prepare(self, command: Prepare, moment: Moment, trace: str | None = None) -> list[Unsent]:
        """A new notice within another affair's transaction. Raises 409, 422."""
        known = await self.stories.one(command.id, moment.session)
        return (await self._changed(known, command, moment, trace))[1]

    async def hung(self, id: str, moment: Moment) -> Hung | None:
        """What is known of a notice at that moment; None of one that there is not."""
        notice = await self.stories.one(id, moment.session)
        if notice is None:
            return None
        days = counted(notice, moment.days)
        over = days is not None and days.over(moment.now) and notice.stage is not NoticeStage.ENDED
        between = (days.first_day, days.last_day) if days is not None and over else None
        return Hung(notice.id, notice.subject, notice.subject_id, notice.digest, notice.stage, between)

    async def hanging(self, place: Place, session: mongo.Session | None = None) -> list[PostedNotice]:
        """What hangs in a neighbourhood now."""
        now = {"community": place.community, "neighbourhood": place.neighbourhood, "stage": NoticeStage.HANGING.value}
        return await self.stories.found(now, MOST_AT_ONCE, session=session)


MOST_AT_ONCE = 500
"""Notices of one neighbourhood; no board holds as many."""


def rule_for(subject: Subject, moment: Moment) -> DayRule:
    """How long that has to hang in the place, today. Raises 409 `NoRule`, and 422 for what hangs by a vote's rules."""
    rule = DaysInForce.of(moment.profile).rules.get(subject)
    if rule is None:
        said = Localized(
            "A vote and a covenant have their notices posted themselves.", "表决和公约的公示由其流程自行发起。"
        )
        raise Problem("invalid", 422, said, reason="subject_wrong", errors=[{"field": "subject", "message": said}])
    return rule


def counted(notice: PostedNotice, days: Days) -> CountedDays | None:
    """As `days_of`, in the place's own days."""
    return days_of(notice, days.zone, days.is_working_day)
