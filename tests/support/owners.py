"""A neighbourhood of owners who vote: the 48 units of the demo, and a vote that is led from step to step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from linli.contracts.base import Event
from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.profile import RuleProfile
from linli.contracts.neighbourhood.register import AreaFrom, Entry
from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, VoteCount, VoteEvent
from neighbourhood.profiles.days import Place
from neighbourhood.profiles.qingdao import QINGDAO
from neighbourhood.refusal import Refusal
from neighbourhood.votes.domain import ballot as ballots
from neighbourhood.votes.domain import voting
from neighbourhood.votes.domain.ballot import Ballot, BallotCommand, DeliverBallot, OwnersBallot, RecordBallot
from neighbourhood.votes.domain.commands import (
    CertifyCount,
    CloseVote,
    DeclareResult,
    MatterWanted,
    OpenVote,
    PostNotice,
    PrepareVote,
    PublishResult,
    VoteCommand,
)
from neighbourhood.votes.domain.holding import decide
from neighbourhood.votes.domain.recount import Told, count_of
from neighbourhood.votes.domain.snapshot import Snapshot, frozen
from neighbourhood.votes.domain.vote import Vote, evolve
from tests.support.builders import ZONE

NOTICED = datetime(2026, 3, 2, 9, tzinfo=ZONE)
OPENED = datetime(2026, 3, 17, 8, tzinfo=ZONE)
CLOSES = OPENED + timedelta(days=7)
HASH = sha256(b"a scan").hexdigest()
NONCE = "0f" * 32
TEXTS = {"a": "在 3 号楼东侧空地建电动车棚", "b": "通过《管理规约》第二版"}
MATTERS = (
    MatterWanted("a", TEXTS["a"], LegalClass.COMMON_PARTS),
    MatterWanted("b", TEXTS["b"], LegalClass.COVENANT),
)
EVERY_WAY = frozenset(BallotChannel)
APPROVE, OPPOSE, ABSTAIN = Choice.APPROVE, Choice.OPPOSE, Choice.ABSTAIN


def is_working_day(day: date) -> bool:
    return day.weekday() < 5


PLACE = Place(ZONE, is_working_day)


def entry(unit: str, owner: str, area: int = 60_00, stairwell: str = "3-1") -> Entry:
    return Entry(unit=unit, stairwell=stairwell, area=area, area_from=AreaFrom.REGISTRY, owner=owner)


def demo_entries() -> list[Entry]:
    """48 units of 60 ㎡; `o1` has three of them, 45 others one each."""
    owners = ["o1", "o1", "o1", *(f"o{number}" for number in range(2, 47))]
    return [entry(f"u{at:02}", owner, stairwell=f"3-{1 + at // 12}") for at, owner in enumerate(owners)]


def demo_register() -> Snapshot:
    return frozen("s-1", demo_entries())


def happened(outcome: Sequence[Event] | Refusal) -> Sequence[Event]:
    assert not isinstance(outcome, Refusal), outcome
    return outcome


def why(outcome: Sequence[Event] | Refusal) -> str:
    """The slug of a refusal."""
    assert isinstance(outcome, Refusal), outcome
    assert outcome.why and outcome.why.chinese
    return outcome.slug


class Held:
    """A vote with its owners' ballots, its events and its box, as the store would keep them."""

    def __init__(self, snapshot: Snapshot | None = None, profile: RuleProfile = QINGDAO) -> None:
        self.snapshot = snapshot or demo_register()
        self.profile = profile
        self.vote = Vote("v-1", "fushan-road", "yard-3")
        self.events: list[VoteEvent] = []
        self.ballots: dict[str, OwnersBallot] = {}
        self.told: list[Told] = []
        self.box: dict[str, Ballot] = {}
        self.now = NOTICED

    def ask(self, command: VoteCommand) -> tuple[VoteEvent, ...] | Refusal:
        return decide(self.vote, command, self.snapshot, self.profile, PLACE, self.now)

    def do(self, command: VoteCommand) -> None:
        outcome = self.ask(command)
        assert not isinstance(outcome, Refusal), outcome
        for event in outcome:
            self.events.append(event)
            self.vote = evolve(self.vote, event)

    def prepared(
        self, matters: tuple[MatterWanted, ...] = MATTERS, channels: frozenset[BallotChannel] = EVERY_WAY
    ) -> "Held":
        self.do(PrepareVote("officer", "s-1", matters, channels, frozenset({"t1", "t2"})))
        return self

    def noticed(self) -> "Held":
        self.now = NOTICED
        self.do(PostNotice("officer"))
        return self

    def opened(self, texts: Mapping[str, str] | None = None) -> "Held":
        self.now = OPENED
        self.do(OpenVote("officer", CLOSES, TEXTS if texts is None else texts))
        return self

    def closed(self) -> "Held":
        self.now = CLOSES
        self.do(CloseVote("linli"))
        return self

    def counted(self) -> "Held":
        for teller in ("t1", "t2"):
            self.do(CertifyCount(teller, self.count(), self.count()))
        return self

    def published(self) -> "Held":
        self.do(DeclareResult("officer"))
        self.now += timedelta(days=2)
        self.do(PublishResult("officer"))
        return self

    def count(self) -> VoteCount:
        return count_of(self.vote, self.snapshot, self.ballots.values(), self.box)

    def of(self, owner: str) -> OwnersBallot:
        return self.ballots.get(owner) or OwnersBallot(self.vote.id, owner, "fushan-road", "yard-3")

    def try_ballot(self, owner: str, command: BallotCommand) -> Sequence[Event] | Refusal:
        return voting.decide(self.of(owner), command, self.vote, self.snapshot, self.now)

    def do_ballot(self, owner: str, command: BallotCommand) -> None:
        outcome = voting.decide(self.of(owner), command, self.vote, self.snapshot, self.now)
        assert not isinstance(outcome, Refusal), outcome
        for event in outcome:
            self.ballots[owner] = ballots.evolve(self.of(owner), event)
            self.told.append(Told(self.ballots[owner].version, event))
        if isinstance(command, RecordBallot) and outcome:
            self.box[command.ballot.id] = command.ballot

    def paper(self, owner: str, choices: Mapping[str, Choice], id: str | None = None) -> RecordBallot:
        ballot = Ballot(id or f"b-{owner}", self.vote.id, owner, choices, NONCE)
        return RecordBallot("clerk", ballot, BallotChannel.PAPER, self.now, scan=HASH)

    def online(self, owner: str, choices: Mapping[str, Choice], id: str | None = None) -> RecordBallot:
        ballot = Ballot(id or f"w-{owner}", self.vote.id, owner, choices, NONCE)
        return RecordBallot(owner, ballot, BallotChannel.CODE, self.now, issue=self.of(owner).issue)

    def by_proxy(self, owner: str, agent: str, choices: Mapping[str, Choice]) -> RecordBallot:
        ballot = Ballot(f"p-{owner}", self.vote.id, owner, choices, NONCE)
        return RecordBallot("clerk", ballot, BallotChannel.PROXY, self.now, agent=agent, scan=HASH)

    def delivered(self, *owners: str) -> "Held":
        for owner in owners:
            self.do_ballot(owner, DeliverBallot("clerk"))
        return self

    def papers(self, owners: Iterable[str], **choices: Choice) -> "Held":
        for owner in owners:
            self.do_ballot(owner, self.paper(owner, choices))
        return self


def people(first: int, last: int) -> list[str]:
    """`o2` to `o9`, both included."""
    return [f"o{number}" for number in range(first, last + 1)]
