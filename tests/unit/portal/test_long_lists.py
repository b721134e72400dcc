"""A page of the office about many is no crowd of requests to the services."""

import asyncio
from types import SimpleNamespace
from typing import Any

from linli.gathering import AT_ONCE
from portal.office import keys, partners

MANY = 100
STAFF: Any = SimpleNamespace(caller=lambda _: None, permissions={"keys:change"}, may=lambda _: True)
SHOWN: Any = SimpleNamespace(page=lambda _template, **values: values)
REQUEST: Any = None


class Services:
    """Tells of many, and counts how many questions are under way."""

    def __init__(self) -> None:
        self.under_way = self.most = self.asked = 0

    async def get(self, _service: str, path: str, _caller: Any, _params: Any = None) -> Any:
        self.under_way, self.asked = self.under_way + 1, self.asked + 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        id = path.rpartition("/")[2]
        each = [{"id": str(n), "name": str(n), "community": "test", "party": f"p{n}"} for n in range(MANY)]
        return {"id": id, "name": id, "parties": [], "items": each}

    async def read(self, path: str, caller: Any, params: Any = None) -> Any:
        return await self.get("workflow", path, caller, params)


async def test_partners_and_communities_are_looked_at_few_at_a_time() -> None:
    services: Any = Services()
    shown: Any = await partners.listing(REQUEST, STAFF, services, SHOWN)
    assert len(shown["partners"]) == MANY
    await keys.form(REQUEST, STAFF, services, SHOWN)
    assert services.asked == 2 * MANY + 2
    assert services.most == AT_ONCE
