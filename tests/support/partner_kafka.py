"""A partner that joins by Kafka, as tests change it, read it and are told by it."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from tests.support.partner_program import PartnerProgram
from tests.support.services import until
from tests.support.system import System


async def changed(system: System, party: str, action: str = "", **body: Any) -> dict[str, Any]:
    """Add a partner, or let something be done with it; then the broker is in line."""
    url = f"{system.urls['workflow']}/v1/partners"
    if action:
        answer = await system.operator.post(f"{url}/test/{party}:{action}", json=body or None)
    else:
        answer = await system.operator.post(url, json={"community": "test", "party": party, "ways": ["kafka"]} | body)
    assert answer.status_code == 200, answer.text

    async def in_line() -> bool:
        return bool((await system.get("workflow", f"/v1/partners/test/{party}"))["in_line"])

    await until(in_line)
    found: dict[str, Any] = answer.json()
    return found


async def program_of(system: System, party: str, *, sandbox: bool = False) -> PartnerProgram:
    credentials = await system.get("workflow", f"/v1/partners/test/{party}/credentials")
    return PartnerProgram(credentials, system.servers.secrets_dir / "partner-ca.crt", sandbox=sandbox)


async def reported(system: System) -> str:
    return str((await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])


async def told(program: PartnerProgram, update_id: str | None, seconds: float = 30) -> dict[str, Any]:
    """The receipt of an update."""
    found = await asyncio.to_thread(
        lambda: program.read("receipts", until=lambda each: each.get("update_id") == update_id, seconds=seconds)
    )
    assert found and found[-1].get("update_id") == update_id, found
    return found[-1]


def update_of(order: dict[str, Any], did: str, update_id: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    named = {"update_id": update_id, "order_id": order["order_id"], "dispatch_no": order["dispatch_no"]}
    return named | {"occurred_at": now, "did": did}


def encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()
