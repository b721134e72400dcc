"""A deliberation for tests, and what is usually done in it, in order."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.deliberations import (
    Attendee,
    Concern,
    ConcernKind,
    DeliberationEvent,
    Voice,
    VoiceKind,
)
from linli.contracts.neighbourhood.deliberations_parties import Mandate, MayCommit
from linli.contracts.neighbourhood.deliberations_settled import OutcomeResult, OutcomeText, Promise
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deciding import convene, decide
from neighbourhood.deliberations.domain.deliberation import Deliberation, digest_of_words
from neighbourhood.deliberations.domain.evolving import evolve
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.digests import digest_of
from neighbourhood.profiles import qingdao
from neighbourhood.profiles.days import Place
from neighbourhood.refusal import Refusal

QINGDAO = DeliberationRules.of(qingdao.QINGDAO, Place(ZoneInfo("Asia/Shanghai")))
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
Who: TypeAlias = dict[str, Any]
CLERK: Who = {"by": "p-clerk", "party": "community"}
GRID: Who = {"by": "p-grid", "party": "grid-co"}
SYSTEM: Who = {"by": "grid-co", "party": "grid-co"}
CLOCK: Who = {"by": "linli", "party": None}
GRID_CO = Voice(kind=VoiceKind.PARTY, id="grid-co")
WORDING = "六月底前将电表箱迁出消防通道。"
SAYS = Wording(zh="车棚移到 3 号楼北侧，让出消防通道。")
Steps: TypeAlias = tuple[tuple[do.AnyCommand, int], ...]
"""Commands, each with the day on which it comes, counted from the first."""

CONVENE = do.Convene(
    **CLERK,
    id="b-1",
    community="fushan",
    neighbourhood="n-1",
    question=Wording(zh="车棚挡住消防通道，怎么办？"),
    first_day=TODAY + 3 * DAY,
    last_day=TODAY + 5 * DAY,
    concerns=(Concern(kind=ConcernKind.PLAN_ITEM, id="p-1~shed"), Concern(kind=ConcernKind.OBJECTION, id="o-1")),
    taskforce_id="t-1",
)
INVITE = do.InviteParty(
    **CLERK,
    invitation_id="i-1",
    invited="grid-co",
    title="车棚选址协商",
    asks="能否迁移电表箱？",
    answer_by=NOW + 2 * DAY,
)
COMES = do.AnswerInvitation(**GRID, invitation_id="i-1", comes=True)
MAY = Mandate(speaker="p-grid", may=(MayCommit.WORKS, MayCommit.MONEY), most=500_000, until=TODAY + 30 * DAY)
GRANT = do.GrantMandate(**GRID, mandate_id="w-1", of="grid-co", mandate=MAY)
OPEN = do.OpenTalks(**CLOCK)


def home(n: int) -> Voice:
    return Voice(kind=VoiceKind.HOUSEHOLD, id=f"h-{n}")


def own(n: int) -> Who:
    """A household that writes for itself."""
    return {"by": f"h-{n}", "party": None, "voice": home(n), "session_id": None}


def in_room(voice: Voice, session: str = "r-1") -> Who:
    """What the clerk enters of somebody who was there."""
    return {**CLERK, "voice": voice, "session_id": session}


SESSION = do.RecordSession(
    **CLERK,
    session_id="r-1",
    held_at=NOW + 3 * DAY,
    place="社区议事厅",
    present=(*(Attendee(voice=home(n)) for n in (1, 2)), Attendee(voice=GRID_CO, person="p-grid")),
)
PROPOSE = do.MakeProposal(**own(3), proposal_id="q-1", words=digest_of_words("棚移到北侧"))
STATE = do.MakeStatement(**own(3), statement_id="s-1", words=digest_of_words("救护车进不来"), on="q-1")
OFFER = do.OfferCommitment(
    **GRID,
    voice=GRID_CO,
    session_id=None,
    commitment_id="c-1",
    speaker="p-grid",
    words=digest_of_words(WORDING),
    promise=Promise(kind=MayCommit.WORKS, due=TODAY + 90 * DAY, proposal_id="q-1"),
)
ACCEPT = do.AcceptCommitment(**CLERK, commitment_id="c-1")
DRAFT = do.DraftOutcome(**CLERK, result=OutcomeResult.AGREED, proposals=("q-1",), says=SAYS)
DIGEST = digest_of((OutcomeText(deliberation_id="b-1", result=OutcomeResult.AGREED, proposals=("q-1",), says=SAYS),))
CONCLUDE = do.Conclude(**CLERK, digest=DIGEST)
PUBLISH = do.Publish(**CLERK)
INVITED: Steps = ((INVITE, 0), (COMES, 1), (GRANT, 1))
OPENED: Steps = (*INVITED, (OPEN, 3))
TALKED: Steps = (*OPENED, (SESSION, 3), (PROPOSE, 3), (STATE, 4))
COMMITTED: Steps = (*TALKED, (OFFER, 4), (ACCEPT, 4))
CONCLUDED: Steps = (*COMMITTED, (DRAFT, 4), (CONCLUDE, 6))
PUBLISHED: Steps = (*CONCLUDED, (PUBLISH, 6))


def support(n: int, proposal: str = "q-1") -> do.SupportProposal:
    return do.SupportProposal(**own(n), proposal_id=proposal)


def dissent(n: int, statement: str | None = None) -> do.DissentFrom:
    return do.DissentFrom(**own(n), digest=DIGEST, statement_id=statement)


def convened(command: do.Convene = CONVENE) -> Deliberation:
    event = convene(command, QINGDAO, NOW)
    assert not isinstance(event, Refusal), event
    return evolve(None, event)


def told(deliberation: Deliberation, *steps: tuple[do.AnyCommand, int]) -> tuple[Deliberation, list[DeliberationEvent]]:
    """The deliberation after all of them, none of which may be refused, and their events."""
    events: list[DeliberationEvent] = []
    for command, day in steps:
        event = decide(deliberation, command, QINGDAO, NOW + day * DAY)
        assert not isinstance(event, Refusal), (command, event)
        deliberation = evolve(deliberation, event)
        events.append(event)
    return deliberation, events


def after(*steps: tuple[do.AnyCommand, int]) -> Deliberation:
    return told(convened(), *steps)[0]


def refusal(deliberation: Deliberation, command: do.AnyCommand, day: int = 4) -> str:
    """The slug of why it is refused on that day; empty where it is not."""
    outcome = decide(deliberation, command, QINGDAO, NOW + day * DAY)
    return outcome.slug if isinstance(outcome, Refusal) else ""
