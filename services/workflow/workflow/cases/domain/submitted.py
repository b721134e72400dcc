"""From a submission to a case: opening, routing, and withdrawal by its reporter."""

from datetime import datetime

from linli.contracts.intake.submission import Submitted
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState
from linli.frozen import replace
from workflow.cases.domain.action import TRANSITIONS, Action
from workflow.cases.domain.case import Case, Step, case_event, dispatched, moved, own_words
from workflow.cases.domain.clock import deadlines, owed_from_now
from workflow.cases.domain.family import going_on_for_others, gone_from
from workflow.cases.domain.particulars import Particulars, routed_as_it_is
from workflow.cases.domain.pausing import unpaused
from workflow.cases.domain.routing import Assignment, NeedsTriage, route
from workflow.community.domain.directory import Directory


def open_case(id: str, submitted: Submitted, directory: Directory, now: datetime) -> Step:
    """A submission becomes a case; a point without a neighbourhood is located by outline."""
    neighbourhood = submitted.neighbourhood
    if neighbourhood is None and submitted.location is not None:
        neighbourhood = directory.locate(submitted.location)
    case = Case(
        id=id,
        community=submitted.community,
        channel=submitted.channel,
        about=Particulars(
            submitted.KIND, submitted.title, neighbourhood, submitted.category, submitted.place, submitted.location
        ),
        text=submitted.text,
        attributes=submitted.attributes,
        submitted_at=submitted.submitted_at,
        resident_id=submitted.resident_id,
        language=submitted.language,
        tracking_hash=submitted.tracking_hash,
        external_id=submitted.external_id,
        due_from_call=submitted.due_from_call,
        different=submitted.different,
        opened_at=now,
        updated_at=now,
        version=1,
    )
    opened = case_event(
        events.CaseOpened,
        case,
        by="resident",
        channel=case.channel,
        tracking_hash=case.tracking_hash,
        submitted_at=case.submitted_at,
    )
    return case, opened


def route_case(case: Case, directory: Directory, now: datetime, by: str = "linli") -> Step:
    """Find who is responsible: a party by rule, or the triage desk. One that somebody has already is routed anew."""
    version, previous = directory.version, case.party
    start = case.submitted_at if case.due_from_call and previous is None else now
    case = replace(unpaused(case, directory, now), originals=routed_as_it_is(case.originals), binding=False)
    match route(case.facts(directory), directory):
        case Assignment(rule=rule, party=party):
            routed = replace(
                moved(case, CaseState.DISPATCHED, now),
                party=party.id,
                first_party=case.first_party or party.id,
                rule=rule.id,
                community_version=version,
                clock=deadlines(rule, directory, start, party.id),
            )
            return routed, dispatched(routed, by=by, rule=rule.id, community_version=version, previous=previous)
        case NeedsTriage(party=party, reason=reason):
            waiting = replace(
                moved(case, CaseState.TRIAGE, now),
                party=party.id,
                rule=None,
                community_version=version,
                clock=owed_from_now(CaseState.TRIAGE, None, directory, start, party.id),
            )
            fields = own_words(case) | {"accept_by": waiting.clock.accept_by, "community_version": version}
            return waiting, case_event(events.CaseTriaged, waiting, by=by, previous=previous, reason=reason, **fields)


def withdraw(case: Case, reason: str | None, now: datetime) -> Step:
    """The reporter withdraws. An ended case only gets a note that this came too late.

    One with followers continues for them, and its own reporter hears nothing more.
    """
    state = TRANSITIONS[Action.WITHDRAW].get(case.state)
    if state is None:
        noted = moved(case, case.state, now)
        return noted, case_event(events.CaseNoted, noted, by="resident", message=reason or "撤回申请在结案之后收到")
    if case.family.followers:
        goes_on = replace(moved(case, case.state, now), family=going_on_for_others(case.family, now))
        note = reason or "反映人已撤回；因有并案，继续办理。"
        reporter = None if case.family.withdrawn_at else case.resident_id  # the last that its reporter hears
        return goes_on, case_event(events.CaseNoted, goes_on, by="resident", message=note, resident_id=reporter)
    withdrawn = replace(moved(case, state, now), family=gone_from(case.family))
    return withdrawn, case_event(events.CaseWithdrawn, withdrawn, by="resident", message=reason)
