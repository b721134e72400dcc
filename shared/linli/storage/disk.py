"""Free space on the database's disk: photos stop well before it is full, so that submissions are still accepted."""

import time

import structlog

from linli.storage import mongo
from linli.web.problems import Problem

log = structlog.get_logger()

LOOKED_AT_EVERY = 5.0
"""Seconds that what was seen holds."""


class Disk:
    """The disk that MongoDB's primary writes to, as MongoDB sees it."""

    def __init__(self, database: mongo.Database, floor: int) -> None:
        """`floor` in bytes; 0: there is none."""
        self._database, self._floor = database, floor
        self._free: int | None = None
        self._seen = float("-inf")

    async def has_room(self) -> None:
        """Raises 507 below the floor."""
        if not self._floor:
            return
        if time.monotonic() > self._seen + LOOKED_AT_EVERY:
            self._free, self._seen = await self._look(), time.monotonic()
        if self._free is not None and self._free < self._floor:
            log.warning("disk_nearly_full", free_mb=self._free // 1024**2)
            detail = "There is hardly any room left for photos here. What is written is still taken; add photos later."
            raise Problem("disk_nearly_full", 507, detail, headers={"Connection": "close"})

    async def _look(self) -> int | None:
        stats = await self._database.command("dbStats")
        if "fsTotalSize" not in stats or "fsUsedSize" not in stats:  # a server that does not tell
            return None
        return int(stats["fsTotalSize"] - stats["fsUsedSize"])
