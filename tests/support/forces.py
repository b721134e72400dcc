"""A task force for tests, whose seats are held by people with keys of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.affairs import PLACE, Affairs
from tests.support.keys import bearer, key_for
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import system_on


@asynccontextmanager
async def affairs_on(stack: Servers, folder: Path) -> AsyncIterator[Affairs]:
    """A system whose clock can be put ahead, and which has heard of the small community."""
    async with system_on(stack, folder, LINLI_PLAY_TIME="true") as system:
        await system.load()
        affairs = Affairs(system)

        async def heard_of_the_community() -> bool:
            answer = await affairs.ask("/v1/registers?check=true", {**PLACE, "units": []})
            return bool(answer.status_code != 503)

        await until(heard_of_the_community)
        yield affairs


class Member:
    """Somebody of a party, with a key."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.id, self.header = f"key:{made['id']}", bearer(made["key"])


async def member(affairs: Affairs, party: str) -> Member:
    return Member(await key_for(affairs.system, "party", party=party, community="test"))


async def today(affairs: Affairs) -> str:
    return (await affairs.later()).date().isoformat()


async def formed(affairs: Affairs, *seats: tuple[str, str, str]) -> str:
    """A task force with these seats: their id, their role, their holder."""
    force = str((await affairs.post("/v1/taskforces", {**PLACE, "title": "东院改造专班"}, 201))["id"])
    for seat, role, holder in seats:
        said = {"seat_id": seat, "role": role, "holder": holder, "from_day": await today(affairs)}
        await affairs.post(f"/v1/taskforces/{force}:fill_seat", said)
    return force
