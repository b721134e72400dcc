"""Disputes of a running system, and what people say in their mediation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from tests.support.keys import party_key
from tests.support.services import until
from tests.support.system import System


class Asking:
    """Speaks for an operator, or for who has a code alone (`linli_cli.demo.disputes.Speaker`)."""

    def __init__(self, system: System) -> None:
        self._system = system

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any:
        given = {name: value for name, value in params.items() if value is not None}
        return json_of(await self._client(operator).get(self._system.urls[service] + path, params=given))

    async def post(self, service: Any, path: str, body: Any = None, *, operator: bool = True) -> Any:
        return json_of(await self._client(operator).post(self._system.urls[service] + path, json=body))

    def _client(self, operator: bool) -> httpx2.AsyncClient:
        return self._system.operator if operator else self._system.resident


def json_of(answer: httpx2.Response) -> Any:
    assert answer.status_code in {200, 201}, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json()


class Dispute:
    """One of the small community's, in mediation: grid-1 mediates, the other side has a code."""

    def __init__(self, system: System, receipt: dict[str, Any]) -> None:
        self.system, self.receipt, self.id = system, receipt, str(receipt["id"])
        self.path = f"{system.urls['workflow']}/v1/cases/{self.id}/mediation"
        self.by_code = f"{system.urls['workflow']}/v1/mediation"
        self.other = self.other_code = ""
        self.grid: dict[str, str] = {}

    @property
    def code(self) -> str:
        return str(self.receipt["tracking_code"])

    async def staff(self, action: str, headers: dict[str, str] | None = None, /, **body: Any) -> httpx2.Response:
        client = self.system.resident if headers else self.system.operator
        return await client.post(f"{self.path}:{action}", json=body, headers=headers)

    async def guest(self, code: str, what: str, /, **body: Any) -> httpx2.Response:
        return await self.system.resident.post(f"{self.by_code}/{code}{what}", json=body)

    async def stands(self) -> dict[str, Any]:
        found: dict[str, Any] = json_of(await self.system.operator.get(self.path))
        return found

    async def agree(self, text: str, **more: Any) -> dict[str, Any]:
        """They meet, and all sign."""
        came = ["party:grid-1", "reporter", self.other]
        json_of(await self.staff("hold", came=came))
        digest = json_of(await self.staff("draft", text=text, **more))["agreements"][-1]["digest"]
        json_of(await self.guest(self.code, ":sign", digest=digest))
        json_of(await self.guest(self.other_code, ":sign", digest=digest))
        signed: dict[str, Any] = json_of(
            await self.staff("sign", self.grid, signer="party:grid-1", digest=digest, sealed=True)
        )
        return signed


async def dispute_of(system: System, **said: Any) -> dict[str, Any]:
    """The receipt of a dispute that has become a case."""
    body = {"kind": "dispute", "title": "楼上半夜拖椅子", "neighbourhood": "east"} | said
    answer = await system.submit(**body)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()

    async def routed() -> bool:
        case = await system.case(receipt["id"])
        return bool(case and case["state"] != "open")

    await until(routed)
    return receipt


async def mediated(system: System, **said: Any) -> Dispute:
    """A dispute that grid-1 mediates between its reporter and one more."""
    dispute = Dispute(system, await dispute_of(system, **said))
    json_of(await system.operator.post(dispute.path))
    json_of(await dispute.staff("appoint", mediator="party:grid-1"))
    admitted = json_of(await dispute.staff("concern", side="respondent", name="赵铁柱"))
    dispute.other, dispute.other_code = admitted["participant"], admitted["code"]
    dispute.grid = await party_key(system, "grid-1")
    return dispute


async def an_agreement_to_sign(system: System, receipt: dict[str, Any]) -> Dispute:
    """A dispute that is mediated so far that those concerned have something to read."""
    dispute = Dispute(system, receipt)
    json_of(await system.operator.post(dispute.path))
    json_of(await dispute.staff("appoint", mediator="party:grid-1"))
    admitted = json_of(await dispute.staff("concern", side="respondent", name="赵铁柱"))
    dispute.other, dispute.other_code = admitted["participant"], admitted["code"]
    starts_at = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    json_of(await dispute.staff("call", starts_at=starts_at, where="二楼调解室", venue="grid-1"))
    json_of(await dispute.staff("hold", came=["party:grid-1", "reporter", dispute.other]))
    json_of(await dispute.staff("draft", text="晚十点以后不拖椅子。"))
    return dispute
