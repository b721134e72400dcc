"""Plans: drawn, frozen and posted, objected to, final, superseded by the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linli.application.kit import Kit
from linli.contracts.neighbourhood.plan_text import PlanItem
from linli.contracts.neighbourhood.plans import PlanFinalised, PlanNoticed, PlanStage
from linli.contracts.neighbourhood.publicity import Subject
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from neighbourhood.affairs.office import Asked, Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Happened, Kept
from neighbourhood.affairs.texts import Texts
from neighbourhood.digests import digest_of_text
from neighbourhood.plans.domain.commands import (
    Announce,
    Command,
    DraftPlan,
    FileObjection,
    Finalise,
    FreezeVersion,
    Hung,
    Supersede,
)
from neighbourhood.plans.domain.deciding import decide
from neighbourhood.plans.domain.plan import Plan, evolve
from neighbourhood.plans.domain.standing import beside
from neighbourhood.publicity.domain.deciding import ChangeText, Complete, Prepare
from neighbourhood.publicity.domain.notice import NoticeStage
from neighbourhood.publicity.office import Notices, rule_for
from neighbourhood.refusal import Refusal

PLANS: Kept[Plan] = Kept(
    collection="plans",
    kind=Plan,
    name=lambda plan: plan.id,
    found_by=lambda plan: {
        "community": plan.community,
        "neighbourhood": plan.neighbourhood,
        "stage": plan.stage.value,
    },
)
OVER = PlanStage.SUPERSEDED.value


@dataclass(frozen=True, slots=True)
class Said:
    """What a household has against a plan, in its own words; `by` writes it down."""

    household: str
    text: str
    item: str | None
    by: str


@dataclass(frozen=True, slots=True)
class FinalPlan:
    """What holds, for those who carry it out."""

    community: str
    neighbourhood: str
    digest: str | None
    """Of the version that is final; None while none is, and once another plan has taken its place."""
    items: Mapping[str, PlanItem]


class Plans(Office[Plan, Command]):
    """All plans. Who wants to act when one becomes final follows (`followed_by`) and looks for `PlanFinalised`."""

    def __init__(self, kit: Kit[Any], notices: Notices, texts: Texts) -> None:
        super().__init__(kit, PLANS)
        self.notices, self.texts = notices, texts
        self._places = kit.database.plan_places

    async def decide(self, affair: Plan | None, command: Command, moment: Moment) -> Decided:
        if isinstance(command, DraftPlan) and affair is None and (why := await self._another(command, moment)):
            return why
        decided = decide(affair, command, moment.now)
        if not isinstance(command, FreezeVersion) or isinstance(decided, Refusal) or not decided:
            return decided
        frozen = affair
        for event in decided:
            frozen = evolve(frozen, event)
        assert frozen is not None and frozen.frozen is not None, "it was frozen"
        posted = Hung(notice_of(frozen), frozen.id, frozen.frozen.digest)
        noticed = decide(frozen, Announce(command.by, posted), moment.now)
        assert not isinstance(noticed, Refusal), "what was frozen now is what is posted"
        return (*decided, *noticed)

    def evolve(self, affair: Plan | None, event: Any) -> Plan:
        return evolve(affair, event)

    def place_of(self, affair: Plan) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Plan | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if wish.command is DraftPlan:
            return {"id": wish.also}
        if wish.command is Finalise and affair is not None:
            return {"hung": await self._hung(affair, moment)}
        return {}

    async def beside(self, happened: Happened[Plan], command: Command, moment: Moment) -> list[Unsent]:
        """A version hangs from the moment it is frozen; a final plan ends its notice's days, and the plan before it."""
        unsent: list[Unsent] = []
        for event in happened.events:
            if isinstance(event, PlanNoticed) and isinstance(command, FreezeVersion):
                unsent += await self._post(happened, event, command, moment)
            if isinstance(event, PlanFinalised):
                unsent += await self._hold(happened, event, moment)
        return unsent

    async def object(self, id: str, said: Said, objection: str, asked: Asked[Plan]) -> Plan:
        """Take an objection; its words are kept beside, where they can be forgotten. Raises 404, 409, 422."""

        async def keep(plan: Plan, session: mongo.Session) -> None:
            await self.texts.keep(id, [said.text], session, said.household)
            if asked.keep is not None:
                await asked.keep(plan, session)

        words = digest_of_text(said.text)
        command = FileObjection(objection, said.by, said.household, words, said.item)
        return await self.take(id, command, replace(asked, keep=keep))

    async def posted(self, place: Place) -> list[Plan]:
        """Plans of a neighbourhood of which a version was posted, and that no other has taken the place of."""
        query = {"community": place.community, "neighbourhood": place.neighbourhood, "stage": {"$ne": OVER}}
        return [each for each in await self.stories.found(query) if each.versions]

    async def final(self, id: str, session: mongo.Session | None = None) -> FinalPlan | None:
        """None for a plan that there is not."""
        plan = await self.stories.one(id, session)
        if plan is None:
            return None
        text = plan.versions[-1] if plan.stage is PlanStage.FINALISED else None
        items = {each.id: each for each in text.text.items} if text else {}
        return FinalPlan(plan.community, plan.neighbourhood, text.digest if text else None, items)

    async def _another(self, command: DraftPlan, moment: Moment) -> Refusal | None:
        """What else there is in its neighbourhood. Two that are drafted at once wait for each other here."""
        where = moment.where
        place = {"_id": f"{where.community}/{where.neighbourhood}"}
        await self._places.update_one(place, {"$inc": {"drafted": 1}}, upsert=True, session=moment.session)
        query = {"community": where.community, "neighbourhood": where.neighbourhood, "stage": {"$ne": OVER}}
        return beside(await self.stories.found(query, session=moment.session), command)

    async def _hung(self, plan: Plan, moment: Moment) -> Hung:
        found = await self.notices.hung(notice_of(plan), moment)
        if found is None:  # the domain says why that is not enough
            return Hung(notice_of(plan), plan.id, "")
        return Hung(found.id, found.subject_id, found.digest, found.days)

    async def _post(
        self, happened: Happened[Plan], event: PlanNoticed, command: FreezeVersion, moment: Moment
    ) -> list[Unsent]:
        plan = happened.after
        if await self.notices.stories.one(event.publicity, moment.session):
            return await self.notices.act(event.publicity, ChangeText(event.by, event.digest), moment, happened.trace)
        prepare = Prepare(
            id=event.publicity,
            by=event.by,
            community=plan.community,
            neighbourhood=plan.neighbourhood,
            subject=Subject.PLAN,
            subject_id=plan.id,
            digest=event.digest,
            buildings=command.buildings,
            rule=rule_for(Subject.PLAN, moment),
        )
        return await self.notices.prepare(prepare, moment, happened.trace)

    async def _hold(self, happened: Happened[Plan], event: PlanFinalised, moment: Moment) -> list[Unsent]:
        unsent: list[Unsent] = []
        notice = await self.notices.stories.one(event.publicity, moment.session)
        if notice is not None and notice.stage is NoticeStage.HANGING:
            unsent += await self.notices.act(event.publicity, Complete(event.by), moment, happened.trace)
        if happened.after.replaces is not None:
            over = Supersede(event.by, happened.after.id)
            unsent += await self.act(happened.after.replaces, over, moment, happened.trace)
        return unsent


def notice_of(plan: Plan) -> str:
    """Every version of a plan hangs by one notice: another text begins its days anew."""
    return f"{plan.id}~notice"
