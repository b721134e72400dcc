"""Clients of Open311 that others have published, as they are. Each runs by itself: one is of the days of Python 2."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.support.open311 import LIFT, WATER, Open311, png

HERE = Path(__file__).parent


async def spoken(program: str, *arguments: str, sends: bytes = b"") -> dict[str, Any]:
    """What a client's program prints."""
    apart = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(HERE / program), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=apart,
    )
    printed, told = await process.communicate(sends)
    assert process.returncode == 0, told.decode()[-3_000:]
    found: dict[str, Any] = json.loads(printed)
    return found


async def test_three_of_code_for_america_submits_and_follows(program: Open311) -> None:
    found = await spoken("with_three.py", program.url, program.key, sends=png())
    assert [service["service_code"] for service in found["services"]] == [LIFT, WATER]
    assert found["definition"]["attributes"][0]["code"] == "neighbourhood"
    assert {endpoint["url"] for endpoint in found["discovery"]["endpoints"]} == {program.url}
    id = found["sent"]["service_request_id"]
    assert found["token"] == [{"service_request_id": id, "token": id}]
    assert (found["shown"]["description"], found["shown"]["address"]) == ("电梯坏了", "东院3号楼")
    assert (len(found["newest"]), found["between"] >= 1) == (1, True)
    assert (found["unknown"][0]["code"], found["refused"][0]["code"]) == (404, 403)
    with_photo = found["with_photo"][0]["service_request_id"]
    assert len((await program.system.get("intake", f"/v1/submissions/{with_photo}/attachments"))["items"]) == 1


async def test_georeport_reads_without_a_key_in_json_and_in_xml(program: Open311) -> None:
    first, id = [await program.report(each) for each in ("电梯一", "电梯二")]
    found = await spoken("with_georeport.py", program.url, id)
    for form, said in found.items():
        assert said["services"] == ["电梯", "供水"], form
        assert (said["definition"], said["requests"][:2]) == (LIFT, [id, first]), form
        assert (said["request"]["service_request_id"], said["request"]["status"]) == (id, "open"), form
    assert found["json"]["named"] == [found["json"]["request"]]
    as_text = {name: None if value is None else str(value) for name, value in found["json"]["request"].items()}
    assert found["xml"]["request"] == as_text, "the same in both"
