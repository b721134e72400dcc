"""Who sits in a task force, by name: kept beside its seats, where an erasure and the audit reach them."""

from collections.abc import Mapping

from linli.storage import mongo


class Members:
    """Those of all task forces. A seat knows its holder by an id that says nothing."""

    def __init__(self, database: mongo.Database) -> None:
        self._members = database.taskforce_members

    async def name(self, taskforce: str, member: str, name: str) -> None:
        """What they are called, from now on."""
        named = {"taskforce": taskforce, "member": member, "name": name}
        await self._members.replace_one({"_id": f"{taskforce}~{member}"}, named, upsert=True)

    async def of(self, taskforce: str) -> Mapping[str, str]:
        """Names by id; an erased one is missing."""
        found = self._members.find({"taskforce": taskforce}, {"member": 1, "name": 1})
        return {each["member"]: each["name"] async for each in found}

    async def forget(self, taskforce: str, member: str) -> bool:
        """Leave the seat and its history, and take the name away. Whether there was one."""
        done = await self._members.delete_one({"_id": f"{taskforce}~{member}"})
        return bool(done.deleted_count)
