"""Covenants: drafted, reviewed, adopted by those who may, filed, in force, signed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

import structlog

from linli.application.kit import Kit
from linli.contracts.neighbourhood.covenants import Adopter
from linli.contracts.neighbourhood.covenants_kept import SignedOn
from linli.contracts.neighbourhood.rules import Electorate
from linli.contracts.neighbourhood.votes import Effect, Matter, ResultDeclared
from linli.contracts.neighbourhood.votes_disputed import VoteVoided
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.web.problems import Problem
from neighbourhood.affairs.allowed import party_for
from neighbourhood.affairs.history import History
from neighbourhood.affairs.office import Asked, Decided, Follower, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Happened, Kept
from neighbourhood.affairs.texts import Texts
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.covenant import Covenant, as_kept
from neighbourhood.covenants.domain.deciding import AnyCommand, decide, start
from neighbourhood.covenants.domain.evolving import evolve
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.digests import digest_of_text
from neighbourhood.profiles.days import day_of
from neighbourhood.refusal import Refusal

log = structlog.get_logger()
CovenantsCommand: TypeAlias = commands.StartCovenant | AnyCommand
Follows: TypeAlias = Callable[[Kit[Any], Follower], None]
"""How a follower hears of votes: `main.py` wires it, for neither context knows the other."""

COVENANTS: Kept[Covenant] = Kept(
    collection="covenants",
    kind=Covenant,
    name=lambda covenant: covenant.id,
    found_by=lambda covenant: {
        "community": covenant.community,
        "neighbourhood": covenant.neighbourhood,
        "text": covenant.newest.digest if covenant.newest else None,
        "votes": [each.vote_id for each in covenant.versions if each.vote_id],
    },
)


class Covenants(Office[Covenant, CovenantsCommand]):
    """All covenants. Their texts are kept beside, by hash."""

    def __init__(self, kit: Kit[Any], texts: Texts, history: History) -> None:
        super().__init__(kit, COVENANTS)
        self.texts, self.history = texts, history

    async def decide(self, affair: Covenant | None, command: CovenantsCommand, moment: Moment) -> Decided:
        if isinstance(command, commands.StartCovenant):
            id, decided = command.id, start(command, moment.now)
            draft: commands.DraftCovenant | None = command.draft
        else:
            assert affair is not None, "every other command is to a covenant that there is"
            rules = CovenantRules.of(moment.profile, moment.days)
            decided, id = decide(affair, command, rules, moment.now), affair.id
            draft = command if isinstance(command, commands.DraftCovenant) else None
        if draft is not None and not isinstance(decided, Refusal):
            await self.texts.keep(id, [as_kept(draft.text)], moment.session)
        return decided

    def evolve(self, affair: Covenant | None, event: Any) -> Covenant:
        return evolve(affair, event)

    def place_of(self, affair: Covenant) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Covenant | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if wish.command is commands.StartCovenant:
            id, said = wish.also
            party = party_for(moment.who, wish.for_party, moment.directory)
            return {"id": id, "draft": commands.DraftCovenant(by=moment.who.id, party=party, **said)}
        if wish.command is commands.ReviewCovenant and affair is not None:
            # Of a text that nobody has drafted nothing is known; another one than the newest is refused by its hash.
            return {"text": (await self.texts.of(affair.id, moment.session)).get(wish.also, "—")}
        if wish.command is commands.SignCovenant:
            return {"on": SignedOn.PAPER}
        return {}

    async def comment(self, id: str, command: commands.Comment, words: str, asked: Asked[Covenant]) -> Covenant:
        """What a household says of a text; its words are kept beside. Raises 404, 409, 422."""

        async def keep(covenant: Covenant, session: mongo.Session) -> None:
            await self.texts.keep(id, [words], session, command.household)
            if asked.keep is not None:
                await asked.keep(covenant, session)

        said = replace(command, words_digest=digest_of_text(words))
        return await self.take(id, said, replace(asked, keep=keep))

    def today(self, covenant: Covenant) -> date:
        """The day that it is there."""
        directory = self.communities.place(covenant.community, covenant.neighbourhood)
        return day_of(self.now(), directory.zone)

    async def hear_result(self, happened: Happened[Any], moment: Moment) -> list[Unsent]:
        """What a vote has come to, in its own transaction. A result that adopts nothing here keeps nobody from
        declaring it: why it does not is in the log."""
        unsent: list[Unsent] = []
        for event in happened.events:
            if isinstance(event, ResultDeclared):
                for matter in event.matters:
                    unsent += await self._heard(event, matter, happened, moment)
            if isinstance(event, VoteVoided):
                void = commands.HearVoteVoided(by=event.by, party=None, vote_id=event.vote_id)
                found = await self.stories.found(_of(event) | {"votes": event.vote_id}, session=moment.session)
                unsent += await self._told(found, void, happened, moment)
        return unsent

    async def _heard(
        self, event: ResultDeclared, matter: Matter, happened: Happened[Any], moment: Moment
    ) -> list[Unsent]:
        if matter.rule.electorate is not Electorate.OWNERS or matter.units is not None:
            return []  # some owners' matter; no covenant's
        found = await self.stories.found(_of(event) | {"text": matter.text_sha256}, session=moment.session)
        command = commands.HearResult(
            by=event.by,
            party=None,
            vote_id=event.vote_id,
            matter_id=matter.id,
            electorate=Adopter.OWNERS,
            legal_class=matter.rule.legal_class.value,
            digest=matter.text_sha256,
            passed=any(each.matter == matter.id and each.passed for each in event.count.matters),
            binding=event.effect is Effect.DECISION,
            declared_on=moment.days.day_of(event.at),
        )
        return await self._told(found, command, happened, moment)

    async def _told(
        self, found: Iterable[Covenant], command: AnyCommand, happened: Happened[Any], moment: Moment
    ) -> list[Unsent]:
        unsent: list[Unsent] = []
        for covenant in found:
            try:
                unsent += await self.act(covenant.id, command, moment, happened.trace)
            except Problem as problem:
                why = problem.extra.get("reason")
                log.warning("result_not_heard", correlationid=covenant.id, command=type(command).__name__, reason=why)
        return unsent


def _of(event: ResultDeclared | VoteVoided) -> dict[str, Any]:
    return {"community": event.community, "neighbourhood": event.neighbourhood}
