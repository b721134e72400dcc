"""What is late, and what follows: reminders, and the way up the five levels.

The clock is a value here; the timer (`timer.py`) only asks at the moment that `next_moment` named.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState, Deadline
from linli.contracts.workflow.community import EscalationPolicy, Level
from linli.frozen import replace
from workflow.cases.domain.case import Case, Step, case_event, moved
from workflow.cases.domain.clock import gone_up, reminded_of
from workflow.cases.domain.escalation import kept_by, raised
from workflow.cases.domain.follow_up import close_in_silence
from workflow.cases.domain.owed import emergency, owed, policy_for
from workflow.cases.domain.pausing import resume_by_rule
from workflow.community.domain.directory import Directory

PAUSE_AT_MOST = timedelta(days=30)
"""Then the clock goes on of itself: a pause that nobody ends would hide a case for ever."""


def scheduled(case: Case, directory: Directory) -> Case:
    """The case with the next moment at which the timer is to look at it; None when there is none."""
    moments = [next_moment(case, policy_for(case, directory), directory), closes_at(case, directory)]
    return replace(case, due_at=min((moment for moment in moments if moment), default=None))


def closes_at(case: Case, directory: Directory) -> datetime | None:
    """When a resolved case closes automatically; not while a decision about reopening is pending.

    A part closes with its whole: nobody is asked about a single part.
    """
    if (
        case.state is not CaseState.RESOLVED
        or case.progress.resolved_at is None
        or case.clock.decide_by is not None
        or case.family.part_of
    ):
        return None
    return case.progress.resolved_at + directory.community.close_after


def in_its_branch(case: Case, directory: Directory) -> Case:
    """The case with those who have it by escalation in the branch of the party that is responsible now.

    It stays as high as it has come: on that level, or above it where the party itself stands higher.
    """
    if (level := level_reached(case, directory)) is None:
        return case
    has_it = directory.no_lower_than(directory.responsible(case.party), level)
    return replace(case, escalation=kept_by(case.escalation, has_it, level))


def level_reached(case: Case, directory: Directory) -> Level | None:
    """How far up a case has come; of one from before this was kept, by who has it."""
    has_it = directory.party(case.escalation.escalated_to or "")
    return case.escalation.reached or (has_it.kind.level if has_it else None)


def next_moment(case: Case, policy: EscalationPolicy, directory: Directory) -> datetime | None:
    """The earliest reminder, deadline or end of a level's time."""
    if case.clock.paused_at is not None:
        return case.clock.paused_at + PAUSE_AT_MOST
    moments = [_goes_up_at(case, by, directory) for kind, by in owed(case) if kind not in case.clock.missed]
    moments += [moment for moment, _, _ in _reminders(case, policy, directory)]
    if case.clock.level_by and _climbs(case):
        moments.append(_goes_up_at(case, case.clock.level_by, directory))
    return min(moments, default=None)


def tick(case: Case, directory: Directory, now: datetime) -> Step | None:
    """The one step that is due, or None. Call it again until it is None: one event per level, in order."""
    if case.clock.paused_at is not None:
        return resume_by_rule(case, directory, now) if case.clock.paused_at + PAUSE_AT_MOST <= now else None
    if (close := closes_at(case, directory)) and close <= now:
        return close_in_silence(case, now)
    policy = policy_for(case, directory)
    late = [
        (kind, by)
        for kind, by in owed(case)
        if kind not in case.clock.missed and _goes_up_at(case, by, directory) <= now
    ]
    if late:
        kind, by = min(late, key=lambda each: each[1])
        # All that is late goes up once: two deadlines of one moment are one lateness.
        return _escalated(case, directory, policy, kind, by, now, frozenset(kind for kind, _ in late))
    if case.clock.level_by and _climbs(case) and _goes_up_at(case, case.clock.level_by, directory) <= now:
        return _escalated(case, directory, policy, Deadline.LEVEL, case.clock.level_by, now)
    for moment, kind, by in _reminders(case, policy, directory):
        if moment <= now:
            return _reminded(case, kind, by, now)
    return None


def _goes_up_at(case: Case, by: datetime, directory: Directory) -> datetime:
    """When somebody is told that it is late: at once, or when the offices open, unless it is an emergency."""
    if directory.calendar.open_all_day or emergency(case, directory):
        return by
    return directory.calendar.opening(by)


def _climbs(case: Case) -> bool:
    """Whether a missed deadline is still open; otherwise nobody above needs to act."""
    return any(kind in case.clock.missed for kind, _ in owed(case))


def _reminders(
    case: Case, policy: EscalationPolicy, directory: Directory
) -> Iterator[tuple[datetime, Deadline, datetime]]:
    """When the party is reminded of what: not of what is late, nor of what was due sooner than a reminder would come.

    While the party works, unless it is an emergency; of what is due as it opens, before that.
    """
    before = policy.remind_before
    if before is None or case.clock.clock_from is None:
        return
    calendar = directory.calendar_of(case.party)
    for kind, by in owed(case):
        if kind in case.clock.missed | case.clock.reminded or by - before <= case.clock.clock_from:
            continue
        moment = by - before
        if not calendar.open_all_day and not emergency(case, directory):
            opens = calendar.opening(moment)
            moment = opens if opens < by else moment
        yield moment, kind, by


def _reminded(case: Case, kind: Deadline, by: datetime, now: datetime) -> Step:
    after = replace(moved(case, case.state, now), clock=reminded_of(case.clock, kind))
    return after, case_event(events.CaseReminded, after, by="linli", deadline=kind, due=by)


def _escalated(
    case: Case,
    directory: Directory,
    policy: EscalationPolicy,
    kind: Deadline,
    due: datetime,
    now: datetime,
    missed: frozenset[Deadline] = frozenset(),
) -> Step:
    party = directory.responsible(case.party)
    level = level_reached(case, directory)
    # A person may have given it to somebody who stands higher than the level that it had come up to.
    highest = directory.no_lower_than(party, level) if level and level.depth < directory.depth(party) else party
    late = highest if kind is Deadline.LEVEL else party
    above = directory.above(highest)
    top = above.id == highest.id
    time = policy.time_of(above.kind.level)
    in_working_days = policy.working_days and above.kind.level in policy.within
    act_by = None if top else directory.calendar.end_of(now, time, in_working_days)
    after = replace(
        moved(case, case.state, now),
        escalation=raised(case.escalation, above),
        clock=gone_up(case.clock, missed, act_by),
    )
    return after, case_event(
        events.CaseEscalated,
        after,
        by="linli",
        deadline=kind,
        due=due,
        missed_by=late.id,
        missed_level=late.kind.level,
        to=above.id,
        level=above.kind.level,
        act_by=act_by,
        policy=policy.id,
    )
