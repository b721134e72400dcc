"""What workflow does when an event comes: load, decide, save, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prometheus_client import Counter

from linli.contracts.base import Event
from linli.contracts.case import CaseDispatched, CaseEvent, CaseTriaged
from linli.contracts.envelope import Envelope
from linli.contracts.submission import ResidentErased, SubmissionWithdrawn, Submitted
from linli.inbox import Handler, Unappliable
from linli.mongo import Session
from linli.outbox import Unsent
from workflow.domain.case import Case, open_case, route_case, withdraw
from workflow.domain.deadlines import scheduled
from workflow.domain.directory import Directory
from workflow.store import Change, WorkflowStore

SOURCE = "linli/workflow"
ROUTED = Counter("linli_workflow_routed_total", "Cases by where the rules sent them", ["outcome"])
_OUTCOMES = {CaseDispatched.TYPE.encode(): "dispatched", CaseTriaged.TYPE.encode(): "triage"}


def count_routed(committed: Sequence[Unsent]) -> None:
    """For the metrics, after the commit: a transaction may run more than once."""
    for unsent in committed:
        if outcome := _OUTCOMES.get(unsent.message.headers["ce_type"]):
            ROUTED.labels(outcome).inc()


def on_submissions(store: WorkflowStore) -> Handler:
    """The handler of the topic `linli.intake`."""

    async def handle(events: Sequence[Envelope[Event]], session: Session) -> Sequence[Unsent]:
        now = await store.now()
        before = await store.cases({event.subject for event in events}, session)
        directories = await store.directories(session)
        stories = {id: Story(case) for id, case in before.items()}
        for event in events:
            story = stories.setdefault(event.subject, Story(None))
            _apply(event, story, directories, now)
        return await store.save([story.change(directories) for story in stories.values() if story.events], now, session)

    return handle


class Story:
    """A case through a batch: as it was, as it is, and the events between."""

    def __init__(self, case: Case | None) -> None:
        self.case, self._before = case, case.version if case else 0
        self.events: list[Envelope[Event]] = []

    def record(
        self, outcome: tuple[Case, CaseEvent], cause: str | None, traceparent: str | None, now: datetime
    ) -> Case:
        """Take the case on, and its event with the next sequence."""
        self.case, data = outcome
        self.events.append(
            Envelope(
                source=SOURCE,
                subject=self.case.id,
                sequence=self.case.version,
                time=now,
                correlationid=cause or self.case.id,
                data=data,
                traceparent=traceparent,
            )
        )
        return self.case

    def change(self, directories: Mapping[str, Directory]) -> Change:
        """What is to be saved, with the moment at which the timer looks next."""
        assert self.case is not None
        return Change(scheduled(self.case, directories[self.case.community]), self._before, self.events)


def _apply(event: Envelope[Event], story: Story, directories: dict[str, Directory], now: datetime) -> None:
    cause = (event.correlationid, event.traceparent, now)
    match event.data:
        case Submitted() as submitted:
            directory = directories.get(submitted.community)
            if directory is None:
                raise Unappliable(event, "unknown_community", f"no data for {submitted.community}")
            if story.case is not None:
                raise Unappliable(event, "case_exists", "there is a case of this id already")
            case = story.record(open_case(event.subject, submitted, directory, now), *cause)
            story.record(route_case(case, directory, now), *cause)
        case SubmissionWithdrawn() as withdrawn:
            if story.case is None:
                raise Unappliable(event, "no_such_case", "the submission was never seen")
            story.record(withdraw(story.case, withdrawn.reason, now), *cause)
        case ResidentErased():
            pass  # done when it arrived: `erasure.py`
        case _:
            raise Unappliable(event, "unexpected_type", f"{event.type} does not belong on this topic")
