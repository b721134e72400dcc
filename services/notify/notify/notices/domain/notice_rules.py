"""Who hears what: a decision for every type of event, including that nobody does.

`docs/architecture.md` has the same table in words; a test compares the two and walks the whole catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linli.contracts.base import Event
from linli.contracts.intake import submission, subscription
from linli.contracts.notify import notice
from linli.contracts.workflow import case, mediation, order, outage
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import CommunityPublished
from linli.contracts.workflow.key import KeyPublished
from linli.contracts.workflow.partner import PartnerChanged, UpdateReceived
from notify.notices.domain.kinds import NoticeKind


class To(StrEnum):
    """The recipient, relative to the event."""

    REPORTER = "the reporter"
    RESPONSIBLE = "the responsible one"
    NODE = "who decides now"
    """What an event names as its party once it was handed back, or no rule found anybody."""
    PREVIOUS = "who had it before"
    DECIDES = "the node above, which decides"
    LEVEL = "the level that has it now"


Condition = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Somebody is notified."""

    to: To
    kind: NoticeKind
    when: Condition = lambda _: True
    condition: str = ""
    """The condition in words."""
    own: bool = False
    """Also when that party has done it itself: it has something to do now, by a certain time."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody is notified, for this reason."""

    because: str


@dataclass(frozen=True, slots=True)
class Audience:
    """What residents and what parties hear of an event."""

    reporter: tuple[NoticeRule, ...] | Nobody
    party: tuple[NoticeRule, ...] | Nobody

    @property
    def rules(self) -> tuple[NoticeRule, ...]:
        sides = (self.reporter, self.party)
        return tuple(rule for side in sides if not isinstance(side, Nobody) for rule in side)


def _reporter(kind: NoticeKind, when: Condition = lambda _: True, text: str = "") -> tuple[NoticeRule, ...]:
    return (NoticeRule(To.REPORTER, kind, when, text),)


def _nobody(because: str) -> Audience:
    return Audience(Nobody(because), Nobody(because))


def _goes_on(event: case.CaseNoted) -> bool:
    """Its reporter took it back, and others wait for it."""
    return event.by == "resident" and event.state not in {CaseState.CLOSED, CaseState.WITHDRAWN}


def _asks_for_more(event: case.CaseRated) -> bool:
    return event.reopen_requested


def _declined(event: case.CaseClosed) -> bool:
    return event.reopen_declined


_DID_IT = Nobody("did it")
_AMONG_STAFF = Nobody("is among staff")
_OTHERS = Nobody("is about another resident")
_OF_PARTNERS: tuple[type[Event], ...] = (
    *(order.OrderIssued, order.OrderReopened, order.OrderReminded),
    *(order.OrderCancelled, order.OrderSuperseded, order.OrderErased, order.OrderPromiseHeard, UpdateReceived),
)
_OF_OUTAGES: tuple[type[Event], ...] = (
    *(outage.OutageDeclared, outage.OutageExtended, outage.OutageAreaChanged),
    *(outage.OutagePartiallyRestored, outage.OutageRestored, outage.OutageCancelled),
)
_OF_MEDIATIONS: tuple[type[Event], ...] = (
    *(mediation.MediationOpened, mediation.MediatorAppointed, mediation.MediatorLeft, mediation.ConcernedNamed),
    *(mediation.SessionCalled, mediation.SessionCancelled, mediation.SessionHeld, mediation.StatementKept),
    *(mediation.AgreementDrafted, mediation.AgreementSigned, mediation.AgreementInEffect, mediation.CourtStepNoted),
    *(mediation.ReturnVisitDue, mediation.AgreementKept, mediation.AgreementBroken, mediation.MediationEscalated),
)
_OF_SUBSCRIPTIONS: tuple[type[Event], ...] = (
    *(subscription.SubscriptionAsked, subscription.SubscriptionConfirmed),
    *(subscription.SubscriptionThinned, subscription.SubscriptionEnded),
)
_BY_ITS_CASE = _nobody("its case tells")

NOTICE_RULES: dict[type[Event], Audience] = {
    **dict.fromkeys(submission.SUBMITTED.values(), _BY_ITS_CASE),
    submission.SubmissionWithdrawn: _BY_ITS_CASE,
    **dict.fromkeys(_OF_SUBSCRIPTIONS, _nobody("the mailbox' owner is asked, and then hears of the neighbourhood")),
    subscription.DemandThinned: _nobody("chose it"),
    submission.ResidentErased: _nobody("who asked for it has the answer; what is gone is not told"),
    case.CaseOpened: _nobody("where it went is told in the same moment, and that it was received"),
    case.CaseDispatched: Audience(
        _reporter(NoticeKind.REPORTER_DISPATCHED),
        (
            NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_DISPATCHED, own=True),
            NoticeRule(To.PREVIOUS, NoticeKind.PARTY_REASSIGNED),
        ),
    ),
    case.CaseTriaged: Audience(
        _reporter(NoticeKind.REPORTER_TRIAGED),
        (
            NoticeRule(To.NODE, NoticeKind.NODE_TRIAGED, own=True),
            NoticeRule(To.PREVIOUS, NoticeKind.PARTY_REASSIGNED),
        ),
    ),
    case.CaseAccepted: Audience(Nobody("sees it on the page"), _DID_IT),
    case.CaseReturned: Audience(_AMONG_STAFF, (NoticeRule(To.NODE, NoticeKind.NODE_RETURNED, own=True),)),
    case.CaseProgressed: Audience(_reporter(NoticeKind.REPORTER_PROGRESSED), _DID_IT),
    case.CaseResolved: Audience(_reporter(NoticeKind.REPORTER_RESOLVED), _DID_IT),
    case.CaseClosed: Audience(
        _reporter(NoticeKind.REPORTER_NOT_REOPENED, _declined, "they had asked for it to be reopened"),
        (
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_NOT_REOPENED,
                _declined,
                "the reporter had asked for it to be reopened",
            ),
        ),
    ),
    case.CaseReopened: Audience(
        _reporter(NoticeKind.REPORTER_REOPENED), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_REOPENED, own=True),)
    ),
    case.CaseWithdrawn: Audience(
        _reporter(NoticeKind.REPORTER_WITHDRAWN), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_WITHDRAWN),)
    ),
    case.CaseNoted: Audience(
        _reporter(NoticeKind.REPORTER_WITHDRAWN, _goes_on, "they took it back, and it goes on for others"),
        (
            NoticeRule(
                To.RESPONSIBLE, NoticeKind.PARTY_FEWER_WAIT, _goes_on, "its reporter took it back, and others wait"
            ),
        ),
    ),
    case.CaseSupplemented: Audience(Nobody("said it"), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_SUPPLEMENTED),)),
    case.CaseReminded: Audience(_AMONG_STAFF, (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_REMINDED, own=True),)),
    case.CaseEscalated: Audience(_AMONG_STAFF, (NoticeRule(To.LEVEL, NoticeKind.NODE_ESCALATED, own=True),)),
    case.CasePaused: Audience(
        _reporter(NoticeKind.REPORTER_PAUSED, lambda e: e.waiting_for is case.Waiting.RESIDENT, "it waits for them"),
        (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_PAUSED),),
    ),
    case.CaseResumed: Audience(Nobody("sees it on the page"), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_RESUMED),)),
    case.CaseRated: Audience(
        Nobody("said it"),
        (
            NoticeRule(To.DECIDES, NoticeKind.NODE_NOT_SATISFIED, _asks_for_more, "the reporter is not content"),
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_NOT_SATISFIED,
                _asks_for_more,
                "the reporter is not content",
            ),
        ),
    ),
    case.CaseDocumented: Audience(Nobody("sees it on the page"), Nobody("sees them with the case")),
    case.CaseCorrected: Audience(
        Nobody("what they said stays; where it goes now is told by the dispatch"),
        (
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_CORRECTED,
                lambda e: not e.rerouted,
                "it stays with that party",
            ),
        ),
    ),
    case.CaseErased: _nobody("what is gone is not told"),
    case.CaseRedacted: _nobody("what is gone is not told"),
    case.CaseMerged: Audience(
        _reporter(NoticeKind.REPORTER_MERGED, lambda e: e.previous is None, "it followed none until now"),
        (NoticeRule(To.PREVIOUS, NoticeKind.PARTY_MERGED),),
    ),
    case.CaseJoined: Audience(_OTHERS, (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_JOINED),)),
    case.CaseUnmerged: Audience(
        _reporter(NoticeKind.REPORTER_UNMERGED), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_UNMERGED, own=True),)
    ),
    case.CaseParted: Audience(
        _OTHERS,
        (
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_FEWER_WAIT,
                lambda e: e.by != "resident",
                "nobody has withdrawn, which is told",
            ),
        ),
    ),
    case.CaseSplit: Audience(
        _reporter(NoticeKind.REPORTER_SPLIT), (NoticeRule(To.RESPONSIBLE, NoticeKind.PARTY_SPLIT),)
    ),
    case.CaseMediated: Audience(
        _reporter(NoticeKind.REPORTER_MEDIATED),
        (
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_MEDIATED,
                lambda e: e.step is case.MediationStep.VISIT,
                "the return visit is due",
            ),
        ),
    ),
    case.CasePromiseHeard: Audience(
        _AMONG_STAFF,
        (
            NoticeRule(
                To.RESPONSIBLE,
                NoticeKind.PARTY_PROMISE_HEARD,
                lambda e: e.became not in {case.Became.OFFERED, case.Became.WITHDRAWN},
                "it was refused, taken up or declined",
            ),
        ),
    ),
    notice.NoticeSent: _nobody("it is about a notice"),
    notice.NoticeFailed: _nobody("operators see it: `linli deliveries`, an alert"),
    CommunityPublished: _nobody("is for the services"),
    KeyPublished: _nobody("is for the services"),
    PartnerChanged: _nobody("is for the services"),
    **dict.fromkeys(_OF_PARTNERS, _nobody("is for the partner's own system")),
    **dict.fromkeys(_OF_OUTAGES, _nobody("the cases that follow it tell")),
    **dict.fromkeys(_OF_MEDIATIONS, _BY_ITS_CASE),
    mediation.MediationEnded: Audience(Nobody("has taken it back"), Nobody("a letter of its own, below")),
}
"""Of a step of another case (`merged_into`) parties hear nothing: they have heard of it there."""


def in_words(type_: type[Event]) -> str:
    """A row of the table in docs/architecture.md."""
    decision = NOTICE_RULES[type_]
    name = type_.TYPE.removeprefix("linli.").rpartition(".")[0]
    return f"| `{name}` | {_side(decision.reporter, reporter=True)} | {_side(decision.party, reporter=False)} |"


def _side(side: tuple[NoticeRule, ...] | Nobody, *, reporter: bool) -> str:
    if isinstance(side, Nobody):
        return f"nobody: {side.because}"
    return "; ".join(_rule_in_words(rule, reporter=reporter) for rule in side)


def _rule_in_words(rule: NoticeRule, *, reporter: bool) -> str:
    whom = "yes" if reporter else f"**{rule.to}**" if rule.own else str(rule.to)
    return f"{whom}, when {rule.condition}" if rule.condition else whom
