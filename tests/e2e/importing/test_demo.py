"""The demo on real servers: the sample's 49 submissions with cases, histories and notices, and five utilities."""

import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from linli_cli.connection.target import Target
from linli_cli.demo.command import Played, play, sample_folder
from tests.support.command_line import CommandLine
from tests.support.partner_access import access_beside
from tests.support.servers import Servers
from tests.support.system import PORTAL, System, system_on

PARTNERS = {
    "water-company": "kafka",
    "power-company": "webhook",
    "gas-company": "pull",
    "heating-company": "pull",
    "telecom-company": "open311",
}


@pytest.fixture
async def system(stack: Servers, tmp_path: Path, smtp_sink: int) -> AsyncIterator[System]:
    settings = {"LINLI_SMTP_PORT": str(smtp_sink), "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    async with system_on(stack, tmp_path, **settings) as running:
        running.launch(PORTAL)
        await running.ready(PORTAL)
        async with access_beside(running):
            yield running


@pytest.fixture
def target(system: System, tmp_path: Path) -> Target:
    return CommandLine(system, tmp_path / "home").target


async def played(target: Target) -> Played:
    return await play(target, sample_folder(), Console(quiet=True))


@pytest.mark.long
async def test_two_demos_on_one_stack_lose_nothing(system: System, target: Target) -> None:
    for _ in range(2):
        run = await played(target)

        assert len({each.id for each in run.submitted}) == len(run.outcome.cases) == 49
        assert run.outcome.lost == {}
        assert set(run.outcome.by_state()) == {"triage", "dispatched", "accepted", "returned", "resolved", "closed"}
        assert len(run.outcome.by_party()) > 15
        assert run.outcome.notices()["email"]["sent"] > 90

        assert {each.party: each.way for each in run.utilities} == PARTNERS
        assert all(each.whole for each in run.utilities), run.utilities
        assert sum(each.applied for each in run.utilities) > 12
    counts = await system.get("workflow", "/v1/case-counts", community="fushan-road")
    assert counts["total"] == 2 * (49 + 2), "the telecom company's own reports too"
    await nothing_is_left(system)


@pytest.mark.long
async def test_a_way_that_cannot_be_used_is_told_and_its_cases_go_the_other_way(system: System, target: Target) -> None:
    water = {"community": "fushan-road", "party": "water-company"}
    await played(target)
    await system.operator.post(f"{system.urls['workflow']}/v1/partners", json=water)
    await system.operator.post(f"{system.urls['workflow']}/v1/partners/fushan-road/water-company:pause")

    run = await played(replace(target, faces={PORTAL: "http://127.0.0.1:1"}))

    skipped = {each.party: each.skipped for each in run.utilities if each.skipped}
    assert set(skipped) == {"water-company", "telecom-company"}
    assert "linli partners resume" in str(skipped["water-company"])
    assert "http://127.0.0.1:1/open311/v2" in str(skipped["telecom-company"])
    assert not any(each.fits(may_skip=False) for each in run.utilities if each.skipped)
    assert all(each.fits(may_skip=True) for each in run.utilities)
    assert run.outcome.lost == {}
    left = await system.get("workflow", "/v1/partners/fushan-road/water-company")
    assert left["standing"] == "paused", "as it was before"


async def nothing_is_left(system: System) -> None:
    """No partner, no key, no thread of the utilities' programs."""
    partners = (await system.get("workflow", "/v1/partners"))["items"]
    assert {each["standing"] for each in partners} == {"revoked"}
    assert all(each["revoked_at"] for each in (await system.get("workflow", "/v1/keys"))["items"])
    assert not [each.name for each in threading.enumerate() if each.name.startswith("demo-")]
