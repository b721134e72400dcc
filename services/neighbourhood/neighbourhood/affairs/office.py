"""What people do with affairs of one kind: load, decide, save, in one transaction."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

import orjson
import structlog

from linli.application.kit import Kit
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.neighbourhood.profile import NoRule, RuleProfile
from linli.messaging.outbox import Unsent
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.problems import Problem, not_found
from neighbourhood.affairs.allowed import holds, in_its_place, leads, party_for, same_version
from neighbourhood.affairs.problems import CANNOT, broken, problem_of, too_large
from neighbourhood.affairs.stories import Happened, Kept, Stories, Versioned
from neighbourhood.communities.domain.directory import Directory
from neighbourhood.communities.known import Communities
from neighbourhood.profiles.choosing import profile_for
from neighbourhood.profiles.days import Place as Days
from neighbourhood.profiles.qingdao import PROFILES
from neighbourhood.refusal import Refusal

log = structlog.get_logger()
A = TypeVar("A", bound=Versioned)
C = TypeVar("C")
T = TypeVar("T")
Decided: TypeAlias = Affair | Sequence[Affair] | Refusal
"""What a domain answers to a command: its events, none where it is so already, or why not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an affair is."""

    community: str
    neighbourhood: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What a decision stands on beside the affair itself. Whatever else it needs is read with `session`."""

    now: datetime
    where: Place
    directory: Directory
    who: Principal
    session: mongo.Session

    @property
    def days(self) -> Days:
        """How days are counted there."""
        return Days(self.directory.zone, self.directory.is_working_day)

    @property
    def profile(self) -> RuleProfile:
        """The rules that hold there today, of which a context takes its own. Raises `NoRule`."""
        today = self.days.day_of(self.now)
        return profile_for(PROFILES, self.where.community, self.where.neighbourhood, today)


@dataclass(frozen=True, slots=True)
class Asked(Generic[A]):
    """What stands around a command: who gives it, which version they have read, what is kept together with it."""

    who: Principal
    version: int | None = None
    trace: str | None = None
    keep: Callable[[A, mongo.Session], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A command as a request has it: without what the service knows itself."""

    command: type
    said: Mapping[str, Any]
    for_party: str | None = None
    by_the_office: bool = True
    """Only nodes of the tree and operators give it; else the domain says whose it is."""
    also: Any = None
    """What a request says that is no field of the command, for `Office.completed`."""


Follower: TypeAlias = Callable[[Happened[Any], Moment], Awaitable[list[Unsent]]]
"""Does in the same transaction what another context makes of it; it may run again from the start."""


class Office(ABC, Generic[A, C]):
    """Affairs of one kind, and the commands to them."""

    def __init__(self, kit: Kit[Any], kept: Kept[A]) -> None:
        self.stories: Stories[A] = Stories(kit.database, kit.events, kept)
        self.now, self._transactions = kit.clock.now, kit.transactions
        self.communities = kit.given(Communities)
        self._followers: list[Follower] = []

    @abstractmethod
    async def decide(self, affair: A | None, command: C, moment: Moment) -> Decided:
        """The domain's answer, with what it needs beside the affair read in `moment.session`."""

    @abstractmethod
    def evolve(self, affair: A | None, event: Any) -> A:
        """The affair after an event."""

    @abstractmethod
    def place_of(self, affair: A) -> Place: ...

    async def completed(self, affair: A | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        """What the service itself fills into a command, by field: texts that are kept beside, what a count finds."""
        return {}

    async def beside(self, happened: Happened[A], command: C, moment: Moment) -> list[Unsent]:
        """What a command does to other affairs, in its transaction, once its own events are kept."""
        return []

    def next_look(self, affair: A, moment: Moment) -> datetime | None:
        """When the clock has something to say of an affair, if nothing happens to it before; at once, where that time
        is over. Asked where `Timer.watch` was told of the office; `decide` then answers a `Tick`. Raises `NoRule`."""
        return None

    def followed_by(self, follow: Follower) -> None:
        """Let a later context do its part in the transaction of every change."""
        self._followers.append(follow)

    # Commands --------------------------------------------------------------------------------------------------------

    async def begin(self, id: str, place: Place, command: C | Wish, asked: Asked[A], blank: A | None = None) -> A:
        """A new affair. The same command again finds it as it is. Raises 409, 422, 503."""
        return await self._take(id, command, asked, place=place, blank=blank)

    async def take(self, id: str, command: C | Wish, asked: Asked[A]) -> A:
        """The affair after a command. Raises 403, 404, 409 (it cannot be done as things stand), 412, 422."""
        return await self._take(id, command, asked)

    async def act(self, id: str, command: C, moment: Moment, trace: str | None = None) -> list[Unsent]:
        """The same within another affair's transaction, as its follower. Raises what the command is refused for."""
        affair = await self.stories.one(id, moment.session)
        if affair is None:
            raise not_found("affair")
        return (await self._changed(affair, command, moment, trace))[1]

    async def start(self, command: C, moment: Moment, trace: str | None = None) -> list[Unsent]:
        """A new affair within another's transaction, as its follower. Raises what the command is refused for."""
        return (await self._changed(None, command, moment, trace))[1]

    async def once(self, work: Callable[[mongo.Session], Awaitable[T]]) -> T:
        """What is written beside affairs and told to nobody, in one transaction."""

        async def quietly(session: mongo.Session) -> tuple[T, list[Unsent]]:
            return await work(session), []

        return await self._transactions.run(quietly)

    async def seen(self, id: str, who: Principal) -> A:
        """An affair that somebody may look at. Raises 404."""
        affair = await self.stories.one(id)
        if affair is None:
            raise not_found("affair")
        in_its_place(who, self.place_of(affair).community, id)
        return affair

    async def led(self, id: str, who: Principal) -> A:
        """The same for who holds it: the office and the nodes of the tree, and no company there. Raises 403, 404."""
        affair = await self.seen(id, who)
        place = self.place_of(affair)
        leads(who, self.communities.place(place.community, place.neighbourhood))
        return affair

    def holds(self, affair: A, who: Principal) -> bool:
        """Whether they hold it: then they see the ids of households and owners that its state has."""
        place = self.place_of(affair)
        return who.role is not Role.PARTY or holds(who, self.communities.place(place.community, place.neighbourhood))

    async def concerning(self, id: str, who: Principal, parties: Callable[[A], Iterable[str | None]]) -> A:
        """The same for who has a part in it as well: those whom an affair names as its parties. Raises 403, 404."""
        affair = await self.seen(id, who)
        if who.party is not None and who.party in set(parties(affair)):
            return affair
        return await self.led(id, who)

    async def of_place(self, who: Principal, place: Place, limit: int = 500) -> list[A]:
        """A neighbourhood's affairs, the oldest first. Raises 404 for a party of another community."""
        in_its_place(who, place.community, place.neighbourhood)
        query = {"community": place.community, "neighbourhood": place.neighbourhood}
        return await self.stories.found(query, limit)

    def moment(self, where: Place, who: Principal, session: mongo.Session) -> Moment:
        """What stands around a decision now. Raises 422 for a place that there is not, 503 before any is known."""
        return Moment(self.now(), where, self.communities.place(where.community, where.neighbourhood), who, session)

    def whole(self, affair: A) -> Mapping[str, Any]:
        """All that is kept of an affair's state, for staff: ids and hashes, nobody's words."""
        return orjson.loads(self.stories.written.dump_json(affair))  # type: ignore[no-any-return]

    def shown_to(self, who: Principal, affair: A) -> Mapping[str, Any]:
        """What somebody who may look at an affair sees of it."""
        return self.whole(affair)

    # ----------------------------------------------------------------------------------------------------------------

    async def _take(
        self, id: str, command: C | Wish, asked: Asked[A], place: Place | None = None, blank: A | None = None
    ) -> A:
        async def work(session: mongo.Session) -> tuple[A, list[Unsent]]:
            affair = await self.stories.one(id, session)
            if affair is None and place is None:
                raise not_found("affair")
            where = self.place_of(affair) if affair else place
            assert where is not None, "a new affair has a place"
            in_its_place(asked.who, where.community, id)
            moment = self.moment(where, asked.who, session)
            if affair is not None and asked.version is not None:
                same_version(affair.version, asked.version)
            after, unsent = await self._changed(affair, command, moment, asked.trace, blank)
            if asked.keep is not None:
                await asked.keep(after, session)
            return after, unsent

        after = await self._transactions.run(work)
        what = command.command if isinstance(command, Wish) else type(command)
        log.info("taken", correlationid=id, command=what.__name__, version=after.version)
        return after

    async def _changed(
        self, affair: A | None, command: C | Wish, moment: Moment, trace: str | None, blank: A | None = None
    ) -> tuple[A, list[Unsent]]:
        try:
            given = await self._made(affair, command, moment) if isinstance(command, Wish) else command
            decided = await self.decide(affair or blank, given, moment)
        except CANNOT as error:
            raise broken(error) from None
        except NoRule as error:
            raise Problem("not_allowed", 409, str(error), reason="no-rule") from None
        if isinstance(decided, Refusal):
            raise problem_of(decided, affair.version if affair else None)
        events = [decided] if isinstance(decided, Affair) else list(decided)
        if problem := too_large(events):
            raise problem
        after = self._after(affair or blank, events)
        if after is None:
            raise Problem("not_allowed", 409, "Nothing comes of it.")
        happened = Happened(affair, after, events, trace)
        if not events:
            return after, []
        unsent = await self.stories.save([happened], moment.now, moment.session)
        unsent += await self.beside(happened, given, moment)
        for follow in self._followers:
            unsent += await follow(happened, moment)
        return after, unsent

    async def _made(self, affair: A | None, wish: Wish, moment: Moment) -> C:
        if wish.by_the_office:
            leads(moment.who, moment.directory)
        by = {"by": moment.who.id, "party": party_for(moment.who, wish.for_party, moment.directory)}
        names = {each.name for each in fields(wish.command)}
        known = {name: value for name, value in by.items() if name in names}
        return wish.command(**wish.said, **known, **await self.completed(affair, wish, moment))  # type: ignore[no-any-return]

    def _after(self, affair: A | None, events: Iterable[Affair]) -> A | None:
        for event in events:
            affair = self.evolve(affair, event)
        return affair
