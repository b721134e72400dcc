"""A plan over HTTP, from its first item until it holds."""

from typing import Any

from tests.support.affairs import PLACE, Affairs

BUILDINGS = ["b3", "b4"]
PHOTO = "3" * 64
OF_THE_PLACE = "/v1/plans?community=test&neighbourhood=east"


def item(id: str, *demands: str, fen: int = 100_00, title: str = "屋面防水") -> dict[str, Any]:
    shares = [{"payer": "government", "fen": fen}]
    said = {"id": id, "category": "basic", "title": {"zh": title}, "estimate": fen, "shares": shares}
    return said | {"demands": list(demands)}


class Drawing:
    """One plan, as an office draws it."""

    def __init__(self, affairs: Affairs, id: str) -> None:
        self.affairs, self.id, self.path = affairs, id, f"/v1/plans/{id}"

    @classmethod
    async def begun(cls, affairs: Affairs, *demands: str, **also: Any) -> "Drawing":
        """In the place of the plan that holds there, where one does."""
        holds = [each["id"] for each in await affairs.get(OF_THE_PLACE) if each["stage"] == "finalised"]
        replaces = {"replaces": holds[0]} if holds else {}
        drafted = await affairs.post("/v1/plans", {**PLACE, "title": {"zh": "东区改造方案"}, **replaces, **also}, 201)
        drawing = cls(affairs, drafted["id"])
        if demands:
            await drawing.does("take_demands", demands=list(demands))
        return drawing

    async def does(self, verb: str, **said: Any) -> dict[str, Any]:
        return dict(await self.affairs.post(f"{self.path}:{verb}", said))

    async def refused(self, verb: str, status: int = 409, **said: Any) -> str:
        return await self.affairs.refused(f"{self.path}:{verb}", said, status)

    async def posted(self) -> None:
        """The newest version hangs in all buildings."""
        plan = await self.affairs.get(self.path)
        for building in BUILDINGS:
            now = (await self.affairs.later()).isoformat()
            body = {"building": building, "digest": plan["versions"][-1]["digest"], "posted_at": now, "photo": PHOTO}
            await self.affairs.post(f"/v1/publicity/{plan['publicity']}:post", body)

    async def hung_for_its_days(self) -> None:
        await self.posted()
        await self.affairs.later(days=30)

    async def final(self) -> dict[str, Any]:
        """Frozen as it is, posted, and final."""
        await self.does("freeze", buildings=BUILDINGS)
        await self.hung_for_its_days()
        return await self.does("finalise")
