"""Trying changed rules on past messages, before they are put in force: which would go elsewhere, and why."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Attribute, Point
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.permissions import TRY_POLICIES
from linli.security.auth import needs
from linli.text.fields import Line, Paragraphs
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.problems import Problem, not_found
from linli.web.rfc3339 import Moment
from workflow.cases.api.given import StoreDep
from workflow.cases.api.views import PartyName, RuleMatch, matches_view
from workflow.cases.domain.matching import Facts
from workflow.cases.domain.routing import Assignment, local_time, route, trials
from workflow.community.api.community_body import checked
from workflow.community.api.routes import MOST_BYTES
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["rules"])

_trying = asyncio.Lock()
BATCH = 100
"""Cases between two rests."""
MOST_MESSAGES = 1_000
MOST_SHOWN = 500
"""Changes that are named one by one; the sums count all."""


class Message(Record):
    """What somebody might say."""

    ref: Annotated[str, Line(128)] = ""
    """Whatever the caller knows it by."""
    kind: Kind = Kind.REPORT
    channel: Channel = Channel.WEB
    title: Annotated[str, Line(200, 1)]
    text: Annotated[str, Paragraphs(8_000)] = ""
    place: Annotated[str, Line(200)] = ""
    neighbourhood: Slug | None = None
    category: Slug | None = None
    location: Point | None = None
    attributes: dict[Slug, Attribute] = Field(default_factory=dict, max_length=20)
    at: Moment | None = Field(None, description="When it comes in, for rules that look at the hour; now")


class RulesTrial(Record):
    """Changed data of a community, and on what they are tried: messages, or all its cases."""

    community: Slug = Field(examples=["fushan-road"])
    data: dict[str, Any] = Field(
        description="What is changed of the community's data, as in `PUT /v1/communities/{id}`: `rules` alone, or all",
        examples=[{"rules": []}],
    )
    messages: list[Message] | None = Field(None, max_length=MOST_MESSAGES)


class Way(Record):
    """Where rules send something."""

    outcome: str
    """`dispatched`, `no_rule`, `nobody_fills_role` or `rule_failed`."""
    rule: str | None
    party: PartyName
    matches: list[RuleMatch]
    """What of it the rule rests on."""


class Rerouted(Record):
    """One that would go elsewhere, or by another rule."""

    ref: str
    """A case's id, or what the message is known by."""
    title: str
    before: Way
    after: Way


class RulesResult(Record):
    """What the changed data would make of them."""

    community: str
    tried: int
    changed: int
    """By another rule, or to another party."""
    elsewhere: int
    """Those of them that another party would get."""
    from_rule: dict[str, int]
    """Rule that decides today → how many it loses; `triage` for those that no rule sends anywhere."""
    to_rule: dict[str, int]
    """Rule that would decide → how many it gains."""
    changes: list[Rerouted]
    """The first 500."""


@routes.post(
    "/rules:try",
    dependencies=[needs(TRY_POLICIES), takes(MOST_BYTES)],
    responses=problems(400, 404, 409, 413, 422),
)
async def try_rules(store: StoreDep, body: RulesTrial) -> RulesResult:
    """Route every case of the community, or the messages, by its data and by the changed data, and compare."""
    present = await store.communities.directory(body.community)
    if present is None:
        raise not_found("community")
    if _trying.locked():
        raise Problem("busy", 409, "Another draft is being tried; this takes a processor for itself.", retry_after=10)
    async with _trying:
        drafted = await asyncio.to_thread(_drafted, present, body.data)
        comparison = _Comparison(present, drafted)
        if body.messages is not None:
            await asyncio.to_thread(comparison.add_messages, body.messages, store.now())
        else:
            async for cases in store.all_of(body.community, BATCH):
                subjects = [
                    (case.id, case.facts(present), case.about.location) for case in cases if not case.family.merged_into
                ]
                began = time.monotonic()
                await asyncio.to_thread(comparison.add, subjects)
                await asyncio.sleep((time.monotonic() - began) / 2)  # a third of the time is everybody else's
    return comparison.result()


def _drafted(present: Directory, data: dict[str, Any]) -> Directory:
    whole = present.community.model_dump(mode="json") | data | {"id": present.community.id}
    return Directory(checked(whole), present.version)


class _Comparison:
    """Counts what differs between two versions of a community's data."""

    def __init__(self, present: Directory, drafted: Directory) -> None:
        self._present, self._drafted = present, drafted
        self._tried = self._elsewhere = self._changed = 0
        self._from: Counter[str] = Counter()
        self._to: Counter[str] = Counter()
        self._changes: list[Rerouted] = []

    def add_messages(self, messages: Sequence[Message], now: datetime) -> None:
        self.add([*self._facts(messages, now)])

    def add(self, subjects: Sequence[tuple[str, Facts, Point | None]]) -> None:
        for ref, facts, location in subjects:
            self._compare(ref, facts, location)

    def _facts(self, messages: Sequence[Message], now: datetime) -> Iterator[tuple[str, Facts, Point | None]]:
        for message in messages:
            fields = {
                name: getattr(message, name) for name in ("kind", "channel", "category", "title", "text", "place")
            }
            at = local_time(message.at or now, self._present)
            facts = Facts(
                **fields, neighbourhood=message.neighbourhood, attributes=dict(message.attributes), local_time=at
            )
            yield message.ref, facts, message.location

    def _compare(self, ref: str, facts: Facts, location: Point | None) -> None:
        before, after = _way(facts, location, self._present), _way(facts, location, self._drafted)
        self._tried += 1
        if (before.rule, before.party.id) == (after.rule, after.party.id):
            return
        self._changed += 1
        self._elsewhere += before.party.id != after.party.id
        self._from[before.rule or "triage"] += 1
        self._to[after.rule or "triage"] += 1
        if len(self._changes) < MOST_SHOWN:
            self._changes.append(Rerouted(ref=ref, title=facts.title, before=before, after=after))

    def result(self) -> RulesResult:
        return RulesResult(
            community=self._present.community.id,
            tried=self._tried,
            changed=self._changed,
            elsewhere=self._elsewhere,
            from_rule=dict(self._from.most_common()),
            to_rule=dict(self._to.most_common()),
            changes=self._changes,
        )


def _way(facts: Facts, location: Point | None, directory: Directory) -> Way:
    """Where it goes; a point that names no neighbourhood is located by outline, as when a case is opened."""
    if facts.neighbourhood is None and location is not None:
        facts = facts.located(directory.locate(location))
    outcome = route(facts, directory)
    decided = [trial for trial in trials(facts, directory) if trial.matched]
    return Way(
        outcome="dispatched" if isinstance(outcome, Assignment) else outcome.reason,
        rule=outcome.rule.id if isinstance(outcome, Assignment) else None,
        party=PartyName(id=outcome.party.id, name=outcome.party.name),
        matches=matches_view(decided[0].matches) if decided else [],
    )
