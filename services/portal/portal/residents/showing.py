"""The page of a tracked case, however it came to be shown."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request, Response

from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.renewal import words as affairs
from portal.residents.passing import Onward
from portal.residents.tracked import Tracked, what_happened
from portal.services import NOT_TO_BE_HAD, Caller, Services, or_none

CODE = "X-Tracking-Code"


def tracked_page(
    request: Request,
    pages: Pages,
    tracked: Tracked,
    photos: Sequence[str] = (),
    *,
    said: str | None = None,
    problem: Problem | None = None,
    words: str = "",
    way: Mapping[str, Any] | None = None,
) -> Response:
    """With a word of thanks, or with why something was not taken and what was meant to be said."""
    return pages.page(
        request,
        "residents/track.html",
        problem.status if problem else 200,
        tracked=tracked,
        photos=photos,
        what_happened=what_happened,
        said=said,
        refused=str(document(problem)["detail"]) if problem else None,
        words=words,
        way=way,
        w=affairs,
    )


async def shown_photos(onward: Onward, tracked: Tracked, caller: Caller) -> list[str]:
    """The ids of the reporter's own photos; none while intake does not say."""
    path = at("/v1/submissions/{id}/attachments", id=tracked.id)
    answer = await or_none(onward.open("intake", "GET", path, caller.headers(**{CODE: tracked.code})), NOT_TO_BE_HAD)
    if answer is None:
        return []
    try:
        found: Mapping[str, list[Mapping[str, str]]] = orjson.loads(await answer.aread())
    finally:
        await answer.aclose()
    return [each["id"] for each in found.get("items", ())] if answer.status_code == 200 else []


async def way_of(services: Services, tracked: Tracked, caller: Caller) -> Mapping[str, Any] | None:
    """What common affairs have made of it; None where they have not, or do not say at the moment."""
    path = at("/v1/lineage/{id}/public", id=tracked.id)
    found: Mapping[str, Any] | None = await or_none(services.get("neighbourhood", path, caller), NOT_TO_BE_HAD)
    return found if found and any(each["stage"] not in {"case", "end"} for each in found["steps"]) else None
