"""Whatever is asked of the services is answered as their OpenAPI documents say, and never by a fault of theirs.

schemathesis makes the requests: right ones, wrong ones, and stories of several (https://schemathesis.io). The seed is
fixed, so that a run fails for a change and not by chance; `LINLI_SEED` names another.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from linli.messaging.kafka import Outgoing
from tests.support.portal import portal_beside
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, SERVICES, System, system_on
from tests.support.topics import publish_raw

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
HOOKS = Path(__file__).parents[2] / "support" / "requests_that_exist.py"
EXAMPLES = "10"
"""Of each operation and each story, beside those that cover every constraint of the schema: some thousand requests.
Bounded by number and not by time, so that the same seed asks the same on any machine."""
CONFIG = f"""
[checks]
# Rules that no schema states (a version that was read, a party that exists) refuse what a schema allows.
positive_data_acceptance.enabled = false
negative_data_rejection.expected-statuses = ["4xx"]

[[project]]
title = "Linli intake"
hooks = "{HOOKS}"

[[project]]
title = "Linli workflow"
hooks = "{HOOKS}"

[[project]]
title = "Linli notify"
hooks = "{HOOKS}"

[[project]]
title = "Linli portal"
hooks = "{HOOKS}"
"""


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running, portal_beside(running):
        yield running


@pytest.fixture(scope="module")
async def known(system: System) -> dict[str, list[str]]:
    """Ids and codes that exist, by where in a path they stand."""
    titles = ["电梯坏了", "停水了", "路灯不亮", "楼上漏水"] * 10
    receipts = [(await system.submit(kind="report", title=title, neighbourhood="east")).json() for title in titles]
    ids, codes = [receipt["id"] for receipt in receipts], [receipt["tracking_code"] for receipt in receipts]

    async def told() -> list[str]:
        page = await system.get("notify", "/v1/deliveries", limit=200)
        found: list[str] = [delivery["id"] for delivery in page["items"]]
        return found if len(found) >= titles.count("停水了") else []  # the others went to the triage desk

    topics = [f"{system.prefix}.{name}" for name in ("intake", "cases")]
    unreadable = [Outgoing(topic, f"nobody-{n}", b"no event", {}) for topic in topics for n in range(10)]
    await publish_raw(system.servers.kafka, *unreadable)

    async def parked() -> list[str]:
        pages = [await system.get(service, "/v1/parked") for service in ("workflow", "notify")]
        found: list[str] = [record["id"] for page in pages for record in page["items"]]
        return found if len(found) == len(unreadable) else []

    return {
        "/v1/parked/id": await until(parked),
        "/v1/submissions/submission_id": ids,
        "/v1/cases/id": ids,
        "/v1/track/code": codes,
        "/v1/communities/id": ["test"],
        "/v1/deliveries/id": await until(told),
        "/v1/parties/community": ["test"],
        "/v1/parties/party": ["estate", "water-co"],
    }


@pytest.mark.parametrize("service", (*SERVICES, PORTAL))
async def test_no_request_is_answered_by_a_fault_or_in_a_way_that_is_not_documented(
    system: System, known: dict[str, list[str]], service: str, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    (tmp_path / "known.json").write_text(json.dumps(known))
    operator = system.operator.headers["Authorization"]
    service_key = (system.servers.secrets_dir / "service.key").read_text().strip()
    environment = {
        "LINLI_KNOWN": str(tmp_path / "known.json"),
        "LINLI_OPERATOR": operator,
        "LINLI_SERVICE": f"Bearer {service_key}",
        "NO_COLOR": "1",
    }
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{system.urls[service]}/openapi.json", "--header", f"Authorization: {operator}"),
        *("--seed", os.environ.get("LINLI_SEED", "1"), "--max-examples", EXAMPLES),
        *("--request-timeout", "20", "--continue-on-failure", "--output-truncate", "true"),
        cwd=tmp_path,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode(errors="replace")[-20_000:]
