"""A deliberation in a room and online: a company commits itself by its own key, and owes an action from then on."""

from datetime import date, timedelta
from typing import Any

from tests.support.affairs import PLACE, Affairs
from tests.support.forces import Member, formed, member, today

HOME = {"kind": "household", "id": "h-01"}
WATER = {"kind": "party", "id": "water-co"}


class Talks:
    """One deliberation, and what is done in it."""

    def __init__(self, affairs: Affairs, id: str) -> None:
        self.affairs, self.id = affairs, id

    async def do(self, verb: str, body: Any = None, **options: Any) -> Any:
        return await self.affairs.post(f"/v1/deliberations/{self.id}:{verb}", body, **options)

    async def refused(self, verb: str, body: Any = None, status: int = 409, **options: Any) -> str:
        return await self.affairs.refused(f"/v1/deliberations/{self.id}:{verb}", body, status, **options)


async def convened(affairs: Affairs, force: str) -> Talks:
    first = date.fromisoformat(await today(affairs)) + timedelta(days=3)
    asked = {
        **PLACE,
        "question": {"zh": "车棚挡住消防通道，怎么办？"},
        "taskforce_id": force,
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=3)).isoformat(),
    }
    return Talks(affairs, (await affairs.post("/v1/deliberations", asked, 201))["id"])


async def until_days(affairs: Affairs, days: int) -> str:
    return (date.fromisoformat(await today(affairs)) + timedelta(days=days)).isoformat()


async def came_with_a_mandate(talks: Talks, company: Member, stranger: Member) -> None:
    """The water company is invited, comes, and says who may commit it to works."""
    affairs = talks.affairs
    answer_by = await affairs.later(seconds=0) + timedelta(days=2)
    asked = {"invited": "water-co", "title": "车棚选址协商", "asks": "能否迁移水表井？"}
    invited = await talks.do("invite", asked | {"answer_by": answer_by.isoformat()})
    [invitation] = invited["invitations"]
    mine = await affairs.system.operator.get(
        f"{affairs.url}/v1/deliberations?community=test&invited=water-co", headers=company.header
    )
    assert [each["id"] for each in mine.json()] == [talks.id]
    comes = {"invitation_id": invitation, "comes": True, "words": "我们派人参加。"}
    assert await talks.refused("answer_invitation", comes, headers=stranger.header) == "not_theirs"
    await talks.do("answer_invitation", comes, headers=company.header)
    mandate = {"speaker": company.id, "may": ["works"], "until": await until_days(affairs, 90)}
    theirs = {"of": "water-co", "mandate": mandate | {"speaker": stranger.id}, "letter": "a" * 64}
    forged = await affairs.ask(f"/v1/deliberations/{talks.id}:grant_mandate", theirs, headers=stranger.header)
    assert forged.status_code == 403, "nobody commits a rival by a letter of their own making"
    await talks.do("grant_mandate", {"of": "water-co", "mandate": mandate}, headers=company.header)


async def not_for_another(talks: Talks, company: Member, in_room: dict[str, Any]) -> None:
    """A company speaks neither for a household nor as one, and takes no id that another's words are going to have."""
    path = f"/v1/deliberations/{talks.id}:state"
    said = {**in_room, "words": "代替住户说话"}
    assert (await talks.affairs.ask(path, said, headers=company.header)).status_code == 403
    as_household = {"voice": {"kind": "household", "id": company.id}, "session_id": None, "words": "我是一户。"}
    assert await talks.refused("state", as_household, headers=company.header) == "not_theirs"
    chosen = await talks.affairs.ask(path, {**said, "statement_id": f"{talks.id}.4"})
    assert chosen.status_code == 422


async def numbers_alone(talks: Talks, company: Member) -> None:
    """A company sees how many households are for what, and not which."""
    path = f"/v1/deliberations/{talks.id}"
    led = await talks.affairs.get(path)
    theirs = await talks.affairs.get(path, headers=company.header)
    assert led["dissent"].keys() == {"household:h-01"} and theirs["dissent"].keys() == {"household:household-1"}
    listed = await talks.affairs.get("/v1/deliberations?community=test", headers=company.header)
    assert [each["id"] for each in listed] == [talks.id] and "h-01" not in f"{listed}{theirs}"


async def on_the_board(talks: Talks) -> None:
    """Everybody finds the question, and nothing of what is said."""
    system = talks.affairs.system
    listed = (await system.resident.get(f"{talks.affairs.url}/v1/public/deliberations", params=PLACE)).json()
    assert {"id": talks.id, "state": "published"}.items() <= listed[-1].items()
    assert listed[-1].keys() == {"id", "question", "state", "first_day", "last_day"}


async def test_a_company_commits_itself_within_its_mandate_and_owes_what_was_taken_up(affairs: Affairs) -> None:
    water, estate = await member(affairs, "water-co"), await member(affairs, "estate")
    talks = await convened(affairs, await formed(affairs))
    await came_with_a_mandate(talks, water, estate)
    assert await talks.refused("open") == "not_begun"
    now = await affairs.later(days=3)
    await talks.do("open")
    present = [{"voice": HOME}, {"voice": WATER, "person": water.id}]
    await talks.do(
        "record_session",
        {"session_id": "r-1", "held_at": now.isoformat(), "place": "社区议事厅", "present": present},
    )
    in_room = {"voice": HOME, "session_id": "r-1"}
    online: dict[str, Any] = {"voice": WATER, "session_id": None}
    await talks.do("state", {**in_room, "words": "救护车进不来。"})
    await not_for_another(talks, water, in_room)
    [moved] = (await talks.do("propose", {**in_room, "words": "车棚移到北侧。"}))["proposals"]
    await talks.do("support", {**online, "proposal_id": moved}, headers=water.header)

    # What was promised is within the mandate, or it is refused.
    due = await until_days(affairs, 60)
    offer = {**online, "speaker": water.id, "words": "六十天内迁移水表井。", "promise": {"kind": "works", "due": due}}
    money = offer | {"promise": {"kind": "money", "due": due, "fen": 100_000}}
    assert await talks.refused("commit", money, 422, headers=water.header) == "no_mandate"
    offered = await talks.do("commit", offer, headers=water.header)
    [commitment] = offered["commitments"]
    await talks.do("accept_commitment", {"commitment_id": commitment})
    [action] = (await affairs.get("/v1/actions?owner=water-co"))["items"]
    assert (action["what"], action["due"]) == ("六十天内迁移水表井。", due)
    assert action["comes_of"] == {"origin": "commitment", "id": commitment}

    drafted = await talks.do(
        "draft_outcome", {"result": "agreed", "proposals": [moved], "says": {"zh": "车棚移到北侧。"}}
    )
    digest = drafted["draft"]["digest"]
    await talks.do("dissent", {**in_room, "digest": digest})
    assert await talks.refused("conclude", {"digest": digest}) == "talks_not_over"
    await affairs.later(days=5)
    await talks.do("conclude", {"digest": digest})
    await affairs.get(f"/v1/deliberations/{talks.id}/outcome", 404)
    await talks.do("publish")
    outcome = (await affairs.system.resident.get(f"{affairs.url}/v1/deliberations/{talks.id}/outcome")).json()
    await on_the_board(talks)
    assert outcome["support"] == [{"proposal_id": moved, "households": 0, "parties": 1}]
    assert [each["voice"] for each in outcome["dissent"]] == [{"kind": "household", "id": "household-1"}]
    await numbers_alone(talks, estate)
    assert "h-01" not in str(offered)
    assert "二百七十八" in outcome["text"]["caveat"]["zh"]

    # The record has every word, until a household wants its own taken away.
    path = f"/v1/deliberations/{talks.id}/record"
    assert (await affairs.system.operator.get(f"{affairs.url}{path}", headers=estate.header)).status_code == 403
    heard = await affairs.get(path, headers=water.header)
    said = [each["words"] for each in heard]
    assert "h-01" not in str(heard) and "h-01" in str(await affairs.get(path))
    assert said == ["我们派人参加。", "救护车进不来。", "车棚移到北侧。", "六十天内迁移水表井。"]
    forget = f"{affairs.url}/v1/deliberations/{talks.id}/households/h-01"
    assert (await affairs.system.operator.delete(forget)).status_code == 204
    assert (await affairs.system.operator.delete(forget)).status_code == 404
    said = [each["words"] for each in await affairs.get(path)]
    assert said == ["我们派人参加。", None, None, "六十天内迁移水表井。"]


async def test_a_household_speaks_and_supports_by_the_code_of_its_letter_and_for_nobody_else(affairs: Affairs) -> None:
    talks = await convened(affairs, await formed(affairs))
    told = await talks.affairs.post(f"/v1/deliberations/{talks.id}/codes:deliver", {"households": ["h-1", "h-2"]})
    one, two = (f"/v1/talks/{each['code']}" for each in told)
    resident = affairs.system.resident

    async def refused(path: str, body: Any, status: int = 409) -> str:
        return await affairs.refused(path, body, status, client=resident)

    assert await refused(f"{one}:propose", {"words": "车棚移到北侧。"}) == "deliberation_state"
    await affairs.later(days=3)
    await talks.do("open")
    await affairs.post(f"{one}:propose", {"words": "车棚移到北侧。"}, client=resident)
    await affairs.post(f"{one}:state", {"words": "救护车进不来。"}, client=resident)
    seen = (await resident.get(f"{affairs.url}{two}")).json()
    [proposal] = seen["proposals"]
    assert (proposal["words"], proposal["supported_by"], proposal["own"]) == ("车棚移到北侧。", 0, False)
    of = {"proposal_id": proposal["id"]}
    await affairs.post(f"{two}:support", of, client=resident)
    assert await refused(f"{two}:support", of) == "known_already"
    assert (await resident.get(f"{affairs.url}{two}")).json()["proposals"][0]["own"] is True
    assert (await resident.get(f"{affairs.url}/v1/talks/2222-2222-2222-2222")).status_code == 404
    forget = f"{affairs.url}/v1/deliberations/{talks.id}/households/h-1"
    assert (await affairs.system.operator.delete(forget)).status_code == 204
    assert (await resident.get(f"{affairs.url}{two}")).json()["proposals"][0]["words"] is None
