"""Cases about one matter: the work is done at the head, and the others follow it. 并案

A follower has its own history, which repeats the head's public steps, and no clock until the head is resolved; then
its reporter is asked like every other, and that follow-up has the follower's clock.
"""

from collections.abc import Sequence
from datetime import datetime

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.frozen import replace
from linli.web.localized import Localized, word
from workflow.cases.domain.action import NotAllowed
from workflow.cases.domain.case import BEING_DEALT_WITH, Case, Step, case_event, dates, moved, own_words
from workflow.cases.domain.clock import handed_over, owed_from_now, taken_up_again
from workflow.cases.domain.family import followed_by, following, left_by, on_its_own, passed_to
from workflow.cases.domain.feedback import asked_anew
from workflow.cases.domain.progress import NOTHING_YET, answered, as_far_as, taken_on_with, unanswered
from workflow.community.domain.directory import Directory

FOLLOWERS_AT_MOST = 500
"""So many cases move in one transaction when their head does."""
FOLLOWED: tuple[type[CaseEvent], ...] = (
    *(
        events.CaseDispatched,
        events.CaseTriaged,
        events.CaseAccepted,
        events.CaseReturned,
        events.CaseProgressed,
        events.CaseResolved,
    ),
    *(events.CaseClosed, events.CaseReopened, events.CasePaused, events.CaseResumed, events.CaseSplit),
    events.CaseDocumented,
)
"""The steps of a head that are told in its followers' stories: those that the public may see, and that change where it
stands. What is only about the head's own reporter or among staff is not among them."""
_OF_EACH_CASE = frozenset(events.CaseEvent.model_fields) - {"by", "message"}


class Follows(NotAllowed):
    """It is dealt with in another case, or is to be merged where that cannot be; `head` is where to go instead."""

    def __init__(self, message: str, head: str) -> None:
        Exception.__init__(self, message)
        self.head = head


class NotMergeable(NotAllowed):
    """The two cannot become one."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


class NotMerged(NotAllowed):
    """There is nothing to undo."""

    def __init__(self) -> None:
        Exception.__init__(self, Localized("The case does not follow another one.", "这件事项没有并入别的事项。"))


def merge(case: Case, head: Case, by: str, message: str | None, now: datetime) -> Step:
    """The case follows the head from now on. Raises `Follows`, `NotMergeable`."""
    _together(case, head)
    after = replace(
        moved(case, head.state, now),
        party=head.party,
        family=following(case.family, head.id, case.state, case.party),
        progress=taken_on_with(case.progress, head.progress),
        clock=handed_over(case.clock),
    )
    fields = {"into": head.id, "previous_party": case.party}
    return after, case_event(events.CaseMerged, after, by=by, message=message, **fields)


def _together(case: Case, head: Case) -> None:
    if head.id == case.id:
        raise NotMergeable(Localized("A case cannot be merged into itself.", "事项不能并入自己。"))
    if head.family.merged_into or head.family.part_of:
        what = Localized("follows", "已并入") if head.family.merged_into else Localized("is a part of", "分办自")
        detail = Localized(
            "{id} {what} {root}; merge into that one.",
            "{id} {what} {root}，请并入后者。",
            **{"id": head.id, "what": what, "root": head.root},
        )
        raise Follows(detail, head.root)
    if case.family.part_of or case.family.parts:
        split = "A case that was split, or is a part of one, has a story that cannot follow another's."
        raise NotMergeable(Localized(split, "已拆分的事项和分办不能并入别的事项。"))
    if case.community != head.community:
        raise NotMergeable(Localized("The two cases are of different communities.", "两件事项不在同一个街道。"))
    for each in (case, head):
        if each.state not in BEING_DEALT_WITH:
            raise NotMergeable(
                Localized(
                    "{id} is {state}; only cases that are being dealt with are merged.",
                    "{id} 现在“{state}”；只有正在办理的事项才能并案。",
                    **{"id": each.id, "state": word(each.state)},
                )
            )
    if len(head.family.followers) + 1 + len(case.family.followers) > FOLLOWERS_AT_MOST:
        raise NotMergeable(
            Localized("At most {most} cases follow one.", "一件主案最多并入 {most} 件。", most=FOLLOWERS_AT_MOST)
        )


def joined(head: Case, id: str, also: Sequence[str], by: str, now: datetime) -> Step:
    """The head has a follower more, with those that followed that one."""
    after = replace(moved(head, head.state, now), family=followed_by(head.family, (id, *also)))
    return after, case_event(events.CaseJoined, after, by=by, joined=id, also=tuple(also))


def passed_on(follower: Case, head: Case, by: str, now: datetime) -> Step:
    """What it followed was merged itself: it follows the new head, so that nothing ever follows a follower."""
    after = replace(
        moved(follower, head.state, now),
        party=head.party,
        family=passed_to(follower.family, head.id),
        progress=taken_on_with(follower.progress, head.progress),
    )
    fields = {"into": head.id, "previous": follower.family.merged_into}
    return after, case_event(events.CaseMerged, after, by=by, **fields)


def mirrored(follower: Case, head: Case, event: CaseEvent, now: datetime) -> Step | None:
    """A step of the head in the follower's own story; None where that is closed, or its reporter is to be heard first.

    A follower whose reporter asks for more does not close with the head: a person has to decide on that.
    """
    if isinstance(event, events.CaseClosed) and (follower.state is CaseState.CLOSED or follower.clock.decide_by):
        return None
    after = replace(
        moved(follower, head.state, now),
        party=head.party,
        progress=as_far_as(follower.progress, head.progress),
    )
    match event:
        case events.CaseProgressed():
            after = replace(after, progress=answered(after.progress, now))
        case events.CaseResolved():
            after = replace(after, progress=answered(after.progress, now), feedback=asked_anew(after.feedback))
        case events.CaseReopened():
            after = replace(after, progress=unanswered(after.progress), clock=taken_up_again(after.clock))
    fields = {name: getattr(event, name) for name in type(event).model_fields if name not in _OF_EACH_CASE}
    if isinstance(event, events.CaseDispatched | events.CaseTriaged):
        fields |= own_words(follower)
    if isinstance(event, events.CaseClosed):  # who had asked for more does not close with the head
        fields |= {"reopen_declined": False}
    if isinstance(event, events.CaseSplit):  # a part's title is the head's, in the words of the head's reporter
        fields |= {
            "parts": [part.model_copy(update={"title": follower.about.title, "what": ""}) for part in event.parts]
        }
    return after, case_event(type(event), after, **fields, merged_into=head.id)


def unmerge(case: Case, directory: Directory, by: str, message: str | None, now: datetime) -> Step:
    """It was another matter: its former party has it again, with the full time. Raises `NotMerged`."""
    if case.family.merged_into is None:
        raise NotMerged
    party, state = directory.party(case.family.had_party or ""), case.family.had_state or CaseState.TRIAGE
    if party is None:
        party, state = directory.triage, CaseState.TRIAGE
    elif state is CaseState.ACCEPTED:
        state = CaseState.DISPATCHED
    rule = directory.rule(case.rule)
    after = replace(
        moved(case, state, now),
        party=party.id,
        family=on_its_own(case.family),
        progress=NOTHING_YET,
        clock=owed_from_now(state, rule, directory, now, party.id),
    )
    fields: dict[str, object] = {"text": after.text, "place": after.about.place, "location": after.about.location}
    fields |= dates(after)
    from_case = case.family.merged_into
    return after, case_event(events.CaseUnmerged, after, by=by, message=message, from_case=from_case, **fields)


def parted(head: Case, id: str, by: str, now: datetime) -> Step:
    """The head has a follower less."""
    after = replace(moved(head, head.state, now), family=left_by(head.family, id))
    return after, case_event(events.CaseParted, after, by=by, parted=id)
