"""A subdistrict's office over HTTP: registers, votes that are open at once, a round; and papers with codes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, TypeAlias

import httpx2
import orjson
import xlsxwriter

from bench import material
from bench.load import Request
from linli.text.spreadsheet_cells import WORKBOOK_OPTIONS
from neighbourhood.papers.registers.form import HEADINGS, MEDIA_TYPE, SOURCES

Unit: TypeAlias = tuple[str, str, str, float, str, str, str]
"""Building, stairwell, door, ㎡, where that is from, owner, document: a line of a register."""
MATTERS = (
    {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"},
    {"id": "b", "text": "通过《管理规约》第二版", "legal_class": "covenant"},
)
QUESTIONS = (
    {
        "id": "first",
        "kind": "single",
        "text": {"zh": "最需要什么？"},
        "options": [{"id": each, "text": {"zh": each}} for each in ("lift", "paving", "lights")],
        "required": True,
    },
    {"id": "else", "kind": "text", "text": {"zh": "还想说什么？"}},
)
CHOICES = ("approve", "oppose", "abstain")
PAPERS_AT_ONCE = 400
DOORS_AT_ONCE = 200
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Of an identity number's signs (GB 11643)."""
OWNS_TWO = 25
"""Every so many units have one owner less."""


def units(count: int) -> list[Unit]:
    """50 units a stairwell, four stairwells a building; every 25th belongs to who has the one before."""
    return [
        (
            *(f"{at // 200 + 1}", f"{at % 200 // 50 + 1}", f"{at % 50 + 101}", 40 + at % 97 / 2, SOURCES[0]),
            *(f"业主{owner}", _identity(owner)),
        )
        for at in range(count)
        for owner in [at - (at % OWNS_TWO == OWNS_TWO - 1)]
    ]


def _identity(number: int) -> str:
    """Of a document, with the last sign that belongs to the others."""
    first = f"37020219{number:09}"
    return first + "10X98765432"[sum(int(each) * by for each, by in zip(first, WEIGHTS, strict=True)) % 11]


def heads(count: int) -> int:
    """How many owners so many units have."""
    return count - count // OWNS_TWO


def workbook(lines: Sequence[Unit]) -> bytes:
    """A register as a clerk's spreadsheet."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**WORKBOOK_OPTIONS, "in_memory": True}) as book:
        sheet = book.add_worksheet("业主名册")
        for at, line in enumerate((HEADINGS, *lines)):
            sheet.write_row(at, 0, line)
    return out.getvalue()


@dataclass
class Poll:
    """A vote that is open, with codes of owners who may use them."""

    id: str
    codes: list[str] = field(default_factory=list)


class Office:
    """What is asked of neighbourhood, as an operator."""

    def __init__(self, url: str, key: str) -> None:
        head = {"Authorization": f"Bearer {key}"}
        self.client = httpx2.AsyncClient(base_url=url, headers=head, timeout=300, trust_env=False)
        places = material.community().neighbourhoods
        self._places = [{"community": material.COMMUNITY, "neighbourhood": each.id} for each in places]

    async def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = await self.client.post(path, json=body, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    async def get(self, path: str) -> Any:
        answer = await self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    async def knows_the_community(self) -> bool:
        """Whether a register of it can be checked."""
        door = {"door": "101", "stairwell": "1", "area": "60", "owner": "业主", "owner_key": "1"}
        asked = {**self.place(0), "units": [door]}
        return (await self.client.post("/v1/registers?check=true", json=asked)).status_code == 200

    async def later(self, **span: float) -> datetime:
        """Put the clock ahead: fifteen days of a notice are none that a benchmark waits for."""
        moved = await self.post("/v1/clock:ahead", {"seconds": int(timedelta(**span).total_seconds())})
        return datetime.fromisoformat(moved["now"])

    def place(self, number: int) -> dict[str, str]:
        """The community's neighbourhoods in turn."""
        return self._places[number % len(self._places)]

    async def register(self, content: bytes, number: int) -> str:
        """One from a spreadsheet; its id."""
        options = {"params": self.place(number), "content": content, "headers": {"Content-Type": MEDIA_TYPE}}
        answer = await self.client.post("/v1/registers:file", **options)  # type: ignore[arg-type]
        assert answer.status_code == 201, answer.text[:500]
        return str(answer.json()["id"])

    async def neighbourhood_s(self, lines: Sequence[Unit], number: int) -> str:
        """One that a program brings in; its id."""
        named = [
            {
                **{"door": f"{building}号楼{stairwell}单元{door}", "stairwell": f"{building}号楼{stairwell}单元"},
                **{"area": str(area), "area_from": source, "owner": owner, "owner_key": document},
            }
            for building, stairwell, door, area, source, owner, document in lines
        ]
        return str((await self.post("/v1/registers", {**self.place(number), "units": named}, 201))["id"])

    # Votes -----------------------------------------------------------------------------------------------------------

    async def open_votes(self, registers: Sequence[str], owners: int) -> list[Poll]:
        """One of each register, all open at once, with codes for so many of its owners."""
        polls = [Poll(await self._prepared(register, number)) for number, register in enumerate(registers)]
        for poll in polls:
            await self.post(f"/v1/votes/{poll.id}:notice")
        closes_at = (await self.later(days=16)) + timedelta(days=7)
        for poll, register in zip(polls, registers, strict=True):
            await self.post(f"/v1/votes/{poll.id}:open", {"closes_at": closes_at.isoformat()})
            known = [each["owner"] for each in await self.get(f"/v1/registers/{register}/owners")][:owners]
            for first in range(0, len(known), PAPERS_AT_ONCE):
                to = {"owners": known[first : first + PAPERS_AT_ONCE]}
                poll.codes += [each["code"] for each in await self.post(f"/v1/votes/{poll.id}/ballots:deliver", to)]
        return polls

    async def _prepared(self, register: str, number: int) -> str:
        snapshot = f"{register[:18]}-{number}"
        await self.post(f"/v1/registers/{register}:freeze", {"snapshot_id": snapshot})
        wanted = {"snapshot": snapshot, "matters": MATTERS, "channels": ["code", "paper"], "tellers": ["a", "b"]}
        said = self.place(number) | wanted | {"office_confirms": "0" * 64}
        return str((await self.post("/v1/votes", said, 201))["id"])

    async def close_votes(self, polls: Sequence[Poll]) -> None:
        await self.later(days=8)
        for poll in polls:
            await self.post(f"/v1/votes/{poll.id}:close")

    # A round ---------------------------------------------------------------------------------------------------------

    async def open_round(self) -> tuple[str, str]:
        """Its id, and the digest of what it asks."""
        asks = {**self.place(0), "title": {"zh": "问需于民"}, "questions": QUESTIONS}
        id = str((await self.post("/v1/rounds", asks, 201))["id"])
        closes_at = (await self.later()) + timedelta(days=10)
        opened = await self.post(f"/v1/rounds/{id}:open", {"closes_at": closes_at.isoformat()})
        return id, str(opened["digest"])

    async def letters(self, round: str, households: int) -> list[str]:
        """The codes of so many households."""
        codes: list[str] = []
        for first in range(0, households, DOORS_AT_ONCE):
            doors = [f"{first}号楼{at}室" for at in range(min(DOORS_AT_ONCE, households - first))]
            to = {"building": f"b{first // DOORS_AT_ONCE % 40}", "doors": doors}
            codes += [each["code"] for each in await self.post(f"/v1/rounds/{round}/households:invite", to)]
        return codes


def ballots(polls: Sequence[Poll]) -> Iterator[Request]:
    """One by each code, the votes in turn: neighbours everywhere vote on the same evening."""
    chance = random.Random(1)  # noqa: S311 - no secret
    for at in range(max((len(poll.codes) for poll in polls), default=0)):
        for poll in polls:
            if at < len(poll.codes):
                choices = {matter["id"]: chance.choice(CHOICES) for matter in MATTERS}
                yield f"v1/ballots/{poll.codes[at]}", orjson.dumps({"choices": choices})


def answers(codes: Sequence[str], digest: str) -> Iterator[Request]:
    """A household's, by each code."""
    for at, code in enumerate(codes):
        first = {"question": "first", "chosen": [("lift", "paving", "lights")[at % 3]]}
        other = {"question": "else", "text": f"老人上下楼不方便，希望楼道里装扶手（{at}）"}
        yield f"v1/answers/{code}", orjson.dumps({"digest": digest, "answers": [first, other]})
