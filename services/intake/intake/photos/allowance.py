"""How many photos residents may send in a day: by address and all together, counted for all replicas."""

from datetime import UTC, datetime, timedelta

from linli.storage import mongo
from linli.storage.clock import Now
from linli.web.localized import Localized
from linli.web.problems import Problem

ALL = "all"


class Allowance:
    """Counts by the day of UTC. A name is a pseudonym of an address, and is forgotten after two days."""

    def __init__(self, database: mongo.Database, photos_each: int, megabytes: int, now: Now) -> None:
        """Photos of one address, and megabytes that are kept of all, in a day; 0: without a limit."""
        self._now = now
        self._days, self._photos_each, self._bytes = database.photo_days, photos_each, megabytes * 1024 * 1024

    async def take(self, owner: str, photos: int) -> None:
        """Count photos that are about to be looked at, also those that turn out to be none. Raises 429."""
        now = self._now()
        day = _day_of(now)
        everybody = await self._days.find_one({"_id": f"{day}:{ALL}"}) if self._bytes else None
        if everybody and everybody.get("bytes", 0) >= self._bytes:
            raise _enough(
                Localized("All photos that there is room for in a day have come.", "今天能存放的照片已满。"), now
            )
        if not self._photos_each:
            return
        counted = await self._days.find_one_and_update(
            {"_id": f"{day}:{owner}"},
            {"$inc": {"photos": photos}, "$setOnInsert": {"at": now}},
            upsert=True,
            return_document=True,
        )
        if counted["photos"] > self._photos_each:
            each = "From one address {most} photos are taken in a day."
            raise _enough(Localized(each, "同一网络地址一天最多上传 {most} 张照片。", most=self._photos_each), now)

    async def kept(self, size: int) -> None:
        """Count bytes that residents' photos have taken."""
        now = self._now()
        change = {"$inc": {"bytes": size}, "$setOnInsert": {"at": now}}
        await self._days.update_one({"_id": f"{_day_of(now)}:{ALL}"}, change, upsert=True)


def _day_of(moment: datetime) -> str:
    return moment.date().isoformat()


def _enough(detail: Localized, now: datetime) -> Problem:
    midnight = datetime.combine(now.date(), datetime.min.time(), UTC) + timedelta(days=1)
    return Problem(
        "too_many_photos",
        429,
        Localized(
            "{detail} What is written is still taken; add photos tomorrow.",
            "{detail}文字仍可提交，照片请明天再传。",
            detail=detail,
        ),
        retry_after=int((midnight - now).total_seconds()) + 1,
    )
