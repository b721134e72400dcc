"""What would embarrass an office in a vote, tried over HTTP: each is refused, or counts for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2
import pytest

from tests.support.affairs import SCAN, Affairs
from tests.support.keys import known_to, party_key

SHED = {"id": "a", "text": "建电动车棚", "legal_class": "common_parts"}
COVENANT = {"id": "b", "text": "通过管理规约", "legal_class": "covenant"}
NUMBERS = count(1)


@dataclass
class Twelve:
    """A vote of twelve owners with a flat of 60 ㎡ each, open."""

    affairs: Affairs
    vote: str
    register: str
    owners: Sequence[str]
    codes: Sequence[str]

    async def by_code(self, number: int, /, **choices: str) -> httpx2.Response:
        body = {"choices": choices}
        answer: httpx2.Response = await self.affairs.ask(
            f"/v1/ballots/{self.codes[number]}", body, self.affairs.system.resident
        )
        return answer

    async def on_paper(self, number: int, /, agent: str | None = None, **choices: str) -> httpx2.Response:
        received_at = await self.affairs.later(seconds=0)
        body = {"owner": self.owners[number], "choices": choices, "scan": SCAN, "received_at": received_at.isoformat()}
        answer: httpx2.Response = await self.affairs.ask(
            f"/v1/votes/{self.vote}/ballots", body | ({"agent": agent} if agent else {})
        )
        return answer

    async def counted(self) -> dict[str, Any]:
        """Closed and certified; the matters by id."""
        await self.affairs.later(days=8)
        await self.affairs.post(f"/v1/votes/{self.vote}:close")
        found = await self.affairs.certified(self.vote)
        assert await self.affairs.get(f"/v1/votes/{self.vote}/count?anew=true") == found
        return {each["matter"]: each for each in found["matters"]}


def listed() -> list[dict[str, str]]:
    return [
        {"door": f"1号楼1单元{at}01", "stairwell": "1号楼1单元", "area": "60", "area_from": "登记簿"}
        | {"owner": f"业主{at}", "owner_key": f"K{at}"}
        for at in range(1, 13)
    ]


@pytest.fixture
async def twelve(affairs: Affairs) -> Twelve:
    register = await affairs.register(listed())
    snapshot = f"twelve-{next(NUMBERS)}"
    await affairs.frozen(register, snapshot)
    vote = await affairs.prepared(snapshot, [SHED, COVENANT])
    await affairs.opened(vote)
    known = await affairs.get(f"/v1/registers/{register}/owners")
    owners = [each["owner"] for each in sorted(known, key=lambda each: int(each["name"].removeprefix("业主")))]
    papers = {each["owner"]: each["code"] for each in await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})}
    return Twelve(affairs, vote, register, owners, [papers[owner] for owner in owners])


def reason(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json().get("reason"))


async def test_a_second_vote_is_refused_whichever_way_it_comes(twelve: Twelve) -> None:
    assert (await twelve.by_code(0, a="approve")).status_code == 201
    assert reason(await twelve.by_code(0, a="oppose")) == (409, "has-voted")
    assert reason(await twelve.on_paper(0, a="oppose")) == (409, "has-voted")
    assert (await twelve.on_paper(1, a="approve")).status_code == 201
    assert reason(await twelve.by_code(1, a="oppose")) == (409, "has-voted")
    proxy = {"principal": twelve.owners[2], "agent": twelve.owners[3], "letter": SCAN}
    await twelve.affairs.post(f"/v1/votes/{twelve.vote}:lodge_proxy", proxy)
    assert (await twelve.on_paper(2, twelve.owners[3], a="approve")).status_code == 201
    assert reason(await twelve.by_code(2, a="oppose")) == (409, "has-voted")
    assert (await twelve.counted())["a"]["approve"]["heads"] == 3


async def test_exactly_two_thirds_and_three_quarters_pass_and_exactly_half_does_not(twelve: Twelve) -> None:
    for number in range(8):
        choices = {"a": "approve" if number < 6 else "oppose", "b": "approve" if number < 4 else "oppose"}
        assert (await twelve.by_code(number, **choices)).status_code == 201
    found = await twelve.counted()
    assert (found["a"]["quorum"], found["a"]["passed"]) == (True, True)
    assert (found["b"]["quorum"], found["b"]["passed"]) == (True, False)


async def test_one_owner_less_than_two_thirds_is_no_quorum_whatever_they_say(twelve: Twelve) -> None:
    for number in range(7):
        await twelve.by_code(number, a="approve", b="approve")
    found = await twelve.counted()
    assert (found["a"]["quorum"], found["a"]["passed"]) == (False, False)


async def test_who_says_nothing_counts_for_nothing(twelve: Twelve) -> None:
    assert reason(await twelve.by_code(0)) == (422, "None")
    for number in range(8):
        await twelve.by_code(number, a="approve")
    found = await twelve.counted()
    assert found["a"]["passed"]
    assert (found["b"]["took_part"]["heads"], found["b"]["passed"]) == (0, False)


async def test_a_register_that_changes_during_a_vote_changes_nothing_in_it(twelve: Twelve) -> None:
    [first] = [
        each for each in await twelve.affairs.get(f"/v1/registers/{twelve.register}/owners")
        if each["owner"] == twelve.owners[0]
    ]  # fmt: skip
    entry = {"unit": first["units"][0], "stairwell": first["stairwells"][0], "area": 600_00, "area_from": "registry"}
    sold = {"entry": {**entry, "owner": "o-new"}, "because": "sold", "evidence": SCAN}
    await twelve.affairs.post(f"/v1/registers/{twelve.register}:correct", sold)
    await twelve.by_code(0, a="approve")
    turnout = await twelve.affairs.get(f"/v1/votes/{twelve.vote}/turnout")
    assert turnout["turnout"] == {"area": 60_00, "heads": 1}
    assert turnout["electorate"] == {"area": 720_00, "heads": 12}
    later = await twelve.affairs.frozen(twelve.register, f"twelve-{next(NUMBERS)}")
    assert later["area"] == 1_260_00
    same = {"snapshot_id": next(iter(later["snapshots"]))}
    assert await twelve.affairs.refused(f"/v1/registers/{twelve.register}:freeze", same) == "snapshot-exists"


async def test_one_changed_character_after_the_notice_begins_its_days_anew(affairs: Affairs) -> None:
    snapshot = f"twelve-{next(NUMBERS)}"
    await affairs.frozen(await affairs.register(listed()), snapshot)
    vote = await affairs.prepared(snapshot, [SHED])
    await affairs.post(f"/v1/votes/{vote}:notice")
    await affairs.later(days=16)
    asked = await affairs.get(f"/v1/votes/{vote}")
    terms = {name: asked["terms"][name] for name in ("channels", "tellers", "office_confirms")}
    changed = {**terms, "snapshot": snapshot, "matters": [{**SHED, "text": f"{SHED['text']}。"}]}
    await affairs.post(f"/v1/votes/{vote}:prepare", changed)
    until = {"closes_at": "2099-01-01T00:00:00Z"}
    assert await affairs.refused(f"/v1/votes/{vote}:open", until) == "state"
    await affairs.post(f"/v1/votes/{vote}:notice")
    assert await affairs.refused(f"/v1/votes/{vote}:open", until) == "short-notice"


async def test_a_bad_proxy_is_none(twelve: Twelve) -> None:
    path, owners = f"/v1/votes/{twelve.vote}:lodge_proxy", twelve.owners

    async def refused(principal: int, agent: int, letter: str | None = SCAN) -> str:
        body = {"principal": owners[principal], "agent": owners[agent], "letter": letter}
        answer = await twelve.affairs.ask(path, body)
        assert answer.status_code in {409, 422}, answer.text
        return str(answer.json()["reason"])

    assert await refused(0, 1, None) == "not-in-writing"
    for principal in (0, 1, 2):
        await twelve.affairs.post(path, {"principal": owners[principal], "agent": owners[11], "letter": SCAN})
    assert await refused(3, 11) == "too-many-principals"
    assert await refused(4, 0) == "proxy-chain"
    assert await refused(11, 5) == "proxy-chain"
    await twelve.by_code(6, a="approve")
    assert await refused(6, 7) == "has-voted"
    assert reason(await twelve.on_paper(0, owners[10], a="approve")) == (409, "no-proxy")


async def test_nobody_hears_a_result_or_closes_before_its_time(twelve: Twelve) -> None:
    affairs = twelve.affairs
    await twelve.by_code(0, a="approve")
    assert await affairs.refused(f"/v1/votes/{twelve.vote}:close") == "still-open"
    await affairs.get(f"/v1/votes/{twelve.vote}/count", 409)
    _, header = affairs.tellers[0]
    await affairs.get(f"/v1/votes/{twelve.vote}/ballots", 409, headers=header)
    await affairs.later(days=8)
    assert reason(await twelve.by_code(1, a="approve")) == (409, "not-open")
    assert await affairs.refused(f"/v1/votes/{twelve.vote}:declare") == "state"


async def test_the_same_ballot_sent_again_by_its_key_is_the_same_and_another_is_not(twelve: Twelve) -> None:
    key = {"Idempotency-Key": "ballot-0001"}
    path, resident = f"/v1/ballots/{twelve.codes[0]}", twelve.affairs.system.resident
    first = await twelve.affairs.ask(path, {"choices": {"a": "approve"}}, resident, headers=key)
    again = await twelve.affairs.ask(path, {"choices": {"a": "approve"}}, resident, headers=key)
    other = await twelve.affairs.ask(path, {"choices": {"a": "oppose"}}, resident, headers=key)
    assert (first.status_code, again.json()) == (201, first.json())
    assert reason(other) == (409, "has-voted")
    seals = await twelve.affairs.get(f"/v1/votes/{twelve.vote}/seals")
    assert seals == [first.json()["seal"]]
    path = f"/v1/votes/{twelve.vote}/seals"
    assert await twelve.affairs.get(path, params={"seal": seals[0], "after": seals[0]}) == seals
    assert await twelve.affairs.get(path, params={"after": seals[0]}) == []
    assert await twelve.affairs.get(path, params={"seal": "0" * 64}) == []
    await twelve.affairs.get(path, 422, params={"limit": 1_001})


async def test_a_company_of_the_community_sees_no_owner_and_enters_no_ballot(twelve: Twelve) -> None:
    affairs = twelve.affairs
    header = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    for path in (f"/v1/registers/{twelve.register}/owners", f"/v1/votes/{twelve.vote}/ballots.pdf"):
        answer = await affairs.system.resident.get(f"{affairs.url}{path}", headers=header)
        assert answer.status_code in {403, 409}, (path, answer.text)
        assert "业主1" not in answer.text
    received_at = (await affairs.later(seconds=0)).isoformat()
    paper = {"owner": twelve.owners[0], "choices": {"a": "approve"}, "scan": SCAN, "received_at": received_at}
    entered = await affairs.ask(f"/v1/votes/{twelve.vote}/ballots", paper, affairs.system.resident, headers=header)
    assert entered.status_code == 403, entered.text
    node = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "village"))
    seen = await affairs.system.resident.get(f"{affairs.url}/v1/registers/{twelve.register}/owners", headers=node)
    assert (seen.status_code, len(seen.json())) == (200, 12)
