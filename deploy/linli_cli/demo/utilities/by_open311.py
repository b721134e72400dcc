"""A utility's program that speaks Open311: its people report what they see on their rounds, and follow it."""

import asyncio
import time
from pathlib import Path
from typing import Any, Self

import httpx2

from linli_cli.demo.utilities.by_pull import Pulling
from linli_cli.demo.utilities.desk import LOOK_EVERY, WITHIN, Silent
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

REPORTS: tuple[dict[str, str], ...] = (
    {
        "service_code": "environment.green.trees",
        "description": "树枝压住通信光缆\n巡线时看到两根大杨树枝压在光缆上，请先修剪，以免断线。",
        "address_string": "3号楼东侧",
        "attribute[neighbourhood]": "huaiyin-li",
    },
    {
        "service_code": "roads.paving.damage",
        "description": "通信井旁路面塌陷\n井圈外路面下沉约十公分，已放置警示桩，请尽快修补。",
        "address_string": "11号楼与17号楼之间的主路",
        "attribute[neighbourhood]": "wangshan-xincun",
    },
)
DONE = "closed"
"""What Open311 says of a request that is resolved, too."""
AGAIN_AFTER = 0.3


class Open311(Pulling):
    """Its orders it fetches as others do; what others are to mend it reports by the portal."""

    def __init__(self, kit: Path, workflow: str, notify: str, portal: str, community: str) -> None:
        super().__init__(kit, workflow, notify)
        self._portal = f"{portal}/open311/v2"
        key = (kit / "open311.key").read_text(encoding="utf-8").strip()
        self._by = {"api_key": key, "jurisdiction_id": community}
        self.reports: list[str] = []
        self.followed: dict[str, str] = {}
        """Report → its status, as the portal said it last."""

    async def __aenter__(self) -> Self:
        """Raises `CliError` where the portal cannot be reached from here."""
        try:
            await self.http.get(f"{self._portal}/discovery.json")
        except httpx2.TransportError as error:
            await self.http.aclose()
            raise CliError(say("the portal at {url} is not reached from here", url=self._portal)) from error
        return await super().__aenter__()

    async def report(self) -> list[str]:
        """Send its reports; their ids. Raises `Silent`."""
        until = time.monotonic() + WITHIN
        while len(self.reports) < len(REPORTS):
            form = self._by | REPORTS[len(self.reports)]
            answer = await self.http.post(f"{self._portal}/requests.json", data=form)
            if answer.status_code == 201:
                self.reports.append(answer.json()[0]["service_request_id"])
            elif time.monotonic() > until:
                raise Silent(f"Open311: {answer.status_code} {answer.text[:200]}")
            else:  # intake may not have heard yet of the key, or of the community
                await asyncio.sleep(AGAIN_AFTER)
        return self.reports

    async def follow(self) -> None:
        """Look at its reports until all are dealt with. Raises `Silent`."""
        until = time.monotonic() + WITHIN
        while self.reports and not self.all_done:
            if time.monotonic() > until:
                raise Silent(say("its reports were not closed"))
            asked = self._by | {"service_request_id": ",".join(self.reports)}
            answer = await self.http.get(f"{self._portal}/requests.json", params=asked)
            if answer.status_code == 200:
                self.followed = {each["service_request_id"]: each["status"] for each in answer.json()}
            await asyncio.sleep(LOOK_EVERY)

    @property
    def all_done(self) -> bool:
        """Whether all of its reports are, as the portal says."""
        return all(self.followed.get(id) == DONE for id in self.reports)

    def said(self) -> dict[str, Any]:
        """How far its reports are."""
        return {"reports": len(self.reports), "followed": sum(each == DONE for each in self.followed.values())}
