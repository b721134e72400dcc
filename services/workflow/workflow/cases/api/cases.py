"""Routes that read cases."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response

from linli.contracts.base import Slug
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.permissions import ACT, ASK_WHAT_ENDED, DECIDE, LOOK_UP_CASES, READ_CASES
from linli.gathering import few_at_once
from linli.security.auth import Who, counts_as, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.problems import not_found
from workflow.cases.allowed import visible_case
from workflow.cases.api.bodies import Lookup
from workflow.cases.api.filters import NO_FOLLOWER, CaseQuery, CountedFilters, query_at, query_of, within
from workflow.cases.api.given import StoreDep
from workflow.cases.api.searching import place_in
from workflow.cases.api.tracking import Before
from workflow.cases.api.views import (
    CasePage,
    CaseStory,
    Counts,
    Ended,
    EvidenceView,
    Found,
    HistoryEntry,
    NearPlace,
    PartyCount,
    PartyName,
    Routing,
    RuleTrial,
    Totals,
    case_view,
    evidence_view,
    matches_view,
    parts_stand,
)
from workflow.cases.document import next_owed
from workflow.cases.domain.access import DECISIONS
from workflow.cases.domain.case import Case
from workflow.cases.domain.owed import holidays_unknown
from workflow.cases.domain.possible import may_be_rated, possible
from workflow.cases.domain.routing import Assignment, route, trials
from workflow.cases.erasure import ended, relatives
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["cases"])
internal = router(prefix="/internal/v1", tags=["internal"])
READS = needs(READ_CASES)
COUNTED_AT_ONCE = 4
"""Filters of one request: the database has others to answer too."""
COUNTED_WITHIN = 5.0
"""Seconds for all filters of one request together."""
NEAR = 100.0
"""Metres: what is that close may be where the matter really is, for no map and no telephone is exact."""
LEADS_TO_REPORTER = frozenset({"resident_id", "tracking_hash"})
"""The pseudonym is for who may look up residents; what a tracking code comes to is for nobody."""


@routes.get("/cases", dependencies=[READS], responses=problems(422))
async def cases(who: Who, store: StoreDep, wanted: Annotated[CaseQuery, Query()]) -> CasePage:
    """Cases, newest first unless said; for a party, its own and those below it. A page stays where it is.

    Followers are left out unless requested, or searched by words, number or id: their head is listed.
    """
    after, limit = place_in(wanted.sort, wanted.cursor), wanted.limit
    directories = await store.communities.directories()
    filters = await query_of(wanted, who, store, directories)
    found = await store.listing(filters, after, limit + 1, wanted.sort)
    more, found = len(found) > limit, found[:limit]
    return CasePage(
        items=[case_view(case, directories.get(case.community)) for case in found],
        next=str(wanted.sort.place(found[-1], next_owed(found[-1]))) if more else None,
        total=await store.count(filters) if wanted.count else None,
    )


@routes.post("/cases:count", dependencies=[READS], responses=problems(400, 413, 422))
async def count(who: Who, store: StoreDep, body: CountedFilters, request: Request) -> Totals:
    """How many cases each of up to 20 filters finds, in their order; for a party, of those that it sees.

    Counting ends at `at_most`, and after five seconds: what is not counted by then is null. Counts as one request for
    each filter. `GET /v1/cases?count=true` counts one filter to its end.
    """
    await counts_as(len(body.filters), request, who, READ_CASES)
    until = time.monotonic() + COUNTED_WITHIN
    directories = await store.communities.directories()
    queries = [await query_at(place, each, who, store, directories) for place, each in enumerate(body.filters)]

    async def counted(query: Mapping[str, Any]) -> int | None:
        return await store.count_within(query, body.at_most, until - time.monotonic())

    return Totals(totals=await few_at_once(counted, queries, COUNTED_AT_ONCE))


@routes.post("/cases:lookup", dependencies=[needs(LOOK_UP_CASES)], responses=problems(400, 413, 422))
async def lookup(store: StoreDep, body: Lookup) -> Found:
    """The state of up to 1,000 cases at once, by id."""
    states = await store.states(body.ids)
    return Found(found={id: CaseState(state) for id, state in states.items()})


@routes.post("/cases:relatives", dependencies=[needs(LOOK_UP_CASES)], responses=problems(400, 413, 422))
async def related(store: StoreDep, body: Lookup) -> Found:
    """The cases that up to 1,000 were ever merged with, and the parts of those, each with its state.

    What staff wrote in one of them is told in the others too, so an erasure takes it from all.
    """
    found = await relatives(store, frozenset(body.ids))
    return Found(found={id: case.state for id, case in found.items()})


@internal.post("/cases:ended", dependencies=[needs(ASK_WHAT_ENDED)], responses=problems(400, 413, 422))
async def over(store: StoreDep, body: Lookup) -> Ended:
    """For intake alone: which of up to 1,000 cases are closed or withdrawn, and since when nothing has happened.

    A case that was ever merged is over when the last of those is.
    """
    return Ended(ended=dict(await ended(store, frozenset(body.ids))))


@routes.get("/case-counts", dependencies=[READS], responses=problems(422))
async def counts(store: StoreDep, who: Who, community: Slug | None = None) -> Counts:
    """How many cases there are, by state and by responsible party; for a party, of those that it sees.

    What many reported is one case here: those that follow another are not counted.
    """
    directories = await store.communities.directories()
    filters = {"merged_into": NO_FOLLOWER} | ({"community": community} if community else {})
    rows = await store.counts(within(who, filters, directories))
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


@routes.get("/cases/{id}", dependencies=[READS], responses=problems(404, 422))
async def case(id: str, store: StoreDep, response: Response, who: Who, before: Before = None) -> CaseStory:
    """One case with its history: the newest steps, and with `before` those before them."""
    found, directory = await visible_case(store, id, who)
    steps = await store.history(id, before)
    history = [_entry(entry, who) for entry in steps.shown]
    response.headers["ETag"] = f'"{found.version}"'
    view = case_view(found, directory)
    evidence = [evidence_view(each, EvidenceView) for each in found.evidence]
    family = await store.cases([*found.family.parts, *([found.family.part_of] if found.family.part_of else [])])
    parts = [family[id] for id in found.family.parts if id in family]
    return CaseStory(
        **view.model_dump(),
        evidence=evidence,
        history=history,
        earlier=steps.earlier,
        parts_stand=parts_stand(parts, directory),
        holidays_unknown=holidays_unknown(found, directory) if directory else [],
        may=_may(found, who, family, directory, store.now()) if directory else [],
    )


@routes.get("/cases/{id}/routing", dependencies=[READS], responses=problems(404))
async def routing(id: str, store: StoreDep, who: Who) -> Routing:
    """Why the rules sent it where they did: worked out again from what they saw and the version in force then."""
    found, _ = await visible_case(store, id, who)
    directory = await store.communities.directory(found.community, found.community_version)
    if directory is None:
        raise not_found("version")
    facts = found.when_routed.facts(directory)
    outcome = route(facts, directory)
    rule = outcome.rule if isinstance(outcome, Assignment) else None
    tried = [
        RuleTrial(
            rule=trial.rule.id,
            name=trial.rule.name,
            matched=trial.matched,
            failed_on=trial.failed_on,
            matches=matches_view(trial.matches),
        )
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
        neighbourhood=found.about.neighbourhood,
        near=[
            NearPlace(id=place.id, name=place.name, metres=round(apart))
            for place, apart in (directory.near(found.about.location, NEAR) if found.about.location else ())
            if place.id != found.about.neighbourhood
        ],
        tried=tried,
        holidays_unknown=holidays_unknown(found, directory),
    )


def _may(case: Case, who: Principal, family: Mapping[str, Case], directory: Directory, now: datetime) -> list[str]:
    """What is neither refused for what the case is nor for what the key may do."""
    names = [
        str(each)
        for each in possible(case, who, family, directory, now)
        if who.may(DECIDE if each in DECISIONS else ACT)
    ]
    if who.may(ACT):
        names.append("evidence")
    if who.may(DECIDE) and may_be_rated(case, who, now):
        names.append("follow_up")
    return names


def _entry(entry: Mapping[str, Any], who: Principal) -> HistoryEntry:
    """An event as it was told, but for what leads to the reporter: to a party no more than in a webhook."""
    hidden = LEADS_TO_REPORTER if who.role is Role.PARTY else LEADS_TO_REPORTER - {"resident_id"}
    data = {name: value for name, value in entry["data"].items() if name not in hidden}
    return HistoryEntry(**dict(entry) | {"data": data}, by=data["by"])


def _name(directory: Directory | None, party: str) -> str | None:
    found = directory.party(party) if directory else None
    return found.name if found else None
