"""Backup and restore on real servers: the stream goes on elsewhere with nothing lost and nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from linli.application.settings import Settings, SettingsError
from linli.storage import mongo
from tests.support.command_line import figures_of, operate
from tests.support.load import Load, assert_all_told, assert_exactly_once
from tests.support.servers import Servers
from tests.support.system import System, system_on


@asynccontextmanager
async def database_of(system: System, service: str) -> AsyncIterator[mongo.Database]:
    servers = system.servers
    settings = Settings(
        mongo_uri=servers.mongo_uri,
        mongo_username=servers.mongo_username,
        mongo_password_file=servers.mongo_password_file,
        database_prefix=system.prefix,
    )
    client = mongo.connect(settings)
    yield client[settings.database(service)]
    client.close()


async def test_a_backup_from_mid_stream_goes_on_elsewhere_with_nothing_lost_or_doubled(
    stack: Servers, tmp_path: Path, smtp_sink: int
) -> None:
    file = tmp_path / "linli.backup"
    async with system_on(stack, tmp_path, LINLI_SMTP_PORT=str(smtp_sink)) as system:
        await system.load()
        load = Load(system)
        await asyncio.sleep(1.5)
        system.kill("notify")  # what workflow says now is sent and not read
        await asyncio.sleep(0.7)
        system.kill("workflow")  # and now what intake says
        await asyncio.sleep(0.7)
        accepted_before = set(load.accepted.values())
        taken = await figures_of(system, "backup", str(file))
        await load.stop()
        code, _, told = await operate(system, "restore", str(file))
        assert (code, "intake runs at" in told) == (1, True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert taken["collections"]["intake"]["submissions"] >= len(accepted_before) > 20

    elsewhere = Servers(tmp_path / "elsewhere")
    elsewhere.start()
    again = System(elsewhere, tmp_path, system.prefix, LINLI_SMTP_PORT=str(smtp_sink))
    try:
        restored = await figures_of(again, "restore", str(file))
        assert restored["sent_again"] > 10
        async with database_of(again, "intake") as intake:
            stored = {doc["_id"] async for doc in intake.submissions.find({}, {"_id": 1})}
        assert accepted_before <= stored

        with pytest.raises(SettingsError, match=r"register\.key is not the one"):
            await again.start()
        # What the old deployment's households have their ids from comes with them: docs/operations.md.
        (elsewhere.secrets_dir / "register.key").write_text((stack.secrets_dir / "register.key").read_text())
        await again.start()
        accepted = {id: id for id in stored} | await _load_for(again, 1.5)
        await assert_exactly_once(again, accepted)
        await assert_all_told(again, accepted)
        async with database_of(again, "notify") as notify:
            assert await notify.deliveries.count_documents({}) == len(accepted)

        code, _, told = await operate(again, "restore", str(file))
        assert code == 1
    finally:
        await again.stop()
        elsewhere.stop()


async def _load_for(system: System, seconds: float) -> dict[str, str]:
    load = Load(system)
    await asyncio.sleep(seconds)
    return await load.stop()
