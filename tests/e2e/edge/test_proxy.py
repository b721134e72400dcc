"""The proxy that the hardening page hands out, before three real services."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.builders import community
from tests.support.certificates import self_signed
from tests.support.deployment import ROOT
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import PORTAL, System, system_on

CONFIGURATION = ROOT / "deploy" / "proxy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
LIMITS = {"LINLI_RATE_SUBMISSIONS": "4/minute", "LINLI_RATE_RESIDENTS": "", "LINLI_TRUSTED_PROXIES": "127.0.0.0/8"}
RESIDENTS, OFFICE = "linli.example", "office.linli.example"

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx-light")


@dataclass
class Proxy:
    """A running nginx."""

    port: int
    system: System
    folder: Path

    @asynccontextmanager
    async def asked_from(self, address: str, host: str = RESIDENTS) -> AsyncIterator[httpx2.AsyncClient]:
        """A client with one of this machine's own addresses."""
        transport = httpx2.AsyncHTTPTransport(local_address=address, verify=False)
        url, headers = f"https://127.0.0.1:{self.port}", {"Host": host}
        async with httpx2.AsyncClient(transport=transport, base_url=url, headers=headers, timeout=20) as client:
            yield client


@pytest.fixture(scope="module")
async def proxy(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    async with system_on(stack, folder, **LIMITS) as system:
        await load(system)
        plain, tls = free_ports(2)
        written = configured(folder, system, plain, tls)
        nginx = await asyncio.create_subprocess_exec(str(NGINX), "-c", str(written), "-g", "daemon off;")
        try:
            here = Proxy(tls, system, folder)
            async with here.asked_from("127.0.0.1") as client:

                async def answers() -> bool:
                    try:
                        return (await client.get("/nothing")).status_code == 404
                    except httpx2.TransportError:
                        return False

                await until(answers)
            yield here
        finally:
            nginx.terminate()
            await asyncio.wait_for(nginx.wait(), 10)


@pytest.fixture(scope="module")
async def portal(proxy: Proxy) -> System:
    """The same with the portal."""
    proxy.system.launch(PORTAL)
    await proxy.system.ready(PORTAL)
    return proxy.system


async def load(system: System) -> None:
    """As `System.load`, asking from a new address each time."""
    data = {"kind": "report", "title": "probe", "neighbourhood": "nowhere"}
    asked = iter(range(1, 250))

    async def heard() -> bool:
        headers = {"X-Forwarded-For": f"203.0.113.{next(asked)}"}
        answer = await system.resident.post(f"{system.urls['intake']}/v1/submissions", json=data, headers=headers)
        return answer.status_code == 422

    body = community().model_dump(mode="json")
    answer = await system.operator.put(f"{system.urls['workflow']}/v1/communities/{body['id']}", json=body)
    assert answer.status_code == 200, answer.text
    await until(heard)


def configured(folder: Path, system: System, plain: int, tls: int) -> Path:
    """The file as it is handed out, with this machine's ports and paths, and a patience that a test can wait for."""
    certificate, key = self_signed(folder, RESIDENTS)
    changes = {
        "user www-data;\n": "",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "127.0.0.1:8101": f"127.0.0.1:{system.ports['intake']}",
        "127.0.0.1:8102": f"127.0.0.1:{system.ports['workflow']}",
        "127.0.0.1:8103": f"127.0.0.1:{system.ports['notify']}",
        "127.0.0.1:8104": f"127.0.0.1:{system.ports['neighbourhood']}",
        "127.0.0.1:8100": f"127.0.0.1:{system.ports['portal']}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{tls}",
        "/etc/ssl/linli/fullchain.pem": str(certificate),
        "/etc/ssl/linli/privkey.pem": str(key),
        "client_header_timeout 10s": "client_header_timeout 1s",
        "client_body_timeout 15s": "client_body_timeout 1s",
        "allow 10.0.0.0/8": "allow 127.0.0.9/32",
        "limit_conn connections 100": "limit_conn connections 8",
    }
    text = CONFIGURATION.read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy"))
    written = folder / "nginx.conf"
    written.write_text(text.replace("http {", "http {" + temporary, 1))
    return written


def report() -> dict[str, Any]:
    return {"kind": "report", "title": "3号楼路灯不亮", "neighbourhood": "east"}


async def test_a_resident_submits_tracks_and_hears_of_it_at_once(proxy: Proxy) -> None:
    async with proxy.asked_from("127.0.0.2") as client:
        receipt = (await client.post("/v1/submissions", json=report())).json()
        code = receipt["tracking_code"]

        async def known() -> bool:
            return (await client.get(f"/v1/track/{code}")).status_code == 200

        await until(known)
        assert (await client.head(f"/v1/track/{code}")).status_code == 200
        for path in ("/v1/outages", "/v1/outages.ics?neighbourhood=east"):
            assert (await client.get(path)).status_code == 200
        assert (await client.post("/v1/outages/reports", json={})).status_code == 404, "is for who has a key"

        async def streamed() -> bool:
            async with client.stream("GET", "/v1/stream", params={"track": code}) as answer:
                if answer.status_code != 200:
                    return False
                async with asyncio.timeout(5):  # the stream goes on; its lines must not wait for its end
                    async for line in answer.aiter_lines():
                        if line.startswith("event: linli.case.opened"):
                            return True
            return False

        await until(streamed)


KEY = {"Authorization": "Bearer x"}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/metrics",
            "/docs",
            "/openapi.json",
            "/healthz",
            "/readyz",
            "/internal/v1/contacts",
            "/v1/keys",
            "/v1/audit",
        ),
        *(
            "/v1/submissions:batch",
            "/v1/residents:find",
            "/v1/cases",
            "//metrics",
            "/v1/track/../../metrics",
            "/%6detrics",
        ),
    ],
)
async def test_what_is_not_for_residents_is_not_there(proxy: Proxy, path: str) -> None:
    async with proxy.asked_from("127.0.0.3") as client:
        for method in ("GET", "POST"):
            # The whole address: by itself `//metrics` would be another host's first page.
            answer = await client.request(method, f"{client.base_url}{path}", headers=KEY)
            assert answer.status_code in {400, 404}, answer.text
            assert "linli_" not in answer.text


async def test_the_office_has_the_api_from_its_networks_and_nobody_what_is_internal(proxy: Proxy) -> None:
    key = proxy.system.operator.headers["Authorization"]
    async with proxy.asked_from("127.0.0.9", OFFICE) as office, proxy.asked_from("127.0.0.3", OFFICE) as outside:
        office.headers["Authorization"] = outside.headers["Authorization"] = key
        assert (await office.get("/workflow/v1/cases")).status_code == 200
        assert (await office.get("/notify/v1/deliveries")).status_code == 200
        for path in ("/intake/metrics", "/workflow/docs", "/notify/openapi.json", "/intake/internal/v1/contacts"):
            assert (await office.get(path)).status_code == 404
        assert (await outside.get("/workflow/v1/cases")).status_code == 403


async def test_staff_have_their_pages_on_the_offices_name_from_its_networks_alone(proxy: Proxy, portal: System) -> None:
    key = (portal.servers.secrets_dir / "operator.key").read_text().strip()
    ours = {"Origin": f"https://{OFFICE}", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    async with (
        proxy.asked_from("127.0.0.9", OFFICE) as office,
        proxy.asked_from("127.0.0.3", OFFICE) as outside,
        proxy.asked_from("127.0.0.9") as resident,
    ):
        signed_in = await office.post("/sign-in", data={"key": key, "next": "/desk"}, headers=ours)
        assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/desk")
        assert (await office.get("/office", headers=ours)).status_code == 200
        async with office.stream("GET", "/live", params={"topics": "case"}) as live:
            assert live.headers["content-type"].startswith("text/event-stream")
        for path in ("/metrics", "/docs", "/openapi.json", "/healthz", "/readyz"):
            assert (await office.get(path)).status_code == 404
        assert (await outside.get("/sign-in")).status_code == 403
        for path in ("/sign-in", "/desk", "/office", "/topology", "/live?topics=case", "/v1/sign-in-links"):
            assert (await resident.get(path)).status_code == 404


async def test_photos_of_orders_come_by_their_link_from_anywhere(proxy: Proxy) -> None:
    async with proxy.asked_from("127.0.0.11") as client:
        answer = await client.post("/v1/order-photos/none-such", files={"photo": b"x"})
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:linli:problem:unknown_link")
        assert (await client.post("/v1/orders/x/photos")).headers["content-type"] == "text/html", "nginx says so"
    logged = "".join((proxy.folder / name).read_text() for name in ("linli.log", "error.log"))
    assert "none-such" not in logged + proxy.system.log("workflow")


async def test_open311_is_there_for_everybody_and_no_key_of_its_is_in_a_log(proxy: Proxy, portal: System) -> None:
    async with proxy.asked_from("127.0.0.8") as client:
        assert (await client.get("/open311/v2/services.json")).status_code == 200
        assert (await client.get("/open311/v2/requests.xml", params={"api_key": "a-secret"})).status_code == 403
        assert (await client.get("/open311/../metrics")).status_code in {400, 404}
    logged = "".join((proxy.folder / name).read_text() for name in ("linli.log", "error.log"))
    assert "a-secret" not in logged + proxy.system.log(PORTAL)


async def test_residents_have_their_pages_and_none_of_staff_s(proxy: Proxy, portal: System) -> None:
    async with proxy.asked_from("127.0.0.12") as client:
        for path in ("/", "/report", "/track", "/n", "/n/test/east", "/open-data", "/v1/neighbourhoods/test"):
            assert (await client.get(path)).status_code == 200, path
        for path in ("/sign-in", "/desk", "/sessions", "/reports", "/topology"):
            assert (await client.get(path)).status_code == 404, path


HELD = "0192aaaa-0000-7000-8000-000000000000"
CODE = "K7PM-2XQ9-HT4C-WB6E"


async def test_residents_have_the_pages_of_common_affairs_and_what_their_codes_open(
    proxy: Proxy, portal: System
) -> None:
    async with proxy.asked_from("127.0.0.13") as client:
        client.headers["Accept"] = "text/html"
        for path in ("/ballot", "/answer", "/objections", "/signing", "/talks"):  # where a code is typed
            assert (await client.get(path)).status_code == 200, path
        # Of what there is not the portal says so, on a page of its own; the proxy would say it in its name.
        there = (*("/ballot", "/answer", "/objections", "/signing", "/talks", "/site", "/bulletins"),)
        there = (*(f"{path}/{CODE}" for path in there), "/board/test/east", "/bulletins/test/east")
        there = (*there, *(f"/{kind}/{HELD}" for kind in ("plans", "vote", "rounds", "works", "outcome")))
        for path in there:
            answer = await client.get(path)
            assert answer.status_code < 500, (path, answer.text)
            assert "<center>nginx</center>" not in answer.text, path
        for kind in ("ballots", "answers", "objections", "signing", "talks", "site"):
            answer = await client.get(f"/v1/{kind}/{CODE}")
            assert answer.status_code == 404, (kind, answer.text)
            assert answer.headers["content-type"] == "application/problem+json", kind
        for path in ("/v1/votes", "/v1/registers", "/v1/rounds", f"/v1/plans/{HELD}/objections", "/lineage/x"):
            answer = await client.get(path)
            assert "<center>nginx</center>" in answer.text, (path, answer.text)


async def test_a_tracked_report_is_listened_to_and_nothing_else_is(proxy: Proxy, portal: System) -> None:
    async with proxy.asked_from("127.0.0.14") as client:
        async with client.stream("GET", f"/live?topics=case:{HELD}") as live:
            assert live.status_code == 200
            assert live.headers["content-type"].startswith("text/event-stream")
            async with asyncio.timeout(20):  # a line comes while the stream goes on
                assert await anext(live.aiter_lines()) is not None
        one = f"case:{HELD}"
        for asked in ("", "topics=case", f"topics={one},outage", f"topics={one}&topics=case", f"a=b&topics={one}"):
            assert (await client.get(f"/live?{asked}")).status_code == 404, asked


async def test_each_address_has_its_limit_whatever_it_says_of_itself(proxy: Proxy) -> None:
    async with proxy.asked_from("127.0.0.4") as client, proxy.asked_from("127.0.0.5") as other:
        said = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(6)]
        answers = [await client.post("/v1/submissions", json=report(), headers=each) for each in said]
        assert [answer.status_code for answer in answers] == [201] * 4 + [429] * 2
        assert (await other.post("/v1/submissions", json=report())).status_code == 201


async def test_slow_clients_are_cut_off_before_they_reach_a_service(proxy: Proxy) -> None:
    begun = (
        b"",
        b"GET /v1/track/x HTTP/1.1\r\nHost: linli.example\r\n",
        b"POST /v1/submissions HTTP/1.1\r\nHost: linli.example\r\nContent-Length: 100\r\n\r\n{",
    )
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    for sent in begun:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, ssl=tls, local_addr=("127.0.0.6", 0))
        writer.write(sent)
        try:
            said = await asyncio.wait_for(reader.read(), 10)
        except ConnectionResetError:
            said = b""
        assert not said or b" 408 " in said.split(b"\r\n")[0]
        writer.close()


async def test_another_name_gets_nothing_and_no_address_is_in_the_log(proxy: Proxy) -> None:
    async with proxy.asked_from("127.0.0.7", "evil.example") as client:
        with pytest.raises(httpx2.TransportError):
            await client.get("/v1/track/7K3M-9QWX-2RTV")
    async with proxy.asked_from("127.0.0.7") as client:
        answer = await client.get("/v1/track/7K3M-9QWX-2RTV/", follow_redirects=False)
        assert answer.status_code == 404
    logged = "".join((proxy.folder / name).read_text() for name in ("linli.log", "error.log"))
    assert "GET 404" in logged
    assert "7K3M" not in logged
