"""One case with all that belongs to it, asked for at once; what is not to be had at the moment is left out and said."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.web.problems import Problem
from portal.addresses import at
from portal.desk.given import AtTheDesk
from portal.desk.names import Names
from portal.desk.next_step import Clock, Next, clocks, next_step
from portal.desk.store import Presence
from portal.desk.story import Entry, timeline
from portal.services import NOT_TO_BE_HAD, or_none

LETTERS = 100
RELATIVES = 100
"""Of a family, so many are named and lead on; as many as workflow finds by their ids at once."""
SAME_AS = "same_as"
"""The attribute in which intake says what its reporter chose: a case's id. A program may write anything into it."""
_CASE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Whole:
    """What the page of a case shows. What is None could not be had."""

    case: Mapping[str, Any]
    names: Names
    next: Next
    clocks: Sequence[Clock]
    timeline: Sequence[Entry]
    letters_away: bool
    """The person may read letters, and notify does not answer."""
    routing: Mapping[str, Any] | None
    repeats: Mapping[str, Any] | None
    photos: Mapping[str, Any] | None
    same_as: Mapping[str, Any] | None
    """The earlier case that is the same matter by its reporter's word."""
    relatives: Mapping[str, Mapping[str, Any]]
    """Those of its family, now or once, that the person may open."""
    others: Sequence[Presence]
    """Who else has it open."""
    watched: bool

    def stage(self, name: str) -> list[Mapping[str, Any]]:
        return [each for each in self.case["evidence"] if each["stage"] == name]


async def case_of(here: AtTheDesk, id: str, before: int | None = None) -> Mapping[str, Any]:
    """A case with its history. Raises 404."""
    found: Mapping[str, Any] = await here.read(at("/v1/cases/{id}", id=id), {"before": before} if before else None)
    return found


async def whole(here: AtTheDesk, id: str, before: int | None) -> Whole:
    """Raises 404 for a case that is not there, or not for who asks."""
    case = await case_of(here, id, before)  # first: of what is not theirs nothing else is asked, or told to others
    ended = case["state"] in {"closed", "withdrawn"}
    (names, routing, repeats, photos, letters, same_as, relatives), others, watched = await asyncio.gather(
        asyncio.gather(
            here.names(case["community"]),
            or_none(here.read(at("/v1/cases/{id}/routing", id=id)), NOT_TO_BE_HAD),
            _nothing() if ended or case["merged_into"] else repeats_of(here, id),
            or_none(here.read(at("/v1/cases/{id}/photos", id=id)), NOT_TO_BE_HAD),
            _letters(here, id),
            _said_the_same(here, case),
            _relatives(here, case),
        ),
        here.store.here(id, here.person, here.now),
        here.store.watches(here.person.principal, id),
    )
    now = here.now
    told = timeline(case["history"], letters or (), names)
    return Whole(
        case,
        names,
        next_step(case, now),
        clocks(case, now),
        told,
        letters is None,
        routing,
        repeats,
        photos,
        same_as,
        relatives,
        others,
        watched,
    )


async def repeats_of(here: AtTheDesk, id: str) -> Mapping[str, Any] | None:
    """What may be the same matter; None where that is not to be had."""
    found: Mapping[str, Any] | None = await or_none(here.read(at("/v1/cases/{id}/repeats", id=id)), NOT_TO_BE_HAD)
    return found


async def _said_the_same(here: AtTheDesk, case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What its reporter chose before it was sent; None for nothing, what is not to be had, and once they are one."""
    said = str(case["attributes"].get(SAME_AS, ""))
    if not _CASE.fullmatch(said) or said == case["id"] or case["merged_into"]:
        return None
    other: Mapping[str, Any] | None = await or_none(case_of(here, said), NOT_TO_BE_HAD)
    return None if other and other["merged_into"] == case["id"] else other


async def _relatives(here: AtTheDesk, case: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """By id. Of the family of a party's case some may be another's, whose page it would be refused."""
    family = [case["merged_into"], case["part_of"], *case["followers"], *(part["id"] for part in case["parts_stand"])]
    for step in case["history"]:
        family += [step["data"].get("into"), step["data"].get("joined")]
        family += [part["case_id"] for part in step["data"].get("parts") or () if isinstance(part, dict)]
    ids = [id for id in dict.fromkeys(family) if id][:RELATIVES]
    asked = {"id": ids, "limit": RELATIVES, "merged": "true"}
    found = await or_none(here.read("/v1/cases", asked), NOT_TO_BE_HAD) if ids else None
    return {each["id"]: each for each in (found or {"items": ()})["items"]}


async def _letters(here: AtTheDesk, id: str) -> Sequence[Mapping[str, Any]] | None:
    """The notices of a case, none where the person may not see them; None while notify is away. Raises 401."""
    if not here.person.may("deliveries:read"):
        return ()
    try:
        found = await here.services.get("notify", "/v1/deliveries", here.caller, {"case": id, "limit": LETTERS})
    except Problem as problem:
        if problem.status == 401:
            raise
        return None if problem.status >= 500 else ()
    items: Sequence[Mapping[str, Any]] = found["items"]
    return items


async def _nothing() -> None:
    return None
