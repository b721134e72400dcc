"""Workflow's events: the history of a case. Topic `linli.cases`, key: case id, in order of `sequence`.

Every event has what a reader needs to act on it without others: the reporter, the matter, the responsible party.
"""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from linli.contracts.base import Event, Record, Scope, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.neighbourhood.deliberations_settled import Promise
from linli.contracts.topics import Topic
from linli.contracts.workflow.community import Level


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # 受理, for the moment between opening and routing
    TRIAGE = "triage"  # 待分派
    DISPATCHED = "dispatched"  # 已派单
    ACCEPTED = "accepted"  # 办理中
    RETURNED = "returned"  # 已退单
    RESOLVED = "resolved"  # 已办结
    CLOSED = "closed"  # 已结案
    WITHDRAWN = "withdrawn"  # 已撤回


class Deadline(StrEnum):
    """What a responsible party owes by a certain time."""

    ACCEPT = "accept"
    """To take the case on, or to decide where it goes."""
    ANSWER = "answer"
    """A first answer to the reporter."""
    RESOLVE = "resolve"
    DECIDE = "decide"
    """To say what becomes of a resident's request to reopen the case."""
    LEVEL = "level"
    """The time that a level of the tree has once a case has reached it."""


class Waiting(StrEnum):
    """What a paused case waits for."""

    RESIDENT = "resident"
    PART = "part"
    VOTE = "vote"
    OTHER = "other"


OwnWords = Literal["title", "place", "location"]
"""What of a case is in its reporter's words until staff put it right."""


CASES = Topic(name="cases", key="case id")
"""The story of each case."""


class CaseEvent(Event):
    """What is common to every event of a case; `state` and `party` are those after the event."""

    WORDS = frozenset({"title", "reported_title", "message", "resident_id"})
    STAFF_WORDS = frozenset({"message"})
    SOURCE = "linli/workflow"
    TOPIC = CASES

    case_id: str
    community: Slug
    kind: Kind
    title: str
    neighbourhood: Slug | None = None
    category: Slug | None = None
    state: CaseState
    party: Slug | None = None
    """Who is responsible now."""
    resident_id: str | None = None
    language: Language = Language.ZH
    """The reporter's."""
    by: str
    """Who did it: a party id, `resident`, `operator` or `linli` for a rule."""
    message: str | None = None
    merged_into: str | None = None
    """Set where this is a step of another case, told here because the reporter of this one waits for it too."""
    put_right: tuple[OwnWords, ...] | None = None
    """Which of them staff have put right: what is said of them here is not the reporter's."""
    reported_title: str | None = None
    """What its reporter calls it, where staff have put the title right: letters to the reporter say that."""

    def staff_words(self) -> frozenset[str]:
        """Including the fields that staff corrected, as far as the event has them."""
        return self.words_of_staff() | self.WORDS.intersection(self.put_right or ())

    def words_of_staff(self) -> frozenset[str]:
        """The fields that staff wrote in this step."""
        return self.STAFF_WORDS

    @property
    def story(self) -> str:
        return self.case_id


class CaseOpened(CaseEvent):
    """A submission became a case."""

    TYPE: ClassVar[str] = "linli.case.opened.v1"
    WORDS = CaseEvent.WORDS | {"tracking_hash"}

    channel: Channel
    tracking_hash: str
    """What the tracking code comes to; of a part, for which there is none, what no code comes to."""
    submitted_at: AwareDatetime
    part_of: str | None = None
    """The case that it was split from."""


class CaseDispatched(CaseEvent):
    """A party became responsible, by a rule or by a person's decision."""

    TYPE: ClassVar[str] = "linli.case.dispatched.v1"
    WORDS = CaseEvent.WORDS | {"text", "place", "location", "external_id"}

    text: str = ""
    place: str | None = None
    location: Point | None = None
    rule: Slug | None = None
    community_version: int | None = None
    submitted_at: AwareDatetime | None = None
    """When it was said: of a call, when that was made. Absent from what older versions wrote."""
    external_id: str | None = None
    """What it is called outside: a hotline's own number. Absent where it would lead to a person."""
    previous: Slug | None = None
    """The party that was responsible before, when a person moved the case."""
    binding: bool = False
    """It was sent back after a return: the party cannot return it again."""
    accept_by: AwareDatetime
    answer_by: AwareDatetime | None = None
    resolve_by: AwareDatetime


class CaseTriaged(CaseEvent):
    """No rule found a party: `party` is who decides where it goes."""

    TYPE: ClassVar[str] = "linli.case.triaged.v1"
    WORDS = CaseEvent.WORDS | {"text", "place", "location", "external_id"}

    text: str = ""
    place: str | None = None
    location: Point | None = None
    community_version: int
    reason: str
    """`no_rule`, `nobody_fills_role`, or `rule_failed` when a rule could not be judged."""
    submitted_at: AwareDatetime | None = None
    """When it was said: of a call, when that was made. Absent from what older versions wrote."""
    external_id: str | None = None
    """What it is called outside: a hotline's own number. Absent where it would lead to a person."""
    accept_by: AwareDatetime | None = None
    """Until when it is to be decided."""
    previous: Slug | None = None
    """The party that was responsible before, when a case that was put right was routed anew."""


class CaseAccepted(CaseEvent):
    """The party took it on."""

    TYPE: ClassVar[str] = "linli.case.accepted.v1"


class CaseReturned(CaseEvent):
    """The party handed it back: `party` is the node that decides now, `returned_by` who handed it back."""

    TYPE: ClassVar[str] = "linli.case.returned.v1"
    WORDS = CaseEvent.WORDS | {"reason"}
    STAFF_WORDS = CaseEvent.STAFF_WORDS | {"reason"}

    returned_by: Slug
    reason: str
    accept_by: AwareDatetime | None = None
    """Until when it is to be decided."""
    evidence: tuple[str, ...] = ()
    """The photos of the case that it points to, by id."""


class CaseProgressed(CaseEvent):
    """The party told how it is going."""

    TYPE: ClassVar[str] = "linli.case.progressed.v1"

    promise: Promise | None = None
    """Of an invitation: to what the party commits itself, in the words of `message`. 承诺"""
    update_id: str | None = None
    """Of a promise that a partner's system made: the partner's own name for the update."""


class CaseResolved(CaseEvent):
    """The party says it is done; `message` is its answer."""

    TYPE: ClassVar[str] = "linli.case.resolved.v1"

    promise: Promise | None = None
    """As in `CaseProgressed`."""
    update_id: str | None = None
    """As in `CaseProgressed`."""


class Became(StrEnum):
    """What became of a promise in the deliberation that the case invites to."""

    OFFERED = "offered"  # 已记入
    """It was heard, and waits for an answer."""
    REFUSED = "refused"  # 未受理
    """It binds nobody as things stand; `reason` says why. It is kept, and the office may have it heard again."""
    ACCEPTED = "accepted"  # 已采纳
    """It is taken up: from here on it is owed, as an action of the task force."""
    DECLINED = "declined"  # 未采纳
    WITHDRAWN = "withdrawn"  # 已收回


class CasePromiseHeard(CaseEvent):
    """What became of something that the party promised; the state does not change. 承诺回执

    `message` says it in both languages, with the office's own words where it is declined.
    """

    TYPE: ClassVar[str] = "linli.case.promise_heard.v1"

    promise_id: str
    """The commitment, in the deliberation."""
    promised_by: Slug
    became: Became
    reason: str | None = None
    """Of a refusal, a word for programs: `no_mandate`, `deliberation_state`, …"""
    update_id: str | None = None
    """Where it came by a partner's system: the partner's own name for the update."""


class CaseClosed(CaseEvent):
    """The resident or a check confirmed it."""

    TYPE: ClassVar[str] = "linli.case.closed.v1"

    reopen_declined: bool = False
    """Its reporter had asked for it to be reopened, and a person decided that it is not."""


class CaseReopened(CaseEvent):
    """It was not done after all; the same party is asked again."""

    TYPE: ClassVar[str] = "linli.case.reopened.v1"

    accept_by: AwareDatetime
    resolve_by: AwareDatetime


class CaseWithdrawn(CaseEvent):
    """The reporter took it back; nobody need act any more."""

    TYPE: ClassVar[str] = "linli.case.withdrawn.v1"
    STAFF_WORDS = frozenset()


class CaseNoted(CaseEvent):
    """Staff wrote a note; it is not for the reporter."""

    TYPE: ClassVar[str] = "linli.case.noted.v1"

    def words_of_staff(self) -> frozenset[str]:
        """Of a withdrawal that came too late, or that left the others' matter, the reason is the reporter's own."""
        return frozenset() if self.by == "resident" else self.STAFF_WORDS


class CaseSupplemented(CaseEvent):
    """Its reporter added something; the state does not change. 补充"""

    TYPE: ClassVar[str] = "linli.case.supplemented.v1"
    STAFF_WORDS = frozenset()


class CaseReminded(CaseEvent):
    """A deadline is near; `party` is reminded. 催办"""

    TYPE: ClassVar[str] = "linli.case.reminded.v1"

    deadline: Deadline
    due: AwareDatetime


class CaseEscalated(CaseEvent):
    """A deadline was missed: the case went one level up. `party` stays accountable. 督办上报

    At the top of the tree there is no level above: `to` is then `missed_by`, and the case stays there.
    """

    TYPE: ClassVar[str] = "linli.case.escalated.v1"

    deadline: Deadline
    due: AwareDatetime
    missed_by: Slug
    """Who had the time that is over."""
    missed_level: Level | None = None
    to: Slug
    """Who is told, and may act."""
    level: Level | None = None
    """The level of `to`; None for a party outside the tree."""
    act_by: AwareDatetime | None = None
    """Until when, before it goes up again; None at the top."""
    policy: Slug


class CasePaused(CaseEvent):
    """The clock stands still; `message` says why."""

    TYPE: ClassVar[str] = "linli.case.paused.v1"

    waiting_for: Waiting


class CaseResumed(CaseEvent):
    """The clock goes on; what was left of each deadline is left again."""

    TYPE: ClassVar[str] = "linli.case.resumed.v1"

    accept_by: AwareDatetime | None = None
    answer_by: AwareDatetime | None = None
    resolve_by: AwareDatetime | None = None


class CaseRated(CaseEvent):
    """The reporter said how it was: the last answer counts, until the case is closed. 回访"""

    TYPE: ClassVar[str] = "linli.case.rated.v1"

    contacted: bool
    """Somebody got in touch. 响应"""
    solved: bool
    """解决"""
    satisfied: bool
    """满意"""
    reopen_requested: bool = False
    """It was not solved, or not well, and no answer before has said so."""
    decide_by: AwareDatetime | None = None
    """Until when a person is to decide whether it is reopened."""
    recorded: bool = False
    """Somebody asked by telephone and wrote the answer down; `by` is who. 电话回访"""

    def words_of_staff(self) -> frozenset[str]:
        """The reporter's own, unless somebody wrote them down."""
        return self.STAFF_WORDS if self.recorded else frozenset()


class Stage(StrEnum):
    """What a photo shows."""

    BEFORE = "before"
    """How it was, before anything was done."""
    AFTER = "after"
    """What was done."""
    RETURN = "return"
    """Why the party hands the case back. It stays among staff."""


class EvidencePhoto(Record):
    """A photo by what it is known; the picture stays with workflow."""

    id: str
    sha256: str
    """Of the JPEG, in hex."""
    width: int
    height: int


class CaseDocumented(CaseEvent):
    """Photos were added as evidence; `message` says what they show. 佐证照片"""

    TYPE: ClassVar[str] = "linli.case.documented.v1"

    stage: Stage
    photos: tuple[EvidencePhoto, ...]


class CaseCorrected(CaseEvent):
    """What is known of it was put right; `message` says why. What its reporter said stays beside it. 更正

    Title, kind, neighbourhood and category are here as in every event, as they are now.
    """

    TYPE: ClassVar[str] = "linli.case.corrected.v1"
    WORDS = CaseEvent.WORDS | {"place", "location", "was_title", "was_place", "was_location"}
    STAFF_WORDS = CaseEvent.STAFF_WORDS | {"was_title", "was_place", "was_location"}

    changed: tuple[Literal["kind", "title", "neighbourhood", "category", "place", "location"], ...] = ()
    """What was put right by this step; nothing when it was only routed anew, or given new deadlines."""
    place: str | None = None
    location: Point | None = None
    was_kind: Kind | None = None
    """This and the following: how it was before this step, of what this step changed."""
    was_title: str | None = None
    was_neighbourhood: Slug | None = None
    was_category: Slug | None = None
    was_place: str | None = None
    was_location: Point | None = None
    rerouted: bool = False
    """The rules are asked anew, and send it to somebody else: the event that follows says to whom."""
    rule: Slug | None = None
    """This and the deadlines: set where the same party owes it by another rule, or from now on."""
    accept_by: AwareDatetime | None = None
    answer_by: AwareDatetime | None = None
    resolve_by: AwareDatetime | None = None


class CaseErased(CaseEvent):
    """What people wrote in the case, and who reported it, is gone; whoever keeps a copy is to do the same.

    It takes effect when it arrives, also where the case's story waits behind a parked record.
    """

    TYPE: ClassVar[str] = "linli.case.erased.v1"
    FORGETS = Scope.PERSON

    erased_at: AwareDatetime


class CaseRedacted(CaseEvent):
    """What staff wrote in the case is gone, for it was told to somebody too who is forgotten; the reporter stays.

    It was in one with a case of theirs. Whoever keeps a copy is to do the same; it takes effect when it arrives.
    """

    TYPE: ClassVar[str] = "linli.case.redacted.v1"
    FORGETS = Scope.STAFF

    redacted_at: AwareDatetime
    part_of: str | None = None
    """Of a part, of which staff wrote title and text as well, the case that it was split from."""

    def forgets(self) -> Scope:
        return Scope.PART if self.part_of else self.FORGETS


class MediationStep(StrEnum):
    """What those concerned by a dispute are told of its mediation."""

    SESSION = "session"  # 调解会
    SIGNING = "signing"  # 协议待签
    VISIT = "visit"  # 回访


class CaseMediated(CaseEvent):
    """Its mediation asks something of those concerned: to come, to sign, to be at home. `message` says when; what is
    said and agreed there is in no case's story."""

    TYPE: ClassVar[str] = "linli.case.mediated.v1"

    step: MediationStep


class CaseMerged(CaseEvent):
    """It is about the matter that another case is about, and follows that one from now on. 并案

    `state` and `party` are the other's. What happens to that one is told in this one's story too, with `merged_into`.
    """

    TYPE: ClassVar[str] = "linli.case.merged.v1"

    into: str
    previous: str | None = None
    """The case that it followed until now, when that one was merged itself."""
    previous_party: Slug | None = None
    """Who was responsible until now, when it followed none."""


class CaseJoined(CaseEvent):
    """Another case follows this one."""

    TYPE: ClassVar[str] = "linli.case.joined.v1"

    joined: str
    also: tuple[str, ...] = ()
    """What followed that one, and follows this one now."""


class CaseUnmerged(CaseEvent):
    """It was another matter after all: `party`, who had it before, is responsible again. 撤销并案"""

    TYPE: ClassVar[str] = "linli.case.unmerged.v1"
    WORDS = CaseEvent.WORDS | {"text", "place", "location"}

    from_case: str
    text: str = ""
    place: str | None = None
    location: Point | None = None
    accept_by: AwareDatetime
    answer_by: AwareDatetime | None = None
    resolve_by: AwareDatetime | None = None
    """None while it is to be decided whose it is."""


class CaseParted(CaseEvent):
    """Another case follows this one no longer."""

    TYPE: ClassVar[str] = "linli.case.parted.v1"

    parted: str


class Part(Record):
    """What one party is to do of a case that was split."""

    WORDS = frozenset({"what", "title"})

    case_id: str
    party: Slug
    what: str
    title: str


class CaseSplit(CaseEvent):
    """Several parties have each a part of it to do; `party` stays responsible for the whole. 拆分"""

    TYPE: ClassVar[str] = "linli.case.split.v1"
    WORDS = CaseEvent.WORDS | {"parts"}
    STAFF_WORDS = CaseEvent.STAFF_WORDS | {"parts"}

    parts: tuple[Part, ...]
    resolve_by: AwareDatetime | None = None
