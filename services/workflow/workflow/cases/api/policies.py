"""Trying a draft of escalation policies on existing cases before it is put in force."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field, ValidationError

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.case import CaseEscalated
from linli.contracts.workflow.community import Community, EscalationPolicy
from linli.contracts.workflow.permissions import TRY_POLICIES
from linli.security.auth import needs
from linli.web.app import field_errors, problems, router
from linli.web.bodies import takes
from linli.web.problems import Problem, not_found
from linli.web.rfc3339 import Moment
from workflow.cases.api.given import StoreDep
from workflow.cases.domain.case import Case
from workflow.cases.domain.replay import replay
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["policies"])

_trying = asyncio.Lock()
MOST_DRAFT = 256 * 1024
"""Bytes: a kilobyte for each of the 200 policies."""
BATCH = 100
"""Cases between two rests."""


class Trial(Record):
    """A draft, and the community on whose cases it is tried."""

    community: Slug = Field(examples=["fushan-road"])
    escalation: Annotated[tuple[EscalationPolicy, ...], Field(max_length=200)] = Field(
        examples=[[{"id": "ordinary", "name": "一般事项", "within": {"grid": "P1D"}, "remind_before": "PT2H"}]]
    )
    until: Moment | None = Field(None, description="What nobody did anything about goes on until then; now")


class Group(Record):
    """Cases that have something in common, and how many of them would have been escalated."""

    id: str
    name: str
    cases: int
    escalated: int
    steps: int
    """Levels climbed, altogether."""


class TrialResult(Record):
    """What the draft would have made of the past."""

    community: str
    cases: int
    escalated: int
    by_level: dict[str, int]
    """Level that a case would have reached → escalations to it; `other` for a party outside the tree."""
    by_deadline: dict[str, int]
    by_category: list[Group]
    by_party: list[Group]


@routes.post(
    "/policies:try",
    dependencies=[needs(TRY_POLICIES), takes(MOST_DRAFT)],
    responses=problems(400, 404, 409, 413, 422),
)
async def try_policies(store: StoreDep, body: Trial) -> TrialResult:
    """Every case of the community again, from its submission, by the draft in place of the policies in force."""
    present = await store.communities.directory(body.community)
    if present is None:
        raise not_found("community")
    drafted = dict(present.community) | {"escalation": body.escalation}
    try:
        directory = Directory(Community.model_validate(drafted), present.version)
    except ValidationError as error:
        faults = field_errors(error.errors())
        raise Problem("invalid", 422, "; ".join(each["message"] for each in faults), errors=faults) from None
    until = body.until or store.now()
    if _trying.locked():
        raise Problem("busy", 409, "Another draft is being tried; this takes a processor for itself.", retry_after=10)
    async with _trying:
        tally = _Tally()
        async for cases in store.all_of(body.community, BATCH):
            began = time.monotonic()
            await asyncio.to_thread(tally.add, cases, directory, until)
            await asyncio.sleep((time.monotonic() - began) / 2)  # a third of the time is everybody else's
    return tally.result(body.community, directory)


class _Tally:
    def __init__(self) -> None:
        self._cases: Counter[tuple[str, str]] = Counter()
        self._escalated: Counter[tuple[str, str]] = Counter()
        self._steps: Counter[tuple[str, str]] = Counter()
        self._levels: Counter[str] = Counter()
        self._deadlines: Counter[str] = Counter()

    def add(self, cases: Sequence[Case], directory: Directory, until: datetime) -> None:
        for case in cases:
            if case.family.merged_into:  # it has no deadlines of its own; its matter is in the case that it follows
                continue
            self._count(case, list(replay(case, directory, until)))

    def _count(self, case: Case, ups: list[CaseEscalated]) -> None:
        for group in (
            ("all", ""),
            ("category", case.about.category or ""),
            ("party", case.first_party or case.party or ""),
        ):
            self._cases[group] += 1
            self._escalated[group] += bool(ups)
            self._steps[group] += len(ups)
        self._levels.update(up.level.value if up.level else "other" for up in ups)
        self._deadlines.update(up.deadline.value for up in ups)

    def result(self, community: str, directory: Directory) -> TrialResult:
        categories = {category.id: category.name for category in directory.community.categories}
        parties = {party.id: party.name for party in directory.community.parties}
        whole = ("all", "")
        return TrialResult(
            community=community,
            cases=self._cases[whole],
            escalated=self._escalated[whole],
            by_level=dict(self._levels),
            by_deadline=dict(self._deadlines),
            by_category=self._groups("category", categories),
            by_party=self._groups("party", parties),
        )

    def _groups(self, kind: str, names: dict[str, str]) -> list[Group]:
        """Those with the most escalations first."""
        found = [
            Group(
                id=key,
                name=names.get(key, ""),
                cases=count,
                escalated=self._escalated[kind, key],
                steps=self._steps[kind, key],
            )
            for (which, key), count in self._cases.items()
            if which == kind
        ]
        return sorted(found, key=lambda group: (-group.escalated, -group.cases, group.id))
