"""The cases of one transaction: before, after, and their new events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.frozen import replace
from linli.storage.aggregates import Change
from workflow.cases.domain.alone import steps_alone
from workflow.cases.domain.cascade import cascade
from workflow.cases.domain.case import Case, Step
from workflow.cases.domain.deadlines import scheduled
from workflow.community.domain.directory import Directory

SOURCE = "linli/workflow"


class UnitOfWork:
    """The steps of some cases and of their families."""

    def __init__(self, cases: Iterable[Case], directories: Mapping[str, Directory], now: datetime) -> None:
        self.cases = {case.id: case for case in cases}
        self._before = {id: case.version for id, case in self.cases.items()}
        self._directories, self.now = directories, now
        self._events: dict[str, list[Envelope[Event]]] = {}
        self._put_off: dict[str, datetime] = {}

    def know(self, cases: Iterable[Case]) -> None:
        """Cases that are concerned too; one that is known already stays as it has become."""
        for case in cases:
            if case.id not in self.cases:
                self.cases[case.id], self._before[case.id] = case, case.version

    def take(self, step: Step, cause: str | None = None, traceparent: str | None = None) -> Case:
        """Take a step and all that follows from it, whole or not at all; each event has the next place of its story."""
        id = step[0].id
        for case, data in self._steps(step):
            first = cause if cause and case.id == id else case.family.part_of or case.id
            envelope = Envelope(SOURCE, case.id, case.version, self.now, first, data, traceparent)
            self._events.setdefault(case.id, []).append(envelope)
            self.cases[case.id] = case
        return self.cases[id]

    def _steps(self, step: Step) -> list[Step]:
        """A case that has no family goes no way round; it has one also when it joins or leaves one by this step."""
        after = step[0]
        before, directory = self.cases.get(after.id, after), self.directory(after)
        if before.alone and after.alone:
            return steps_alone(step, directory, self.now)
        return cascade(step, self.cases, directory, self.now)

    def rescheduled(self, id: str) -> Case:
        """A case with the next moment at which the timer is to look at it."""
        case = self.cases[id]
        return replace(case, due_at=at) if (at := self._put_off.get(id)) else scheduled(case, self.directory(case))

    def put_off(self, id: str, until: datetime) -> None:
        """The timer is to look at this case again then, whatever is due."""
        self._put_off[id] = until

    def events_of(self, id: str) -> Sequence[Envelope[Event]]:
        """The events of one case."""
        return self._events.get(id, ())

    def changes(self) -> list[Change[Case]]:
        """The changes to save."""
        return [Change(self.rescheduled(id), self._before.get(id, 0), events) for id, events in self._events.items()]

    def directory(self, case: Case) -> Directory:
        """Of the case's community, as it is now."""
        return self._directories[case.community]
