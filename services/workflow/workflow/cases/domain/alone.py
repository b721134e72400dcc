"""A case without a family: its steps have consequences only for itself."""

from collections.abc import Iterator
from datetime import datetime

from linli.contracts.workflow.case import CaseCorrected, CaseEvent
from workflow.cases.domain.case import Case, Step
from workflow.cases.domain.deadlines import in_its_branch
from workflow.cases.domain.submitted import route_case
from workflow.community.domain.directory import Directory


def steps_alone(step: Step, directory: Directory, now: datetime) -> list[Step]:
    """The step, and what follows from it for the case itself, in order."""
    case, event = in_its_branch(step[0], directory), step[1]
    further = [each for after in for_itself(case, event, directory, now) for each in steps_alone(after, directory, now)]
    return [(case, event), *further]


def for_itself(case: Case, event: CaseEvent, directory: Directory, now: datetime) -> Iterator[Step]:
    """What follows for the same case: put right so that the rules name another party, it goes there."""
    if isinstance(event, CaseCorrected) and event.rerouted:
        yield route_case(case, directory, now, event.by)
