"""Routes that read cases."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response

from linli.contracts.base import Slug
from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import PartyKind
from linli.contracts.workflow.permissions import ACT, ASK_WHAT_ENDED, DECIDE, LOOK_UP_CASES, READ_CASES
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.problems import not_found
from linli.web.rfc3339 import Moment
from workflow.cases.allowed import visible_case
from workflow.cases.api.bodies import Lookup
from workflow.cases.api.given import StoreDep
from workflow.cases.api.searching import between, of_kind, place_in, with_words, words_in
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
    case_view,
    evidence_view,
    matches_view,
    parts_stand,
)
from workflow.cases.document import next_owed
from workflow.cases.domain.access import DECISIONS, seen_parties
from workflow.cases.domain.case import Case
from workflow.cases.domain.follow_up import FOLLOW_UP_WITHIN
from workflow.cases.domain.owed import holidays_unknown
from workflow.cases.domain.possible import may_be_rated, possible
from workflow.cases.domain.routing import Assignment, route, trials
from workflow.cases.erasure import ended, relatives
from workflow.cases.order import Order
from workflow.cases.store import of_parties
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["cases"])
internal = router(prefix="/internal/v1", tags=["internal"])
READS = needs(READ_CASES)
CaseId = Annotated[str, Query(max_length=64)]
NO_FOLLOWER = {"$exists": False}
HAS_REPORTER = dict.fromkeys(("part_of", "withdrawn_at", "erased_at"))
"""Somebody who can be asked how it was: of a part, and of what was taken back or erased, there is nobody."""
NEAR = 100.0
"""Metres: what is that close may be where the matter really is, for no map and no telephone is exact."""
LEADS_TO_REPORTER = frozenset({"resident_id", "tracking_hash"})
"""The pseudonym is for who may look up residents; what a tracking code comes to is for nobody."""


@routes.get("/cases", dependencies=[READS], responses=problems(422))
async def cases(
    who: Who,
    store: StoreDep,
    state: Annotated[list[CaseState] | None, Query(max_length=8, description="One of these; repeatable")] = None,
    party: Slug | None = None,
    party_kind: Annotated[
        PartyKind | None, Query(description="What the party is: a level of the tree, or a kind of company")
    ] = None,
    community: Slug | None = None,
    neighbourhood: Slug | None = None,
    kind: Kind | None = None,
    escalated_to: Annotated[Slug | None, Query(description="Which level has it since a deadline was missed")] = None,
    overdue: Annotated[bool, Query(description="Only those of which a deadline was missed")] = False,
    awaiting_follow_up: Annotated[
        bool, Query(description="Only those that are resolved and whose reporter has not answered yet")
    ] = False,
    category: Annotated[Slug | None, Query(description="With all that lies below it")] = None,
    opened_after: Moment | None = None,
    opened_before: Moment | None = None,
    called_after: Annotated[Moment | None, Query(description="By when its reporter said it")] = None,
    called_before: Moment | None = None,
    q: Annotated[
        str | None, Query(max_length=100, description="Words of title, text or place, all of which are there")
    ] = None,
    external_id: Annotated[str | None, Query(max_length=128, description="Its number at the hotline")] = None,
    id: Annotated[list[CaseId] | None, Query(max_length=100, description="Only these; repeatable")] = None,
    merged: Annotated[bool, Query(description="With those that follow another case")] = False,
    merged_into: Annotated[str | None, Query(max_length=64, description="Only those that follow this case")] = None,
    part_of: Annotated[str | None, Query(max_length=64, description="Only the parts of this case")] = None,
    sort: Annotated[
        Order, Query(description="newest; age: called first; due: owed first; updated: last")
    ] = Order.NEWEST,
    count: Annotated[bool, Query(description="Add how many there are in all")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^(?:[0-9]{1,15}~)?[0-9a-f-]{36}$")] = None,
) -> CasePage:
    """Cases, newest first unless said; for a party, its own and those below it. A page stays where it is.

    Followers are left out unless requested, or searched by words, number or id: their head is listed.
    """
    exact = {"party": party, "community": community, "neighbourhood": neighbourhood, "kind": kind}
    exact |= {"merged_into": merged_into, "part_of": part_of}
    filters: dict[str, Any] = {name: value for name, value in exact.items() if value is not None}
    if state:
        filters["state"] = state[0] if len(state) == 1 else {"$in": state}
    looked_for = bool(q or external_id or id)
    after = place_in(sort, cursor)
    if not merged and merged_into is None and not awaiting_follow_up and not looked_for:  # each reporter is asked
        filters["merged_into"] = NO_FOLLOWER
    if category:
        filters["category"] = {"$regex": f"^{re.escape(category)}(\\.|$)"}
    if escalated_to or overdue:
        filters["escalated_to"] = escalated_to or {"$exists": True}
    filters |= between("opened_at", opened_after, opened_before) | between("submitted_at", called_after, called_before)
    filters |= sort.only | ({"external_id": external_id.strip()} if external_id else {})
    if id:
        filters["_id"] = {"$in": id}
    if q:
        filters |= with_words(await store.rarest(words_in(q)))
    if awaiting_follow_up:
        since = store.now() - FOLLOW_UP_WITHIN
        unanswered = {"state": CaseState.RESOLVED.value, "answers": 0, "resolved_at": {"$gte": since}, **HAS_REPORTER}
        filters = {"$and": [filters, unanswered]} if filters else unanswered
    directories = await store.communities.directories()
    if party_kind:
        filters |= of_kind(party_kind, directories)
    filters = _within(who, filters, directories)
    found = await store.listing(filters, after, limit + 1, sort)
    more, found = len(found) > limit, found[:limit]
    return CasePage(
        items=[case_view(case, directories.get(case.community)) for case in found],
        next=str(sort.place(found[-1], next_owed(found[-1]))) if more else None,
        total=await store.count(filters) if count else None,
    )


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
    rows = await store.counts(_within(who, filters, directories))
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


def _within(who: Principal, filters: Mapping[str, Any], directories: Mapping[str, Directory]) -> dict[str, Any]:
    """The filters, narrowed to what the principal sees."""
    seen = seen_parties(who, directories.get(who.community or ""))
    if seen is None:
        return dict(filters)
    return {"$and": [dict(filters), {"community": who.community, "party": of_parties(seen)}]}


def _name(directory: Directory | None, party: str) -> str | None:
    found = directory.party(party) if directory else None
    return found.name if found else None
