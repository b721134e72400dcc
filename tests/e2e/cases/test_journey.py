"""The whole way of a submission, on three processes."""

from pathlib import Path

from pytest_httpserver import HTTPServer

from tests.support.journey import go_the_whole_way, mailbox_on
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import system_on


async def test_one_submission_goes_its_whole_way(stack: Servers, tmp_path: Path, httpserver: HTTPServer) -> None:
    (smtp_port,) = free_ports(1)
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    environment = {
        "LINLI_SMTP_HOST": "127.0.0.1",
        "LINLI_SMTP_PORT": str(smtp_port),
        "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }
    with mailbox_on("127.0.0.1", smtp_port) as box:
        async with system_on(stack, tmp_path, **environment) as system:
            await go_the_whole_way(system, box, httpserver, httpserver.url_for("/hook"))


async def test_a_withdrawn_submission_ends_its_case(stack: Servers, tmp_path: Path) -> None:
    async with system_on(stack, tmp_path) as system:
        await system.load()
        receipt = (await system.submit(kind="demand", title="想装充电桩", neighbourhood="west")).json()
        answer = await system.resident.post(
            f"{system.urls['intake']}/v1/submissions/{receipt['id']}:withdraw",
            json={"reason": "已经解决了"},
            headers={"X-Tracking-Code": receipt["tracking_code"]},
        )
        assert answer.status_code == 200, answer.text

        async def withdrawn() -> bool:
            case = await system.case(receipt["id"])
            return bool(case and case["state"] == "withdrawn")

        await until(withdrawn)
