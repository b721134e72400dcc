"""Routes that read cases."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from linli.auth import Operator
from linli.contracts.base import Slug
from linli.contracts.case import CaseState
from linli.contracts.kinds import Kind
from linli.errors import not_found
from linli.web import problems, router
from workflow.api.views import (
    CasePage,
    CaseStory,
    Counts,
    Found,
    HistoryEntry,
    Lookup,
    PartyCount,
    PartyName,
    Routing,
    RuleTrial,
    case_view,
)
from workflow.domain.case import Case
from workflow.domain.directory import Directory
from workflow.domain.routing import Assignment, route, trials
from workflow.store import WorkflowStore

routes = router(prefix="/v1", tags=["cases"])

Moment = Annotated[AwareDatetime, Query(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time with its zone, within what any case can have."""


@routes.get("/cases", responses=problems(401, 403, 422, 503))
async def cases(
    request: Request,
    _: Operator,
    state: CaseState | None = None,
    party: Slug | None = None,
    community: Slug | None = None,
    neighbourhood: Slug | None = None,
    kind: Kind | None = None,
    escalated_to: Annotated[Slug | None, Query(description="Which level has it since a deadline was missed")] = None,
    overdue: Annotated[bool, Query(description="Only those of which a deadline was missed")] = False,
    category: Annotated[Slug | None, Query(description="With all that lies below it")] = None,
    opened_after: Moment | None = None,
    opened_before: Moment | None = None,
    count: Annotated[bool, Query(description="Add how many there are in all")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9a-f-]{36}$")] = None,
) -> CasePage:
    """Cases, newest first. A page stays where it is while others write."""
    exact = {"state": state, "party": party, "community": community, "neighbourhood": neighbourhood, "kind": kind}
    filters: dict[str, Any] = {name: value for name, value in exact.items() if value is not None}
    if category:
        filters["category"] = {"$regex": f"^{re.escape(category)}(\\.|$)"}
    if escalated_to or overdue:
        filters["escalated_to"] = escalated_to or {"$exists": True}
    opened = {"$gte": opened_after, "$lt": opened_before}
    if any(opened.values()):
        filters["opened_at"] = {name: moment for name, moment in opened.items() if moment}
    store: WorkflowStore = request.app.state.store
    found = await store.listing(filters, cursor, limit)
    directories = await store.directories()
    return CasePage(
        items=[case_view(case, directories.get(case.community)) for case in found],
        next=found[-1].id if len(found) == limit else None,
        total=await store.count(filters) if count else None,
    )


@routes.post("/cases:lookup", responses=problems(400, 401, 403, 413, 422, 503))
async def lookup(request: Request, body: Lookup, _: Operator) -> Found:
    """The state of up to 1,000 cases at once, by id."""
    store: WorkflowStore = request.app.state.store
    states = await store.states(body.ids)
    return Found(found={id: CaseState(state) for id, state in states.items()})


@routes.get("/case-counts", responses=problems(401, 403, 422, 503))
async def counts(request: Request, _: Operator, community: Slug | None = None) -> Counts:
    """How many cases there are, by state and by responsible party."""
    store: WorkflowStore = request.app.state.store
    rows = await store.counts({"community": community} if community else {})
    directories = await store.directories()
    by_state: dict[str, int] = {}
    by_party: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        by_state[row["state"]] = by_state.get(row["state"], 0) + row["cases"]
        states = by_party.setdefault((row["community"], row["party"]), {})
        states[row["state"]] = row["cases"]
    parties = [
        PartyCount(
            community=place,
            party=party,
            name=_name(directories.get(place), party),
            total=sum(states.values()),
            by_state=states,
        )
        for (place, party), states in sorted(by_party.items())
    ]
    return Counts(total=sum(by_state.values()), by_state=by_state, by_party=parties)


@routes.get("/cases/{id}", responses=problems(401, 403, 404, 503))
async def case(id: str, request: Request, response: Response, _: Operator) -> CaseStory:
    """One case with its whole history."""
    store: WorkflowStore = request.app.state.store
    found = await _case(store, id)
    history = [HistoryEntry(**entry, by=entry["data"]["by"]) for entry in await store.history(id)]
    response.headers["ETag"] = f'"{found.version}"'
    view = case_view(found, await store.directory(found.community))
    return CaseStory(**view.model_dump(), history=history)


@routes.get("/cases/{id}/routing", responses=problems(401, 403, 404, 503))
async def routing(id: str, request: Request, _: Operator) -> Routing:
    """Why the rules sent it where they did: worked out again from what they saw and the version in force then."""
    store: WorkflowStore = request.app.state.store
    found = await _case(store, id)
    directory = await store.directory(found.community, found.community_version)
    if directory is None:
        raise not_found("version of the community's data")
    facts = found.facts(directory)
    outcome = route(facts, directory)
    rule = outcome.rule if isinstance(outcome, Assignment) else None
    tried = [
        RuleTrial(rule=trial.rule.id, name=trial.rule.name, matched=trial.matched, failed_on=trial.failed_on)
        for trial in trials(facts, directory)
    ]
    return Routing(
        case=found.id,
        community=found.community,
        community_version=directory.version,
        outcome="dispatched" if isinstance(outcome, Assignment) else outcome.reason,
        rule=rule and rule.id,
        role=rule and rule.role,
        party=PartyName(id=outcome.party.id, name=outcome.party.name),
        neighbourhood=found.neighbourhood,
        tried=tried,
    )


async def _case(store: WorkflowStore, id: str) -> Case:
    found = (await store.cases([id])).get(id)
    if found is None:
        raise not_found("case")
    return found


def _name(directory: Directory | None, party: str) -> str | None:
    found = directory.party(party) if directory else None
    return found.name if found else None
