"""Pages: the desk under 50 signed-in clerks and a neighbourhood's page under 500 viewers, beside the plain API call.

Each clerk has a session of their own, signed in with the key of one of the office's parties. The plain call
asks workflow for what the page shows, with the same keys, from as many connections.
"""

import re
import subprocess
from collections.abc import Sequence

import httpx2
import orjson

from bench import material
from bench.figures import Figure
from bench.looking import Looked, look
from bench.peers import PLAIN_CALL
from bench.poster import post_for
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, megabytes, stage_on
from portal.desk.filters import PAGE
from tests.support.servers import free_ports

PART = "pages"
LIST = "/desk?view=all"
CLERKS, VIEWERS = 50, 500
DESK, NEIGHBOURHOOD = f"the desk, {CLERKS} clerks", f"a neighbourhood, {VIEWERS} viewers"
AS_A_BROWSER = ("Accept: text/html",)
"""Of whom nobody knows who they are."""


async def measure(run: Run) -> None:
    """A page and its plain call in turn."""
    async with stage_on(run) as stage:
        services = await stage.serve_all()
        port = free_ports(1)[0]
        stage.given |= {"portal_port": str(port), "portal_url": f"http://127.0.0.1:{port}"}
        stage.given |= {"rate_guesses": "1000000/second"}  # fifty sign in from one address at once
        portal, workflow = await stage.serve("portal", port), services["workflow"]
        await _some_cases(stage)
        pages, plainly = f"http://127.0.0.1:{port}", stage.given["workflow_url"]
        keys = await _keys(run, plainly)
        cookies = await _signed_in(pages, [keys[n % len(keys)] for n in range(CLERKS)])
        neighbourhood = material.community().neighbourhoods[0].id
        asked = {
            DESK: (
                (f"{pages}{LIST}", CLERKS, [f"Cookie: {cookie}" for cookie in cookies], portal),
                (
                    f"{plainly}/v1/cases?limit={PAGE}",
                    CLERKS,
                    [f"Authorization: Bearer {key}" for key in keys],
                    workflow,
                ),
            ),
            NEIGHBOURHOOD: (
                (f"{pages}/n/{material.COMMUNITY}/{neighbourhood}", VIEWERS, AS_A_BROWSER, portal),
                (f"{plainly}/v1/requests?community={material.COMMUNITY}", VIEWERS, AS_A_BROWSER, workflow),
            ),
        }
        for _ in run.rounds():
            for name, (page, plain) in asked.items():
                for side, (url, connections, who, process) in (("page", page), ("plain", plain)):
                    _note(run.found, name, side, await look(url, connections, run.sizes.seconds, who), process)


def _note(found: Found, name: str, side: str, looked: Looked, process: subprocess.Popen[bytes]) -> None:
    found[PART, name, side, "rate"].append(looked.rate)
    found[PART, name, side, "p95"].append(looked.p95)
    found[PART, name, side, "memory"].append(megabytes(process))
    found[PART, name, side, "failures"].append(looked.failures)


async def _some_cases(stage: Stage) -> None:
    """As many as two seconds bring; when they are routed, nothing but looking is left to do."""
    bodies = [orjson.dumps(each) for each in material.bodies()]
    taken, _ = await post_for(f"{stage.given['intake_url']}/v1/submissions", bodies, 8, 2.0)

    async def routed() -> bool:
        return await stage.database("workflow").cases.estimated_document_count() >= len(taken)

    await stage.until(routed)


async def _keys(run: Run, workflow: str) -> list[str]:
    """Of a clerk of each party."""
    operator = (run.servers.secrets_dir / "operator.key").read_text().strip()
    made = []
    async with httpx2.AsyncClient(base_url=workflow, trust_env=False) as office:
        for party in material.community().parties:
            body = {"name": party.id, "role": "party", "party": party.id, "community": material.COMMUNITY}
            answer = await office.post("/v1/keys", json=body, headers={"Authorization": f"Bearer {operator}"})
            assert answer.status_code == 201, answer.text
            made.append(answer.json()["key"])
    return made


async def _signed_in(portal: str, keys: Sequence[str]) -> list[str]:
    """The cookie of a session for each key."""
    cookies, longest = [], 0
    for key in keys:
        async with httpx2.AsyncClient(base_url=portal, trust_env=False) as browser:
            answer = await browser.post("/sign-in", data={"key": key}, headers={"Origin": portal})
            assert answer.status_code == 303, answer.text
            found = re.search(r"linli_session=[^;]+", answer.headers["Set-Cookie"])
            assert found
            page = await browser.get(LIST)
            assert page.status_code == 200, page.text
            longest = max(longest, page.text.count("<tr data-case="))
            cookies.append(found.group())
    assert longest == PAGE, "some clerks look at a full list"
    return cookies


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
        for what, unit in (("rate", "1/s"), ("p95", "ms"), ("memory", "MB"))
    ]
