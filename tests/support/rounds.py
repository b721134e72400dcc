"""A round over HTTP, as an office asks and households answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from linli.contracts.neighbourhood.responses import GivenAnswer, ResponseChannel
from neighbourhood.rounds.domain.response import Response, Said, id_of
from neighbourhood.rounds.responses import RESPONSES
from tests.support.affairs import PLACE, Affairs
from tests.support.services import until

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "first",
        "kind": "single",
        "text": {"zh": "最需要什么？"},
        "options": [{"id": each, "text": {"zh": each}} for each in ("lift", "paving")],
        "required": True,
    },
    {"id": "else", "kind": "text", "text": {"zh": "其他需求"}, "needs": True, "places": True},
]


def many_answers(round: str, number: int) -> list[dict[str, Any]]:
    """Answers as they are kept, of so many households: sending them takes a subdistrict a week."""
    answers = (
        GivenAnswer(question="first", chosen=("lift",)),
        GivenAnswer(question="else", text="老人上下楼不方便，希望加装电梯，也希望楼道里装扶手", place="3号楼"),
    )
    written = TypeAdapter(Response)
    documents = []
    for at in range(number):
        household = f"h-{at:020}"
        response = Response(
            id=id_of(round, household),
            round_id=round,
            household=household,
            building=f"b{at % 40}",
            code_hash="0" * 64,
            said=Said.ANSWERED,
            channel=ResponseChannel.ONLINE,
            answers=answers,
            version=2,
        )
        found_by, state = RESPONSES.found_by(response), written.dump_json(response).decode()
        documents.append({**found_by, "_id": response.id, "version": 2, "state": state})
    return documents


def wants(text: str, consent: bool = True) -> list[dict[str, Any]]:
    return [{"question": "first", "chosen": ["lift"]}, {"question": "else", "text": text, "consent": consent}]


@dataclass
class Asking:
    """One round."""

    affairs: Affairs
    id: str
    digest: str = ""

    @classmethod
    async def drafted(cls, affairs: Affairs, questions: list[dict[str, Any]] | None = None) -> "Asking":
        body = {**PLACE, "title": {"zh": "问需于民", "en": "What do you need?"}, "questions": questions or QUESTIONS}
        return cls(affairs, str((await affairs.post("/v1/rounds", body, 201))["id"]))

    @property
    def path(self) -> str:
        return f"/v1/rounds/{self.id}"

    def household(self, letter: dict[str, str], what: str) -> str:
        return f"{self.path}/households/{letter['household']}{what}"

    async def opened(self, days: int = 10) -> "Asking":
        closes_at = (await self.affairs.later()) + timedelta(days=days)
        opened = await self.affairs.post(f"{self.path}:open", {"closes_at": closes_at.isoformat()})
        self.digest = opened["digest"]
        return self

    async def invites(self, building: str, doors: list[str]) -> list[dict[str, str]]:
        return list(await self.affairs.post(f"{self.path}/households:invite", {"building": building, "doors": doors}))

    async def answers(self, letter: dict[str, str], answers: list[dict[str, Any]]) -> dict[str, Any]:
        body, client = {"digest": self.digest, "answers": answers}, self.affairs.system.resident
        return dict(await self.affairs.post(f"/v1/answers/{letter['code']}", body, 201, client=client))

    async def demands(self) -> dict[str, str]:
        """By what was written: the demand that came of it."""
        proposals = await self.affairs.get(f"{self.path}/proposals?all=true")
        return {demand["text"]: demand["id"] for each in proposals for demand in each["demands"]}

    async def raised(self, number: int) -> dict[str, str]:
        """Wait until so many needs are demands."""

        async def all_are() -> bool:
            return len(await self.demands()) >= number

        await until(all_are)
        return await self.demands()
