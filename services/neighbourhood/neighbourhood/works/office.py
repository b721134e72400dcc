"""Work packages and clearings: what people do with them, with their photos and texts kept beside."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, time
from typing import Any, TypeAlias, TypeVar

from linli.application.kit import Kit
from linli.contracts.neighbourhood.works_checked import RoundKind
from linli.messaging.outbox import Unsent
from linli.security.permissions import Role
from linli.storage import mongo
from neighbourhood.affairs.allowed import leads
from neighbourhood.affairs.office import Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Kept
from neighbourhood.affairs.texts import Texts
from neighbourhood.affairs.timer import Tick
from neighbourhood.refusal import Refusal, refused
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.clearing import AnyClearing, Clearing, FindStructure, evolve_clearing
from neighbourhood.works.domain.clearing_deciding import decide_clearing, find
from neighbourhood.works.domain.deciding import AnyCommand, decide, open_package, tick
from neighbourhood.works.domain.evolving import evolve
from neighbourhood.works.domain.package import Package
from neighbourhood.works.domain.planned import PlannedItems, against
from neighbourhood.works.domain.rules import WorksRules
from neighbourhood.works.domain.warranties import next_reminder
from neighbourhood.works.photos import SitePhotos
from neighbourhood.works.representatives import Representatives

T = TypeVar("T")
MORNING = time(8)
"""When somebody is reminded: of the day, in the place's zone."""
FindPlan: TypeAlias = Callable[[str, mongo.Session], Awaitable[PlannedItems | None]]
"""A plan by its id, as works need to know it, read in the transaction that opens a package of it."""
WorksCommand: TypeAlias = commands.OpenPackage | AnyCommand | Tick
ClearingsCommand: TypeAlias = FindStructure | AnyClearing

PACKAGES: Kept[Package] = Kept(
    collection="work_packages",
    kind=Package,
    name=lambda package: package.id,
    found_by=lambda package: {
        "community": package.community,
        "neighbourhood": package.neighbourhood,
        "stage": package.state.value,
    },
)
CLEARINGS: Kept[Clearing] = Kept(
    collection="clearings",
    kind=Clearing,
    name=lambda clearing: clearing.id,
    found_by=lambda clearing: {
        "community": clearing.community,
        "neighbourhood": clearing.neighbourhood,
        "stage": clearing.state.value,
    },
)


class Works(Office[Package, WorksCommand]):
    """All work packages."""

    def __init__(
        self, kit: Kit[Any], photos: SitePhotos, texts: Texts, people: Representatives, plan: FindPlan
    ) -> None:
        super().__init__(kit, PACKAGES)
        self.photos, self.texts, self.representatives, self._plan = photos, texts, people, plan

    async def decide(self, affair: Package | None, command: WorksCommand, moment: Moment) -> Decided:
        rules = WorksRules.of(moment.profile, moment.days)
        if isinstance(command, commands.OpenPackage):
            if refusal := against(await self._plan(command.plan_id, moment.session), command):
                return refusal
            return open_package(command, rules, moment.now)
        assert affair is not None, "every other command is to a package that there is"
        if isinstance(command, Tick):
            return list(tick(affair, rules, moment.now))
        if isinstance(command, commands.RecordSupervision) and command.kind is RoundKind.RESIDENTS:
            leads(moment.who, moment.directory)  # residents have no key: the grid or the community records their round
        if isinstance(command, commands.ReportDefect) and moment.who.party not in affair.parties:
            leads(moment.who, moment.directory)  # a company that is not of the site holds no acceptance up
        if isinstance(command, commands.HoldGate) and (refusal := await self._unknown(affair, command, moment)):
            return refusal
        decided = decide(affair, command, rules, moment.now)
        if said := _said(command):
            person = moment.who.id if moment.who.role is Role.RESIDENT else None
            await self.texts.keep(affair.id, said, moment.session, person)
        return decided

    def evolve(self, affair: Package | None, event: Any) -> Package:
        return evolve(affair, event)

    def place_of(self, affair: Package) -> Place:
        return Place(affair.community, affair.neighbourhood)

    def next_look(self, affair: Package, moment: Moment) -> datetime | None:
        """In the morning of the day on which somebody is to be reminded."""
        rules = WorksRules.of(moment.profile, moment.days)
        day = next_reminder(affair, rules, moment.days.day_of(moment.now))
        return datetime.combine(day, MORNING, moment.days.zone) if day else None

    async def together(self, work: Callable[[mongo.Session], Coroutine[Any, Any, tuple[T, Sequence[Unsent]]]]) -> T:
        """Write what stands beside packages in one transaction."""
        return await self._transactions.run(work)

    async def _unknown(self, package: Package, command: commands.HoldGate, moment: Moment) -> Refusal | None:
        """The gate is held by those who were named for it, and by nobody whom the office thinks of."""
        known = await self.representatives.of(package.id, moment.session)
        if unknown := [each for each in command.representatives if each not in known]:
            said, chinese = "{id} is no representative of this package.", "{id} 不是本工程的居民代表。"
            return refused("unknown_representative", said, chinese, "/representatives", id=unknown[0])
        return None

    async def completed(self, affair: Package | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if wish.command is commands.OpenPackage:
            return {"plan_checked": True}
        return await photos_of(self.photos, affair.id if affair else "", wish, moment)


class Clearings(Office[Clearing, ClearingsCommand]):
    """All clearings of illegal structures."""

    def __init__(self, kit: Kit[Any], photos: SitePhotos) -> None:
        super().__init__(kit, CLEARINGS)
        self.photos = photos

    async def decide(self, affair: Clearing | None, command: ClearingsCommand, moment: Moment) -> Decided:
        if isinstance(command, FindStructure):
            return find(command, moment.now)
        assert affair is not None, "every other command is to a clearing that there is"
        return decide_clearing(affair, command, WorksRules.of(moment.profile, moment.days), moment.now)

    def evolve(self, affair: Clearing | None, event: Any) -> Clearing:
        return evolve_clearing(affair, event)

    def place_of(self, affair: Clearing) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Clearing | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        return await photos_of(self.photos, affair.id if affair else str(wish.said["id"]), wish, moment)


async def photos_of(photos: SitePhotos, affair: str, wish: Wish, moment: Moment) -> Mapping[str, Any]:
    """The photos that a request names by hash, by the command's fields. Raises 422 for one that there is not."""
    named: Mapping[str, Any] = wish.also or {}
    where, session = moment.where, moment.session
    return {field: await photos.named(where, affair, field, named[field], session) for field in named}


def _said(command: WorksCommand) -> list[str]:
    """What a command says that may be a resident's words: kept beside, its hash told."""
    match command:
        case commands.ReportDefect():
            return [command.what]
        case commands.RecordSupervision(note=str(said)):
            return [said]
        case commands.HoldGate(remark=str(said)) | commands.SayAtGate(remark=str(said)):
            return [said]
        case _:
            return []
