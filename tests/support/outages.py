"""What a company says of outages, as its program sends it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx2

from linli.contracts.workflow.outage_report import OutageReport
from tests.support.builders import NOON
from tests.support.services import until
from tests.support.system import System

_NUMBERS = count(1)


class Utility:
    """A company's program: it has a key, and reports by HTTP."""

    def __init__(self, system: System, headers: dict[str, str], party: str = "water-co") -> None:
        self.system, self.headers, self.party = system, headers, party

    async def send(self, outage: str, did: str, /, **said: Any) -> httpx2.Response:
        """One report, with what is in every one."""
        body = {"report_id": f"r-{next(_NUMBERS)}", "outage_id": outage, "did": did}
        body |= {"occurred_at": datetime.now(UTC).isoformat()} | said
        url = f"{self.system.urls['workflow']}/v1/outages/reports"
        return await self.system.resident.post(url, json=body, headers=self.headers)

    async def say(self, outage: str, did: str, /, **said: Any) -> dict[str, Any]:
        """The receipt of a report."""
        answer = await self.send(outage, did, **said)
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def outcome(self, outage: str, did: str, /, **said: Any) -> str:
        return str((await self.say(outage, did, **said))["outcome"])

    async def figures(self, outage: str) -> dict[str, Any]:
        """The outage with what became of its reports."""
        url = f"{self.system.urls['workflow']}/v1/outages/test/{self.party}/{outage}"
        answer = await self.system.resident.get(url, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def followed_by(self, outage: str, reports: int) -> dict[str, Any]:
        """The same, once so many follow it."""

        async def so_many() -> dict[str, Any] | None:
            found = await self.figures(outage)
            return found if found["following"] == reports else None

        return await until(so_many)


def somewhere(*neighbourhoods: str, buildings: tuple[str, ...] = ()) -> dict[str, Any]:
    """An area: whole neighbourhoods, or buildings of the one that is named."""
    if not buildings:
        return {"neighbourhoods": neighbourhoods}
    return {"buildings": [{"neighbourhood": neighbourhoods[0], "name": each} for each in buildings]}


def told(did: str, outage: str = "w-1", at: datetime = NOON, /, **said: Any) -> OutageReport:
    """A report as it is read, with an area where it needs one."""
    needs = {"declared": {"area": somewhere("east")}, "area_changed": {"area": somewhere("west")}}
    needs |= {"partially_restored": {"area": somewhere("east", buildings=("3号楼",))}}
    needs |= {"extended": {"until": (NOON + timedelta(hours=9)).isoformat()}}
    data = {"report_id": f"r-{next(_NUMBERS)}", "outage_id": outage, "did": did, "occurred_at": at.isoformat()}
    return OutageReport.model_validate(data | needs.get(did, {}) | said)
