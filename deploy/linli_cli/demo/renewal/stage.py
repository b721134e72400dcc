"""Where the story is played: a running system, its office, people with keys of their own, and a clock put ahead."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from linli_cli.demo.renewal.story import COMMUNITY, NEIGHBOURHOOD
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

LOOKS = 300
"""Tenths of a second of real time until a service has heard of a new key."""
PLACE = {"community": COMMUNITY, "neighbourhood": NEIGHBOURHOOD}


class Speaker(Protocol):
    """Asks a service, as an operator, with somebody's key, or as anybody; raises for whatever is not answered well."""

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any: ...

    async def knows(self, service: Any, headers: Mapping[str, str]) -> bool:
        """Whether a service has heard of somebody's key."""

    async def post(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Any: ...

    async def refused(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Why it is refused, by the word for programs. Raises AssertionError when it is not."""

    async def photo(self, service: Any, path: str, taken_at: datetime, headers: Mapping[str, str]) -> str:
        """Send a picture that no other is like, as a telephone does; its hash."""


@dataclass(slots=True)
class Person:
    """Somebody with a key."""

    id: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Stage:
    """What all acts share; `seen` is what they found, for the figures at the end."""

    speaker: Speaker
    zone: ZoneInfo
    """The community's: what is done on a day is done on its day there."""
    seen: dict[str, Any] = field(default_factory=dict)

    async def get(self, path: str, *, operator: bool = True, **params: Any) -> Any:
        return await self.speaker.get("neighbourhood", path, operator=operator, **params)

    async def do(self, path: str, body: Any = None, *, operator: bool = True, by: Person | None = None) -> Any:
        """By the office, by somebody with a key, or (`operator=False`) by who has a code alone."""
        headers = by.headers if by else None
        return await self.speaker.post("neighbourhood", path, body, operator=operator and by is None, headers=headers)

    async def refused(self, path: str, body: Any = None, *, operator: bool = True) -> str:
        return await self.speaker.refused("neighbourhood", path, body, operator=operator)

    async def later(self, **span: float) -> datetime:
        """Put the clock ahead, and say what time it is then, there."""
        moved = await self.do("/v1/clock:ahead", {"seconds": int(timedelta(**span).total_seconds())})
        return datetime.fromisoformat(moved["now"]).astimezone(self.zone)

    async def now(self) -> datetime:
        return await self.later(seconds=0)

    async def person(self, name: str, **wanted: Any) -> Person:
        """Somebody new, with a key for a day of real time and for the whole play."""
        body = {"name": name, "role": "operator"} | wanted
        made = await self.speaker.post("workflow", "/v1/keys", body)
        person = Person(f"key:{made['id']}", {"Authorization": f"Bearer {made['key']}"})
        for _ in range(LOOKS):
            if await self.speaker.knows("neighbourhood", person.headers):
                return person
            await asyncio.sleep(0.1)
        raise CliError(say("Neighbourhood does not hear of new keys."), say("See what holds it up: linli status"))

    async def party(self, party: str) -> Person:
        """Who acts for a party of the community."""
        return await self.person(party, role="party", party=party, community=COMMUNITY)
