"""Workflow on real servers."""

from datetime import UTC, datetime
from functools import partial

from tests.support.services import running
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings


async def test_it_becomes_ready(settings_for):
    settings = await settings_for(WorkflowSettings)
    async with running(build(settings), partial(migrate, settings)) as http:
        assert (await http.get("/readyz")).json() == {"ready": True, "checks": {"kafka": "ok", "mongodb": "ok"}}
        assert (await http.get("/v1/cases")).status_code == 401
        assert (await http.get("/openapi.json")).status_code == 200
