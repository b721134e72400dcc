"""A notice that hangs: in all of its buildings, unbroken, as one text; and the board that everybody reads."""

from datetime import timedelta
from typing import Any

from tests.support.affairs import PLACE, Affairs
from tests.support.keys import known_to, party_key

ONE, OTHER, PHOTO = "1" * 64, "2" * 64, "3" * 64
WANTED = {**PLACE, "subject": "plan", "subject_id": "plan-1", "digest": ONE, "buildings": ["b3", "b4"]}


async def test_days_count_from_the_last_building_and_anew_for_another_text(affairs: Affairs) -> None:
    notice = (await affairs.post("/v1/publicity", WANTED, 201))["id"]
    path = f"/v1/publicity/{notice}"

    async def posted(building: str, digest: str = ONE) -> Any:
        now = await affairs.later()
        body = {"building": building, "digest": digest, "posted_at": now.isoformat(), "photo": PHOTO}
        return await affairs.post(f"{path}:post", body)

    async def on_the_board() -> Any:
        query = "community=test&neighbourhood=east"
        answer = await affairs.system.resident.get(f"{affairs.url}/v1/board?{query}")
        assert answer.status_code == 200, answer.text
        return {each["id"]: each for each in answer.json()}.get(notice)

    await posted("b3")
    shown = await on_the_board()
    assert (shown["hangs_in"], shown["of_buildings"], shown["first_day"]) == (1, 2, None)
    assert await affairs.refused(f"{path}:complete") == "not_posted_everywhere"
    await posted("b4")
    shown = await on_the_board()
    assert shown["buildings"][1]["photo"] == PHOTO
    assert shown["last_day"] > shown["first_day"]
    assert await affairs.refused(f"{path}:complete") == "days_not_over"

    length = shown["rule"]["length"]
    await affairs.later(days=length)
    await affairs.post(f"{path}:change_text", {"digest": OTHER})
    wrong = {"building": "b3", "digest": ONE, "posted_at": (await affairs.later()).isoformat()}
    assert await affairs.refused(f"{path}:post", wrong, 422) == "other_text"
    await posted("b3", OTHER)
    await posted("b4", OTHER)
    await affairs.post(f"{path}:miss", {"building": "b4"})
    assert (await on_the_board())["buildings"][1]["missing_since"] is not None
    await posted("b4", OTHER)
    assert await affairs.refused(f"{path}:complete") == "days_not_over"
    await affairs.later(days=length + 1)
    assert (await affairs.post(f"{path}:complete"))["stage"] == "completed"
    assert await on_the_board() is None
    after = await affairs.get(f"/v1/board/{notice}")
    assert (after["stage"], after["digest"]) == ("completed", OTHER)


async def test_nobody_gives_days_to_what_was_not_seen_to_hang(affairs: Affairs) -> None:
    notice = (await affairs.post("/v1/publicity", WANTED, 201))["id"]
    earlier = (await affairs.later(hours=2)) - timedelta(hours=1)
    without = {"building": "b3", "digest": ONE, "posted_at": earlier.isoformat()}
    assert await affairs.refused(f"/v1/publicity/{notice}:post", without, 422) == "photo_missing"
    assert await affairs.refused("/v1/publicity", WANTED | {"buildings": ["b3", "b3"]}, 422) == "buildings_wrong"
    assert await affairs.refused("/v1/publicity", WANTED | {"subject": "vote"}, 422) == "subject_wrong"
    unknown = await affairs.ask("/v1/publicity", WANTED | {"neighbourhood": "nowhere"})
    assert (unknown.status_code, unknown.json()["type"].rsplit(":", 1)[-1]) == (422, "unknown_neighbourhood")
    company = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "water-co"))
    resident = affairs.system.resident
    now = without | {"posted_at": (await affairs.later()).isoformat()}
    for verb, said in (("post", now | {"photo": PHOTO}), ("miss", {"building": "b3"})):
        path = f"/v1/publicity/{notice}:{verb}"
        assert (await affairs.ask(path, said, resident, headers=company)).status_code == 403
    node = await known_to(affairs.system, "neighbourhood", await party_key(affairs.system, "village"))
    await affairs.post(f"/v1/publicity/{notice}:post", now | {"photo": PHOTO}, client=resident, headers=node)
    await affairs.post(f"/v1/publicity/{notice}:end")
    assert await affairs.refused(f"/v1/publicity/{notice}:complete") == "publicity_over"
