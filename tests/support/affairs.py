"""Common affairs over HTTP, as a subdistrict's office, tellers and owners drive them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx2

from tests.support.builders import ZONE
from tests.support.keys import bearer, key_for, known_to
from tests.support.services import until
from tests.support.system import System

SCAN = sha256(b"a scan").hexdigest()
PLACE = {"community": "test", "neighbourhood": "east"}


def units() -> list[dict[str, str]]:
    """48 units of 60 ㎡ on four stairwells; the first owner has three of them, so there are 46 heads."""
    owners = [1, 1, 1, *range(2, 47)]
    return [
        {
            "door": f"3号楼{1 + at // 12}单元{1 + at % 12 // 2}0{1 + at % 2}",
            "stairwell": f"3号楼{1 + at // 12}单元",
            "area": "60.00",
            "area_from": "登记簿",
            "owner": f"业主{owner}",
            "owner_key": f"37020219600101{owner:04}",
        }
        for at, owner in enumerate(owners)
    ]


class Affairs:
    """What is asked of neighbourhood, as an operator unless said otherwise."""

    def __init__(self, system: System) -> None:
        self.system, self.url = system, system.urls["neighbourhood"]
        self.tellers: list[tuple[str, dict[str, str]]] = []

    @property
    def operator_key(self) -> str:
        return (self.system.servers.secrets_dir / "operator.key").read_text().strip()

    async def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = await self.ask(path, body, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def ask(
        self,
        path: str,
        body: Any = None,
        client: httpx2.AsyncClient | None = None,
        method: str = "POST",
        **options: Any,
    ) -> Any:
        return await (client or self.system.operator).request(method, f"{self.url}{path}", json=body, **options)

    async def get(self, path: str, status: int = 200, **options: Any) -> Any:
        answer = await self.system.operator.get(f"{self.url}{path}", **options)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def refused(self, path: str, body: Any = None, status: int = 409, **options: Any) -> str:
        """Why a command is refused, by its word for programs."""
        answer = await self.ask(path, body, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        return str(answer.json().get("reason"))

    async def hears_of_the_community(self) -> None:
        """Wait until the copy of the community's data has come."""

        async def heard() -> bool:
            answer = await self.ask("/v1/registers?check=true", {**PLACE, "units": units()[:1]})
            return bool(answer.status_code == 200)

        await until(heard)

    async def later(self, **span: float) -> datetime:
        """Put the clock of the play ahead, and say what time it is then, where the community is."""
        moved = await self.post("/v1/clock:ahead", {"seconds": int(timedelta(**span).total_seconds())})
        return datetime.fromisoformat(moved["now"]).astimezone(ZONE)

    async def noon(self, days: int) -> datetime:
        """Put it to noon of a day ahead, where the community is: what is told in the morning has been told."""
        now = await self.later()
        there = (now + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)
        return await self.later(seconds=(there - now).total_seconds())

    # Votes -----------------------------------------------------------------------------------------------------------

    async def two_tellers(self) -> list[str]:
        """Keys of two people who count; their ids."""
        while len(self.tellers) < 2:
            made = await key_for(self.system, "operator", scopes=None)
            header = await known_to(self.system, "neighbourhood", bearer(made["key"]))
            self.tellers.append((f"key:{made['id']}", header))
        return [id for id, _ in self.tellers]

    async def register(self, listed: list[dict[str, str]] | None = None) -> str:
        made = await self.post("/v1/registers", {**PLACE, "units": units() if listed is None else listed}, 201)
        return str(made["id"])

    async def frozen(self, register: str, snapshot: str) -> dict[str, Any]:
        return dict(await self.post(f"/v1/registers/{register}:freeze", {"snapshot_id": snapshot}))

    async def prepared(self, snapshot: str, matters: list[Mapping[str, Any]], **changes: Any) -> str:
        wanted = {
            **PLACE,
            "snapshot": snapshot,
            "matters": matters,
            "channels": ["paper", "code", "proxy"],
            "tellers": await self.two_tellers(),
            "office_confirms": SCAN,
        }
        return str((await self.post("/v1/votes", wanted | changes, 201))["id"])

    async def opened(self, vote: str) -> datetime:
        """Posted, and opened when its fifteen days are over; when it closes."""
        await self.post(f"/v1/votes/{vote}:notice")
        now = await self.later(days=16)
        closes_at = now + timedelta(days=7)
        await self.post(f"/v1/votes/{vote}:open", {"closes_at": closes_at.isoformat()})
        return closes_at

    async def certified(self, vote: str) -> dict[str, Any]:
        """Both tellers find what the machine has found."""
        count = await self.get(f"/v1/votes/{vote}/count")
        told = ("matter", "approve", "oppose", "abstain")
        found = [{each: matter[each] for each in told} for matter in count["matters"]]
        for _, header in self.tellers:
            await self.post(f"/v1/votes/{vote}:certify", {"matters": found}, headers=header)
        return dict(count)
