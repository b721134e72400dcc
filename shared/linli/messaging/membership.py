"""One name per process: a process that finds another with its name reports it and takes another name.

A process keeps its name over a restart, so that it takes over at once what its predecessor held (docs/adr/0022). At
its start it registers under its name, in place of a dead predecessor. A live process that finds another one
registered there has a namesake, such as a second container with the same host name. It then registers under its other
name, so that both are visible. A killed process stays registered for an hour.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import structlog

from linli.application import telemetry
from linli.application.worker import repeatedly, until_done
from linli.storage import mongo

log = structlog.get_logger()

LOOK_EVERY = 2.0
"""Seconds between two looks whether the name is one's own."""
GONE = timedelta(seconds=10)
"""Who has not been heard of for so long is not there any more, or hangs."""
FORGOTTEN = timedelta(hours=1)
"""Who has not been heard of for so long is expected no more. One that only slept writes itself down anew."""
COUNT_EVERY = 10.0
"""Seconds between two looks at the others."""


class Membership:
    """This process's name among its replicas. `run` it as a background task."""

    def __init__(
        self,
        database: mongo.Database,
        name: str,
        rename: Callable[[str], None] = lambda _: None,
        every: float = LOOK_EVERY,
    ) -> None:
        """`rename` gets the new name, for whatever two processes with one name would take from each other."""
        self._members, self._database = database.members, database
        self.name, self._rename, self._every = name, rename, every
        self._process = uuid4().hex
        self._other_name = f"{name}-{self._process[:8]}"
        self._namesake = False

    async def namesake(self) -> str | None:
        """Why this process is not as it should be, or None: the check of readiness."""
        if not self._namesake:
            return None
        return f"another process calls itself {self.name} too: give each replica a LINLI_INSTANCE of its own"

    async def run(self) -> None:
        """Take the name, then look whether it is still one's own, until cancelled."""
        await until_done("membership", partial(self._write_down, self.name))
        counted = -COUNT_EVERY

        async def look() -> None:
            nonlocal counted
            await self._look()
            if time.monotonic() - counted >= COUNT_EVERY:
                await self._count()
                counted = time.monotonic()

        await repeatedly("membership", look, self._every, telemetry.PROCESSES.clear)

    async def release(self) -> None:
        """Give the name up, and with it the leases that the process holds: the next one need not wait for their end."""
        try:
            async with asyncio.timeout(2):
                await self._members.delete_one({"_id": self._other_name})
                gone = await self._members.delete_one({"_id": self.name, "process": self._process})
                if gone.deleted_count:
                    await mongo.release_leases(self._database, self.name)
        except Exception as error:  # they run out by themselves
            log.info("name_not_released", error=repr(error))

    async def _write_down(self, name: str) -> None:
        mine = {"process": self._process}
        await self._members.update_one({"_id": name}, {"$set": mine, "$currentDate": {"at": True}}, upsert=True)

    async def _look(self) -> None:
        mine = {"_id": self.name, "process": self._process}
        found = await self._members.update_one(mine, {"$currentDate": {"at": True}})
        if found.matched_count:
            if self._namesake:
                await self._members.delete_one({"_id": self._other_name})
                self._set(False)
                self._rename(self.name)
            return
        other = await self._members.find_one({"_id": self.name})
        if other is None or await mongo.server_time(self._database) - other["at"] > GONE:
            await self._write_down(self.name)
            return
        await self._write_down(self._other_name)
        if not self._namesake:
            log.error("namesake", member=self.name)
            self._set(True)
            self._rename(self._other_name)

    async def _count(self) -> None:
        """Tell how many of the service are heard of, and how many were and are not; forget who is expected no more."""
        now = await mongo.server_time(self._database)
        await self._members.delete_many({"at": {"$lt": now - FORGOTTEN}})
        silent = await self._members.count_documents({"at": {"$lt": now - GONE}})
        telemetry.PROCESSES.labels("silent").set(silent)
        telemetry.PROCESSES.labels("heard").set(await self._members.count_documents({}) - silent)

    def _set(self, namesake: bool) -> None:
        self._namesake = namesake
        telemetry.NAMESAKE.set(namesake)
