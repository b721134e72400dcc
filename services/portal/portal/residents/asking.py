"""What is asked before something is sent. A service that does not answer keeps nobody from sending."""

import asyncio
from collections.abc import Mapping
from typing import Any

from linli.contracts.kinds import Kind
from linli.text.coordinates import Crs
from portal.addresses import at
from portal.residents.public import Public
from portal.residents.report import Hints, matter_of
from portal.services import REFUSED_OR_AWAY, Caller, Name, Services, or_none


async def hints_of(said: Mapping[str, str], crs: Crs, services: Services, public: Public, caller: Caller) -> Hints:
    """Likely categories where none was chosen, earlier reports of the same, what is off there."""
    community, matter = said.get("community"), matter_of(said, crs)
    if not community or "title" not in matter:
        return Hints()
    asks_category = "category" not in matter and said.get("kind") != Kind.DISPUTE
    named = ("kind", "title", "text", "place", "neighbourhood")
    words = {name: matter[name] for name in named if name in matter}
    categories, similar, outages = await asyncio.gather(
        _asked(services, "workflow", at("/v1/services/{id}:suggest", id=community), words, caller, when=asks_category),
        _asked(services, "intake", "/v1/submissions:similar", matter, caller, when=said.get("kind") != Kind.DISPUTE),
        _off(public, community, said.get("neighbourhood"), when=said.get("kind") == Kind.REPORT),
    )
    return Hints(categories, similar, outages)


async def _asked(
    services: Services, name: Name, path: str, body: Mapping[str, Any], caller: Caller, *, when: bool
) -> list[dict[str, Any]]:
    if not when:
        return []
    found = await or_none(services.send(name, path, body, caller), REFUSED_OR_AWAY)
    return found["items"] if found else []


async def _off(public: Public, community: str, neighbourhood: str | None, *, when: bool) -> list[dict[str, Any]]:
    if not when or not neighbourhood:
        return []
    return await or_none(public.outages(community, neighbourhood), REFUSED_OR_AWAY) or []
