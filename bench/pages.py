"""Pages: the desk under 50 signed-in clerks and a neighbourhood's page under 500 viewers, beside the plain API call.

The plain call asks workflow for what the page shows, with the same key, from as many connections.
"""

import re

import httpx2
import orjson

from bench import material
from bench.figures import Figure
from bench.looking import Looked, look
from bench.peers import PLAIN_CALL
from bench.poster import post_for
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, stage_on
from portal.desk.filters import PAGE
from tests.support.servers import free_ports

PART = "pages"
LIST = "/desk?view=all"
CLERKS, VIEWERS = 50, 500
DESK, NEIGHBOURHOOD = f"the desk, {CLERKS} clerks", f"a neighbourhood, {VIEWERS} viewers"


async def measure(run: Run) -> None:
    """A page and its plain call in turn."""
    async with stage_on(run) as stage:
        await stage.serve_all()
        port = free_ports(1)[0]
        stage.given |= {"portal_port": str(port), "portal_url": f"http://127.0.0.1:{port}"}
        await stage.serve("portal", port)
        await _some_cases(stage)
        portal, workflow = f"http://127.0.0.1:{port}", stage.given["workflow_url"]
        key = (run.servers.secrets_dir / "operator.key").read_text().strip()
        cookie = await _signed_in(portal, key)
        neighbourhood = material.community().neighbourhoods[0].id
        asked = {
            DESK: (
                (f"{portal}{LIST}", CLERKS, {"Cookie": cookie, "Accept": "text/html"}),
                (f"{workflow}/v1/cases?limit={PAGE}", CLERKS, {"Authorization": f"Bearer {key}"}),
            ),
            NEIGHBOURHOOD: (
                (f"{portal}/n/{material.COMMUNITY}/{neighbourhood}", VIEWERS, {"Accept": "text/html"}),
                (f"{workflow}/v1/requests?community={material.COMMUNITY}", VIEWERS, {}),
            ),
        }
        for _ in run.rounds():
            for name, (page, plain) in asked.items():
                for side, (url, connections, headers) in (("page", page), ("plain", plain)):
                    _note(run.found, name, side, await look(url, connections, run.sizes.seconds, headers))


def _note(found: Found, name: str, side: str, looked: Looked) -> None:
    found[PART, name, side, "rate"].append(looked.rate)
    found[PART, name, side, "p95"].append(looked.p95)
    found[PART, name, side, "failures"].append(looked.failures)


async def _some_cases(stage: Stage) -> None:
    """As many as two seconds bring; when they are routed, nothing but looking is left to do."""
    bodies = [orjson.dumps(each) for each in material.bodies()]
    taken, _ = await post_for(f"{stage.given['intake_url']}/v1/submissions", bodies, 8, 2.0)

    async def routed() -> bool:
        return await stage.database("workflow").cases.estimated_document_count() >= len(taken)

    await stage.until(routed)


async def _signed_in(portal: str, key: str) -> str:
    async with httpx2.AsyncClient(base_url=portal, trust_env=False) as browser:
        answer = await browser.post("/sign-in", data={"key": key}, headers={"Origin": portal})
        assert answer.status_code == 303, answer.text
        found = re.search(r"linli_session=[^;]+", answer.headers["Set-Cookie"])
        assert found
        page = await browser.get(LIST)
        assert page.text.count("<tr data-case=") == PAGE, "the clerks look at a full list"
        return found.group()


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """Of both pages, beside their plain calls."""
    return [
        Figure(
            PART,
            f"{name}, {what}",
            unit,
            found[PART, name, "page", what],
            PLAIN_CALL,
            found[PART, name, "plain", what],
            int(sum(found[PART, name, "page", "failures"])),
            int(sum(found[PART, name, "plain", "failures"])),
        )
        for name in (DESK, NEIGHBOURHOOD)
        for what, unit in (("rate", "1/s"), ("p95", "ms"))
    ]
