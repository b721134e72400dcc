"""The log on a real database: without it there is no answer, and what is gathered is not lost by an outage."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from intake.settings import IntakeSettings
from linli.application.settings import Settings
from linli.security import audit
from linli.security.audit import Audit, Entry, Outcome, Wanted
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from tests.support.clocks import process_time
from tests.support.reception import reception

REFUSED = Entry("unknown", Role.RESIDENT, "cases:read", Outcome.REFUSED, status=401, reason="unknown key", origin="a")
NOTHING_IS_TAKEN = {"$expr": False}
SettingsFor = Callable[..., Awaitable[Any]]


async def test_what_cannot_be_written_to_the_log_is_not_given_out(settings_for: SettingsFor) -> None:
    settings = await settings_for(IntakeSettings)
    async with reception(settings) as desk:
        body = {"kind": "report", "title": "没人该看到", "neighbourhood": "east"}
        taken = (await desk.http.post("/v1/submissions", json=body)).json()
        key = {"Authorization": f"Bearer {settings.secret('operator.key')}"}
        path = f"/v1/submissions/{taken['id']}"
        assert (await desk.http.get(path, headers=key)).status_code == 200
        client = mongo.connect(settings)
        database = client[settings.database("intake")]
        try:
            await database.command({"collMod": "audit", "validator": NOTHING_IS_TAKEN})
            refused = await desk.http.get(path, headers=key)
            assert refused.status_code == 500 and "没人该看到" not in refused.text
            with_code = {"X-Tracking-Code": taken["tracking_code"]}
            photos = await desk.http.get(f"{path}/attachments", headers=with_code)
            assert photos.status_code == 200, "a resident's look at their own needs no log"
        finally:
            await database.command({"collMod": "audit", "validator": {}})
            client.close()


async def test_what_could_not_be_appended_waits_and_is_appended_once(settings_for: SettingsFor) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    await audit.create_indexes(database)
    log = Audit(database, process_time)
    for n in range(3):
        log.refused(replace(REFUSED, origin=f"{n}"))
    await database.command({"collMod": "audit", "validator": {"origin": {"$ne": "1"}}})
    with pytest.raises(BulkWriteError):
        await log.flush()
    await database.command({"collMod": "audit", "validator": {}})
    await log.flush()
    found = await log.entries(Wanted(outcome=Outcome.REFUSED), 10)
    assert sorted(str(entry.origin) for entry in found) == ["0", "1", "2"]
    client.close()


async def test_every_filter_has_an_index(settings_for: SettingsFor) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    await audit.create_indexes(database)
    log, who = Audit(database, process_time), Principal("operator", Role.OPERATOR)
    await log.read(who, "submissions:read", ["s-1"])
    for wanted in (Wanted(principal="operator"), Wanted(outcome=Outcome.READ), Wanted(what="x"), Wanted(object="s-1")):
        plan = await database.audit.find(wanted.query(None)).sort("_id", -1).explain()
        said = str(plan["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in said and "COLLSCAN" not in said and "'SORT'" not in said, wanted
    client.close()
