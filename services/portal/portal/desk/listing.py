"""The desk's list, as workflow gives it to who asks, with how many cases each view has."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.desk.filters import PAGE, VIEWS, Filters
from portal.desk.given import AtTheDesk
from portal.desk.names import Names
from portal.desk.next_step import Next, next_step

COUNTED_FOR = 5.0
"""Seconds for which a count is good: all of a person's pages ask for it every ten."""
_counted: dict[tuple[str, str], tuple[float, int]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    case: Mapping[str, Any]
    next: Next
    names: Names


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of it."""

    rows: Sequence[Row]
    following: str | None
    """The address of the next page."""


async def listing(here: AtTheDesk, filters: Filters, watched: Sequence[str]) -> Listing:
    """Raises what workflow says."""
    if filters.view == "watching" and not watched:
        return Listing((), None)
    found = await here.read("/v1/cases", {**filters.asked(here.person.party, watched), "limit": PAGE})
    names = await names_of(here, {each["community"] for each in found["items"]})
    now = here.now
    rows = [Row(each, next_step(each, now), names[each["community"]]) for each in found["items"]]
    following = filters.but(cursor=found["next"]).address if found["next"] else None
    return Listing(rows, following)


async def names_of(here: AtTheDesk, communities: set[str]) -> dict[str, Names]:
    ids = sorted(communities)
    return dict(zip(ids, await asyncio.gather(*(here.names(id) for id in ids)), strict=True))


async def counts(here: AtTheDesk, community: str | None, watched: Sequence[str]) -> dict[str, int]:
    """How many cases each view has."""
    views = [Filters(view=view, community=community) for view in VIEWS if view != "watching"]
    numbers = await asyncio.gather(*(count(here, each) for each in views))
    return {each.view: number for each, number in zip(views, numbers, strict=True)} | {"watching": len(watched)}


async def count(here: AtTheDesk, filters: Filters, watched: Sequence[str] = ()) -> int:
    """How many cases a filter finds."""
    if filters.view == "watching" and not watched:
        return 0
    filters = filters.but()
    key = here.person.session, filters.query
    at, known = _counted.get(key, (0.0, 0))
    if time.monotonic() - at < COUNTED_FOR:
        return known
    asked = {**filters.asked(here.person.party, watched), "limit": 1, "count": "true"}
    number = int((await here.read("/v1/cases", asked))["total"])
    if len(_counted) > 5_000:
        _counted.clear()
    _counted[key] = time.monotonic(), number
    return number


async def states(here: AtTheDesk, community: str | None) -> Mapping[str, int]:
    """How many cases stand how, of all that the person sees."""
    said = await here.read("/v1/case-counts", {"community": community} if community else None)
    found: Mapping[str, int] = said["by_state"]
    return found
