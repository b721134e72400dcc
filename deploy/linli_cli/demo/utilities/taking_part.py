"""What the utilities of a run have said and heard: each by its way."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from confluent_kafka import KafkaException

from linli.contracts.workflow.partner import Way
from linli_cli.demo.script import Step
from linli_cli.demo.utilities.by_open311 import Open311
from linli_cli.demo.utilities.desk import Program, Silent

DID = {"accept": "accepted", "progress": "progressed", "resolve": "done", "return": "returned"}
"""A party's action → what a partner's update says. Others, such as to close, are the office's."""
APPLIED = "applied"
WAYS: Mapping[str, Way] = {
    "water-company": Way.KAFKA,
    "power-company": Way.WEBHOOK,
    "gas-company": Way.PULL,
    "heating-company": Way.PULL,
    "telecom-company": Way.OPEN311,
}
"""Utility → by which way it takes part."""


@dataclass(frozen=True)
class Figures:
    """How one utility took part."""

    party: str
    name: str
    way: Way
    orders: int
    updates: int
    applied: int
    skipped: str | None = None
    """Why it took no part."""
    fault: str | None = None
    """What it could not do."""
    reports: int | None = None
    followed: int | None = None
    """Of its reports, those whose end it has seen; None where it reports nothing."""

    def fits(self, *, may_skip: bool) -> bool:
        """Whether it took part as it should, or could not where that may be."""
        return self.whole or (may_skip and self.skipped is not None)

    @property
    def whole(self) -> bool:
        """It had orders, each of its updates was applied, and it saw the end of what it reported."""
        return (
            self.skipped is None
            and bool(self.orders)
            and bool(self.updates)
            and self.updates == self.applied
            and self._heard
        )

    @property
    def _heard(self) -> bool:
        return self.reports is None or (self.reports > 0 and self.reports == self.followed)


@dataclass
class Utilities:
    """Those that take part, with their programs, and those that cannot."""

    names: Mapping[str, str]
    """Party's id → its name."""
    programs: dict[str, Program] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """Why."""
    faults: dict[str, str] = field(default_factory=dict)
    """What a utility could not do, the first of it."""
    _updates: Counter[str] = field(default_factory=Counter)
    _applied: Counter[str] = field(default_factory=Counter)

    def has(self, party: str) -> bool:
        """Whether it is a utility, by whichever way its part is played."""
        return party in WAYS

    def answers(self, party: str, step: Step) -> bool:
        """Whether its own program takes this step."""
        return party in self.programs and step.action in DID

    async def answer(self, case: Mapping[str, Any], step: Step) -> bool:
        """Let the program of the case's party say that it has taken this step; whether that was applied."""
        party = case["party"]["id"]
        self._updates[party] += 1
        outcome = None
        with self._noted(party):
            outcome = await self.programs[party].answer(case["id"], DID[step.action], step.words)
        self._applied[party] += outcome == APPLIED
        return outcome == APPLIED

    @property
    def reports(self) -> list[str]:
        """What utilities have reported themselves."""
        return [id for program in self._reporting.values() for id in program.reports]

    async def report(self) -> None:
        """Let those that speak Open311 report what they see."""
        for party, program in self._reporting.items():
            with self._noted(party):
                await program.report()

    async def follow(self) -> None:
        """Let them see what became of it."""
        for party, program in self._reporting.items():
            with self._noted(party):
                await program.follow()

    @property
    def _reporting(self) -> dict[str, Open311]:
        return {party: program for party, program in self.programs.items() if isinstance(program, Open311)}

    @contextmanager
    def _noted(self, party: str) -> Iterator[None]:
        """The demo goes on without what a utility could not do; its figures tell."""
        try:
            yield
        except (Silent, httpx2.HTTPError, KafkaException) as error:
            self.faults.setdefault(party, str(error) or type(error).__name__)

    def figures(self, cases: Collection[str]) -> list[Figures]:
        """How each took part in these cases."""
        return [self._of(party, cases) for party in WAYS]

    def _of(self, party: str, cases: Collection[str]) -> Figures:
        program = self.programs.get(party)
        orders = sum(id in cases for id in program.orders) if program else 0
        told = program.said() if isinstance(program, Open311) else {}
        name, counts = self.names.get(party, party), (self._updates[party], self._applied[party])
        why = self.skipped.get(party), self.faults.get(party)
        return Figures(party, name, WAYS[party], orders, *counts, *why, **told)
