"""A covenant over HTTP, from its first draft until it is reviewed by somebody else."""

from typing import Any

from tests.support.affairs import PLACE, SCAN, Affairs
from tests.support.services import until

TEXT = "第一条 电动车停放在车棚内。\n第二条 不得飞线充电。"
HOUSEHOLDS = [f"h-{at}" for at in range(50)]


class Drafting:
    """One covenant. `text` is what it says now."""

    def __init__(self, affairs: Affairs, id: str, text: str) -> None:
        self.affairs, self.id, self.text, self.path = affairs, id, text, f"/v1/covenants/{id}"

    @classmethod
    async def begun(cls, affairs: Affairs, track: str, text: str = TEXT) -> "Drafting":
        new = {**PLACE, "track": track, "title": "公约", "text": text}
        return cls(affairs, (await affairs.post("/v1/covenants", new, 201))["id"], text)

    async def does(self, verb: str, **said: Any) -> dict[str, Any]:
        return dict(await self.affairs.post(f"{self.path}:{verb}", said))

    async def refused(self, verb: str, status: int = 409, headers: Any = None, **said: Any) -> str:
        return await self.affairs.refused(f"{self.path}:{verb}", said, status, headers=headers)

    async def newest(self) -> dict[str, Any]:
        return dict((await self.affairs.get(self.path))["versions"][-1])

    async def digest(self) -> str:
        return str((await self.newest())["digest"])

    async def reviewer(self) -> dict[str, str]:
        """Another person than the drafter, whose key the service has heard of."""
        await self.affairs.two_tellers()
        header = self.affairs.tellers[0][1]

        async def known() -> bool:
            answer = await self.affairs.system.operator.get(f"{self.affairs.url}{self.path}", headers=header)
            return bool(answer.status_code == 200)

        await until(known)
        return header

    async def reviewed(self) -> "Drafting":
        """Commented on for its days, and found fit for a vote by somebody else."""
        await self.does("open_comments")
        await self.affairs.later(days=31)
        body = {"digest": await self.digest()}
        await self.affairs.post(f"{self.path}:review", body, headers=await self.reviewer())
        return self

    async def assembly(self, id: str, present: int, yes: int, no: int = 0) -> dict[str, Any]:
        """What an office records of one, on the day on which it was held."""
        held_on = await self.today()
        counted = {"listed": HOUSEHOLDS, "present": HOUSEHOLDS[:present], "yes": yes, "no": no, "minutes": SCAN}
        return {"assembly_id": id, "digest": await self.digest(), "held_on": held_on, **counted}

    async def today(self) -> str:
        """There."""
        return (await self.affairs.later()).date().isoformat()

    async def in_force(self) -> None:
        """Filed today, and held from today on."""
        today = await self.today()
        await self.does("file", filing="备1", on=today)
        await self.does("put_in_force", from_day=today)
