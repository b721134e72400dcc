"""API keys for tests, made as an operator makes them."""

from typing import Any

from tests.support.services import until
from tests.support.system import System


async def key_for(system: System, role: str, **wanted: Any) -> dict[str, Any]:
    """A new key, as workflow's answer has it."""
    body = {"name": "测试", "role": role} | wanted
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/keys", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def party_key(system: System, party: str, **wanted: Any) -> dict[str, str]:
    """The header that a member of a party of the small community sends."""
    return bearer((await key_for(system, "party", party=party, community="test", **wanted))["key"])


def bearer(key: str) -> dict[str, str]:
    """The header for a key or a token."""
    return {"Authorization": f"Bearer {key}"}


async def known_to(system: System, service: str, header: dict[str, str]) -> dict[str, str]:
    """The header, once a service that has but a copy of the keys has heard of this one."""

    async def heard() -> bool:
        answer = await system.resident.get(f"{system.urls[service]}/v1/whoami", headers=header)
        return bool(answer.status_code == 200)

    await until(heard)
    return header
