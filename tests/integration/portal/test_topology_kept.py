"""What is kept of the topology goes by itself after seven days."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from linli.application.settings import Settings
from linli.storage import mongo
from portal.topology.domain.findings import Found, Rule, followed
from portal.topology.migrations import MIGRATIONS
from portal.topology.store import KEPT, TopologyStore
from tests.support.builders import NOON
from tests.support.topology import sample

SettingsFor = Callable[..., Awaitable[Any]]


async def test_samples_and_ended_findings_are_kept_for_seven_days(settings_for: SettingsFor) -> None:
    assert timedelta(days=7) == KEPT
    settings: Settings = await settings_for(Settings)
    client = mongo.connect(settings)
    try:
        database = client[settings.database("portal")]
        await mongo.migrate(database, MIGRATIONS)
        store = TopologyStore(database)
        await store.append(sample(0), None, whole=True)
        stands = followed({}, [Found(Rule.PARKED, "parking:notify", "notify")], NOON)
        await store.follow(replace(each, ended=NOON) for each in stands.values())
        for collection, key in ((database.topology_samples, "at"), (database.topology_findings, "ended")):
            index = (await collection.index_information())[key]
            assert (index["key"], index["expireAfterSeconds"]) == ([(key, 1)], 7 * 24 * 3600)
            kept = await collection.find_one({})
            assert kept and isinstance(kept[key], datetime), "MongoDB lets go of what has a time there"
    finally:
        client.close()
