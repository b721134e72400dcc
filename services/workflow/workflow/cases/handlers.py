"""Handles incoming events: load, decide, save, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prometheus_client import Counter

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased, SubmissionWithdrawn, Submitted
from linli.contracts.workflow.case import CaseDispatched, CaseTriaged
from linli.messaging.inbox import Handler, Unappliable
from linli.messaging.outbox import Unsent
from linli.storage.mongo import Session
from workflow.cases.domain.submitted import open_case, route_case, withdraw
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory

ROUTED = Counter("linli_workflow_routed_total", "Cases by where the rules sent them", ["outcome"])
_OUTCOMES = {CaseDispatched.TYPE.encode(): "dispatched", CaseTriaged.TYPE.encode(): "triage"}


def count_routed(committed: Sequence[Unsent]) -> None:
    """For the metrics, after the commit: a transaction may run more than once."""
    for unsent in committed:
        if outcome := _OUTCOMES.get(unsent.message.headers["ce_type"]):
            ROUTED.labels(outcome).inc()


def on_submissions(store: CaseStore) -> Handler:
    """The handler of the topic `linli.intake`."""

    async def handle(events: Sequence[Envelope[Event]], session: Session) -> Sequence[Unsent]:
        now = store.now()
        cases = await store.cases({event.subject for event in events}, session)
        directories = await store.communities.directories(session)
        unit = UnitOfWork(await store.with_families(cases.values(), session), directories, now)
        for event in events:
            apply(event, unit, directories, now)
        new = [event.subject for event in events if isinstance(event.data, Submitted)]
        unsent = [each for join in store.joiners for each in await join(unit, new, directories, now, session)]
        return [*unsent, *await store.save(unit.changes(), now, session)]

    return handle


def apply(event: Envelope[Event], unit: UnitOfWork, directories: Mapping[str, Directory], now: datetime) -> None:
    """What one event makes of its case. Raises `Unappliable`."""
    case, cause = unit.cases.get(event.subject), (event.correlationid, event.traceparent)
    match event.data:
        case Submitted() as submitted:
            directory = directories.get(submitted.community)
            if directory is None:
                raise Unappliable(event, "unknown_community", f"no data for {submitted.community}")
            if case is not None:
                raise Unappliable(event, "case_exists", "there is a case of this id already")
            case = unit.take(open_case(event.subject, submitted, directory, now), *cause)
            unit.take(route_case(case, directory, now), *cause)
        case SubmissionWithdrawn() as withdrawn:
            if case is None:
                raise Unappliable(event, "no_such_case", "the submission was never seen")
            unit.take(withdraw(case, withdrawn.reason, now), *cause)
        case ResidentErased():
            pass  # done when it arrived: `erasure.py`
