"""An office without a database: some cases, what is done with them, and the clock; all in memory."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from linli.contracts.workflow.case import CaseEvent
from tests.support.builders import NOON, altered, submitted
from workflow.cases.domain.action import Action, Command, PartWanted
from workflow.cases.domain.cascade import cascade, decide
from workflow.cases.domain.case import Case, Step
from workflow.cases.domain.deadlines import scheduled, tick
from workflow.cases.domain.feedback import FollowUp
from workflow.cases.domain.follow_up import follow_up
from workflow.cases.domain.submitted import open_case, route_case, withdraw
from workflow.community.domain.directory import Directory


class Office:
    """What desk, timer and handlers do with the domain, without the I/O between."""

    def __init__(self, directory: Directory) -> None:
        self.directory, self.now = directory, NOON
        self.cases: dict[str, Case] = {}
        self.told: list[CaseEvent] = []
        self._part = count(1)

    def report(self, id: str, **fields: Any) -> Case:
        """A submission has come in."""
        event = submitted(id, **fields)
        case, opened = open_case(id, event.data, self.directory, self.now)  # type: ignore[arg-type]
        self.take((case, opened))
        return self.take(route_case(case, self.directory, self.now))

    def act(self, id: str, action: Action, parts: tuple[str, ...] = (), **said: Any) -> Case:
        """What a person does; `parts` are the parties among which a case is split. Raises what `decide` raises."""
        wanted = tuple(PartWanted(f"p{next(self._part)}", party, f"{party}的部分") for party in parts)
        command = Command(action, parts=wanted, **said)
        return self.take(decide(self.cases[id], command, self.cases, self.directory, self.now))

    def answer(self, id: str, solved: bool) -> Case:
        """The reporter says how it was."""
        return self.take(follow_up(self.cases[id], FollowUp(True, solved, solved), self.now))

    def take_back(self, id: str) -> Case:
        """The reporter withdraws."""
        return self.take(withdraw(self.cases[id], None, self.now))

    def take(self, step: Step) -> Case:
        """A step and all that follows; each is checked to be the next of its case's story."""
        for case, event in cascade(step, self.cases, self.directory, self.now):
            before = self.cases.get(case.id)
            assert case.version == (before.version if before else 0) + 1, "versions are contiguous"
            assert (event.case_id, event.state, event.party) == (case.id, case.state, case.party)
            self.cases[case.id] = scheduled(case, self.directory)
            self.told.append(event)
        return self.cases[step[0].id]

    def wait(self, time: timedelta) -> None:
        """The time goes by, and the timer does what falls due, in order."""
        until = self.now + time
        while due := min(((case.due_at, id) for id, case in self.cases.items() if case.due_at), default=None):
            moment, id = due
            if moment > until:
                break
            self.now = max(moment, self.now)
            step = tick(self.cases[id], self.directory, self.now)
            assert step, "the timer was called for nothing, and would be for ever"
            self.take(step)
        self.now = until

    def heard(self, id: str, since: int = 0) -> list[str]:
        """What was told in a case's story, by short name, after so many events of the office."""
        return [event.TYPE.split(".")[2] for event in self.told[since:] if event.case_id == id]

    def change(self, id: str, **fields: Any) -> None:
        """Make a case what a test needs it to be."""
        self.cases[id] = altered(self.cases[id], **fields)

    def at(self, id: str) -> tuple[str, str | None]:
        """Where a case stands, and with whom."""
        return self.cases[id].state.value, self.cases[id].party


def later(moment: datetime | None, than: datetime) -> bool:
    """Whether there is a moment, and it lies ahead."""
    return moment is not None and moment > than
