"""What partners say of their orders, and what it comes to: the same actions that a person may take."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.partner import Did, Outcome, Update
from linli.web.localized import Localized, word
from workflow.cases.domain.action import NO_INVITATION, Action, Command
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order

AHEAD = timedelta(minutes=5)
"""So much a partner's clock may be ahead of ours, or behind."""
_IN_HAND = frozenset({CaseState.DISPATCHED, CaseState.ACCEPTED})
_ACTIONS = {
    Did.ACCEPTED: Action.ACCEPT,
    Did.REJECTED: Action.RETURN,
    Did.RETURNED: Action.RETURN,
    Did.EN_ROUTE: Action.PROGRESS,
    Did.PROGRESSED: Action.PROGRESS,
    Did.DONE: Action.RESOLVE,
}
_TAKES_ON = frozenset({Did.EN_ROUTE, Did.PROGRESSED, Did.DONE})
"""What nobody does who has not taken it on: a company that does not say so has done so."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an update comes to, before anything is done with the case."""

    outcome: Outcome
    text: Localized
    commands: tuple[Command, ...] = ()
    """To be taken one after another."""
    pointer: str | None = None
    """Where the update is wrong, if it is."""


UNKNOWN = Judged(Outcome.UNKNOWN_ORDER, Localized("There is no such order for you.", "没有发给贵单位的这个工单。"))


def judged(update: Update, order: Order, case: Case, directory: Directory, now: datetime) -> Judged:
    """What an update that has not been seen before comes to, of an order of this partner, and its case."""
    verdict = _judged(update, order, case, directory, now)
    if update.promise is None or verdict.outcome not in {Outcome.NOTED, Outcome.SUPERSEDED}:
        return verdict
    return unheard(case, verdict.text if verdict.outcome is Outcome.SUPERSEDED else None)


def _judged(update: Update, order: Order, case: Case, directory: Directory, now: datetime) -> Judged:
    if update.dispatch_no > order.dispatch_no:
        return UNKNOWN
    if not order.issued_at - AHEAD <= update.occurred_at <= now + AHEAD:
        return Judged(Outcome.CLOCK_SKEW, _skewed(update, order, now))
    if update.dispatch_no < order.dispatch_no:
        english = "It is about dispatch {theirs}; the order is at dispatch {ours}."
        chinese = "它说的是第 {theirs} 次派单，工单现在是第 {ours} 次派单。"
        return Judged(
            Outcome.SUPERSEDED, Localized(english, chinese, theirs=update.dispatch_no, ours=order.dispatch_no)
        )
    if update.promise is not None and case.invites_to is None:
        return Judged(Outcome.INVALID, NO_INVITATION, pointer="/promise")
    if order.ended or case.party != order.party or case.state not in _IN_HAND or _is_behind(update, case):
        return noted(update, case)
    action = _ACTIONS[update.did]
    points_to = update.photos if action is Action.RETURN else None
    done = Command(
        action,
        by=order.party,
        message=_message(update, case, directory),
        evidence=points_to or (),
        promise=update.promise,
        update_id=update.update_id if update.promise else None,
    )
    first = (Command(Action.ACCEPT, by=order.party),) if _takes_on(update, case) else ()
    return Judged(Outcome.APPLIED, Localized("Done.", "已办理。"), (*first, done))


def noted(update: Update, case: Case, why: Localized | None = None) -> Judged:
    """It stands in the history, and the case stays where it is."""
    stays = Localized("The case stays as it is: {state}.", "事项状态不变：{state}。", state=word(case.state))
    note = f"{update.did.value}: {update.message}" if update.message else update.did.value
    return Judged(Outcome.NOTED, why or stays, (Command(Action.NOTE, by=_partner(update), message=note),))


def unheard(case: Case, why: Localized | None = None) -> Judged:
    """A note would be no promise, and nobody would know: so it is not taken, and may come again under its id."""
    english = "A promise is heard while the case is yours and not done; it is {state} now. Nothing was taken."
    chinese = "承诺只能在事项由贵单位办理、尚未办结时提出；事项现在“{state}”，这条未予收取。"
    return Judged(Outcome.INVALID, why or Localized(english, chinese, state=word(case.state)), pointer="/promise")


def _partner(update: Update) -> str:
    return update.order_id.partition("~")[2]


def _is_behind(update: Update, case: Case) -> bool:
    return case.state is CaseState.ACCEPTED and update.did in {Did.ACCEPTED, Did.REJECTED}


def _takes_on(update: Update, case: Case) -> bool:
    return case.state is CaseState.DISPATCHED and update.did in _TAKES_ON


def _message(update: Update, case: Case, directory: Directory) -> str | None:
    """For the reporter, in the reporter's language, by the community's clock."""
    if update.eta is None:
        return update.message
    at = update.eta.astimezone(directory.zone)
    comes = Localized("Somebody is expected at {at}.", "预计 {at} 到场。", at=f"{at:%Y-%m-%d %H:%M}")
    said = comes if case.language is Language.EN else comes.chinese
    return f"{said}{update.message or ''}"


def _skewed(update: Update, order: Order, now: datetime) -> Localized:
    if update.occurred_at > now:
        return Localized(
            "occurred_at is {minutes} minutes ahead of our clock.",
            "occurred_at 比本系统时间快 {minutes} 分钟。",
            minutes=(update.occurred_at - now) // timedelta(minutes=1),
        )
    return Localized("occurred_at is before the order was issued.", "occurred_at 早于派单时间。")
