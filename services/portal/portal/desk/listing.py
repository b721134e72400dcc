"""The desk's list, as workflow gives it to who asks, and how many cases others would have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.gathering import few_at_once
from portal.desk.filters import PAGE, Filters
from portal.desk.given import AtTheDesk
from portal.desk.names import Names
from portal.desk.next_step import Next, next_step


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
    return dict(zip(ids, await few_at_once(here.names, ids), strict=True))


async def totals(here: AtTheDesk, filters: Sequence[Filters], watched: Sequence[str]) -> list[int | None]:
    """How many cases each finds, as a list of it would have them; None for what cannot be counted. Raises what workflow
    says."""
    counted = [each for each in filters if watched or each.view != "watching"]
    asked = [each.but().asked(here.person.party, watched) for each in counted]
    found = iter(await here.desk.counting.totals(asked, here.person, here.caller))
    return [next(found) if watched or each.view != "watching" else 0 for each in filters]
