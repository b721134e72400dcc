"""Deliberations: convened on a question, talked over in a room and online, concluded with whoever is against it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from uuid_utils import uuid7

from linli.application.kit import Kit
from linli.contracts.neighbourhood.deliberations import ProposalMade, Voice, VoiceKind
from linli.contracts.neighbourhood.deliberations_settled import CommitmentAccepted
from linli.messaging.outbox import Unsent
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from neighbourhood.affairs.allowed import holds, leads, stands_for
from neighbourhood.affairs.history import History
from neighbourhood.affairs.office import Asked, Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Happened, Kept
from neighbourhood.affairs.texts import Texts
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deciding import convene, decide
from neighbourhood.deliberations.domain.deliberation import Deliberation, as_kept, digest_of_words
from neighbourhood.deliberations.domain.evolving import evolve
from neighbourhood.deliberations.domain.inviting import NO_LETTER
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.telling import NOT_THEIRS
from neighbourhood.deliberations.unnamed import unnamed
from neighbourhood.refusal import Refusal, refused

Command: TypeAlias = do.Convene | do.AnyCommand
DELIBERATIONS: Kept[Deliberation] = Kept(
    collection="deliberations",
    kind=Deliberation,
    name=lambda deliberation: deliberation.id,
    found_by=lambda deliberation: {
        "community": deliberation.community,
        "neighbourhood": deliberation.neighbourhood,
        "stage": deliberation.state.value,
        "invited": sorted({each.party for each in deliberation.invitations.values()}),
        "invitations": sorted(deliberation.invitations),
    },
)
MADE: Mapping[type, str] = {
    do.InviteParty: "invitation_id",
    do.GrantMandate: "mandate_id",
    do.RecordSession: "session_id",
    do.MakeStatement: "statement_id",
    do.MakeProposal: "proposal_id",
    do.OfferCommitment: "commitment_id",
}
"""Ids that a request may say, or leave to the service."""
ALWAYS_MADE = frozenset({do.InviteParty, do.OfferCommitment, do.MakeStatement, do.MakeProposal})
"""Other services or contexts know these by the id alone; and who chose the id that a party's words in its case have
later could let them be turned away."""
IN_WORDS = frozenset({do.AnswerInvitation, do.MakeStatement, do.MakeProposal, do.OfferCommitment})
"""What is said in words: they are kept beside, and the command has their hash."""
_NO_PARTY = refused("unknown_party", "There is no such party here.", "本街道没有这个单位。", "/invited")


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment that was taken up, for whoever keeps what is owed."""

    commitment: str
    taskforce: str
    owner: str
    due: date
    words: str


Assign: TypeAlias = Callable[[Promised, Moment, str | None], Awaitable[list[Unsent]]]
"""Makes an action of it, in the same transaction. Raises what that is refused for."""


class Deliberations(Office[Deliberation, Command]):
    """What people say is kept beside; a deliberation has the hashes."""

    def __init__(self, kit: Kit[Any], texts: Texts, history: History, assign: Assign) -> None:
        super().__init__(kit, DELIBERATIONS)
        self.texts, self._history, self._assign = texts, history, assign
        self.followed_by(self._owed)

    async def decide(self, affair: Deliberation | None, command: Command, moment: Moment) -> Decided:
        rules = DeliberationRules.of(moment.profile, moment.days)
        if isinstance(command, do.Convene):
            return () if affair else convene(command, rules, moment.now)
        assert affair is not None, "only convening makes a deliberation"
        return _not_for_them(command, moment) or decide(affair, command, rules, moment.now)

    def evolve(self, affair: Deliberation | None, event: Any) -> Deliberation:
        return evolve(affair, event)

    def place_of(self, affair: Deliberation) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Deliberation | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        also: Mapping[str, Any] = wish.also or {}
        filled: dict[str, Any] = {}
        if wish.command is do.Convene:
            filled["id"] = also["id"]
        if wish.command in MADE:
            filled[MADE[wish.command]] = also.get(MADE[wish.command]) or str(uuid7())
        if wish.command in IN_WORDS and affair is not None and (said := also.get("words")) is not None:
            voice = wish.said.get("voice")
            household = voice.id if voice is not None and voice.kind is VoiceKind.HOUSEHOLD else None
            await self.texts.keep(affair.id, [as_kept(said)], moment.session, household)
            filled["words"] = digest_of_words(said)
        return filled

    def shown_to(self, who: Principal, affair: Deliberation) -> Mapping[str, Any]:
        whole = self.whole(affair)
        return whole if self.knows_households(who, affair) else unnamed(whole)

    def knows_households(self, who: Principal, affair: Deliberation) -> bool:
        """Whether somebody sees which household said something: who leads the place, and who looks into everything."""
        if who.role is not Role.PARTY:
            return who.role in {Role.OPERATOR, Role.AUDITOR}
        return holds(who, self.communities.place(affair.community, affair.neighbourhood))

    async def say(self, id: str, command: do.AnyCommand, words: str | None, asked: Asked[Deliberation]) -> Deliberation:
        """What a household does itself; its words are kept as its own."""

        async def keep(after: Deliberation, session: mongo.Session) -> None:
            if words is not None:
                await self.texts.keep(id, [as_kept(words)], session, command.by)
            if asked.keep is not None:
                await asked.keep(after, session)

        return await self.take(id, command, Asked(asked.who, asked.version, asked.trace, keep))

    async def proposed(self, id: str) -> Mapping[str, str]:
        """What was proposed, in words, by id; what was taken away is missing."""
        texts = await self.texts.of(id)
        told = [each for each in await self._history.of(id) if isinstance(each, ProposalMade)]
        return {each.proposal_id: text for each in told if (text := texts.get(each.said.words_digest))}

    async def _owed(self, happened: Happened[Deliberation], moment: Moment) -> list[Unsent]:
        unsent: list[Unsent] = []
        for event in happened.events:
            if isinstance(event, CommitmentAccepted):
                words = (await self.texts.of(happened.after.id, moment.session)).get(event.words_digest, "")
                promised = Promised(event.commitment_id, event.taskforce_id, event.owner, event.due, words)
                unsent += await self._assign(promised, moment, happened.trace)
        return unsent


def _not_for_them(command: do.AnyCommand, moment: Moment) -> Refusal | None:
    """What only the place's own data and the key of who asks can tell. Raises 403."""
    match command:
        case do.Utterance(session_id=str()):
            leads(moment.who, moment.directory)  # what was said in a room is entered by who leads
        case do.Utterance(voice=Voice(kind=VoiceKind.HOUSEHOLD)) if command.by == moment.who.id:
            return NOT_THEIRS  # the id of a key is no household's: those have codes
        case do.GrantMandate():
            stands_for(moment.who, command.of, moment.directory)
            if moment.who.party != command.of and command.letter is None:
                return NO_LETTER  # also where it is entered as done by the party
        case do.InviteParty() if command.invited not in moment.directory.parties:
            return _NO_PARTY
    return None
