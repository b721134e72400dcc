"""A task force from its seats to a verified action, over HTTP on real servers."""

from datetime import date, timedelta
from typing import Any

from icalendar import Calendar

from tests.support.affairs import Affairs
from tests.support.forces import formed, member, today
from tests.support.services import until

AGENDA = [{"id": "shed", "title": "车棚位置"}, {"id": "start", "title": "开工时间"}]
OUTCOMES = [{"item": "shed", "outcome": "定在3号楼北侧。"}, {"item": "start", "outcome": "七月一日。"}]


async def test_a_meeting_is_called_in_time_minuted_confirmed_and_then_put_right_only_beside(affairs: Affairs) -> None:
    writer, village = await member(affairs, "street"), await member(affairs, "village")
    seats = [
        ("subdistrict-1", "subdistrict", writer.id),
        ("community-1", "community", village.id),
        ("residents-1", "residents", "m-01"),
    ]
    force = await formed(affairs, *seats)
    await affairs.system.operator.put(f"{affairs.url}/v1/taskforces/{force}/members/m-01", json={"name": "李老师"})

    # A meeting is called in time, or is urgent.
    now = await affairs.later(seconds=0)
    called = {"taskforce": force, "place": "社区议事厅", "agenda": AGENDA}
    soon = called | {"starts_at": (now + timedelta(hours=2)).isoformat()}
    assert await affairs.refused("/v1/meetings", soon, 422) == "short_notice"
    in_time = called | {"starts_at": (now + timedelta(days=4)).isoformat()}
    meeting = (await affairs.post("/v1/meetings", in_time, 201, headers=writer.header))["id"]
    ics = await affairs.system.operator.get(f"{affairs.url}/v1/meetings/{meeting}/invitation.ics")
    [entry] = Calendar.from_ical(ics.content).walk("VEVENT")
    assert str(entry["location"]) == "社区议事厅"
    assert await affairs.refused(f"/v1/meetings/{meeting}:write_minutes", {"items": OUTCOMES}) == "meeting_state"

    await affairs.later(days=5)
    present = [
        {"seat_id": "subdistrict-1", "person": writer.id},
        {"seat_id": "community-1", "person": village.id},
        {"seat_id": "residents-1", "person": "m-01"},
    ]
    there: dict[str, Any] = {"headers": writer.header}
    await affairs.post(f"/v1/meetings/{meeting}:record_attendance", {"present": present}, **there)
    written = await affairs.post(f"/v1/meetings/{meeting}:write_minutes", {"items": OUTCOMES}, **there)
    confirm = {"digest": written["minutes"], "seat_id": "subdistrict-1"}
    assert await affairs.refused(f"/v1/meetings/{meeting}:confirm_minutes", confirm, **there) == "writer_confirms"
    confirm["seat_id"] = "community-1"
    await affairs.post(f"/v1/meetings/{meeting}:confirm_minutes", confirm, headers=village.header)
    again = await affairs.refused(f"/v1/meetings/{meeting}:write_minutes", {"items": OUTCOMES}, **there)
    assert again == "minutes_confirmed"
    right = {"item": "start", "instead": "八月一日。", "why": "月份写错", "seat_id": "community-1"}
    await affairs.post(f"/v1/meetings/{meeting}:correct_minutes", right, headers=village.header)
    minutes = await affairs.get(f"/v1/meetings/{meeting}/minutes")
    assert minutes["confirmed"] and minutes["digest"] == written["minutes"]
    assert [each["instead"] for each in minutes["corrigenda"]] == ["八月一日。"]
    paper = await affairs.system.operator.get(f"{affairs.url}/v1/meetings/{meeting}/minutes.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


async def test_an_action_has_one_owner_and_one_day_and_the_clock_says_when_it_is_over(affairs: Affairs) -> None:
    village, estate = await member(affairs, "village"), await member(affairs, "estate")
    force = await formed(affairs, ("community-1", "community", village.id))
    first = await today(affairs)
    due = (date.fromisoformat(first) + timedelta(days=20)).isoformat()
    origin = {"origin": "plan_item", "id": "p-1~meters"}
    asked = {"taskforce_id": force, "comes_of": origin, "what": "迁移电表箱", "due": due}
    assert await affairs.refused("/v1/actions", asked | {"owner": "nobody"}, 422) == "unknown_owner"
    action = (await affairs.post("/v1/actions", asked | {"owner": "estate"}, 201))["id"]
    [owed] = (await affairs.get("/v1/actions?owner=estate&state=open"))["items"]
    assert (owed["id"], owed["what"]) == (action, "迁移电表箱")
    assert (await affairs.get(f"/v1/actions?owner=estate&due_before={first}"))["items"] == []
    later = [(date.fromisoformat(due) + timedelta(days=days)).isoformat() for days in (3, 1, 2, 1)]
    for day in later:
        await affairs.post("/v1/actions", asked | {"owner": "water-co", "due": day}, 201)
    seen, cursor = list[str](), ""
    while len(seen) < 9:
        page = await affairs.get(f"/v1/actions?owner=water-co&limit=2{cursor}")
        seen += [each["due"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == sorted(later), "the nearest day first, also where a page ends; none twice"
    await affairs.get("/v1/actions?cursor=nonsense", 422)

    async def told() -> bool:
        """The owner has a letter; the company has a mailbox."""
        deliveries = await affairs.system.get("notify", "/v1/deliveries", kind="affair")
        return "party:estate" in {each["recipient"] for each in deliveries["items"]}

    await until(told)

    async def state() -> Any:
        return await affairs.get(f"/v1/actions/{action}")

    async def reminded() -> bool:
        return bool((await state())["reminded"])

    async def missed() -> bool:
        return bool((await state())["missed"])

    await affairs.later(days=14)
    await until(reminded)
    assert not await missed()
    await affairs.later(days=8)
    await until(missed)
    assert await affairs.refused(f"/v1/actions/{action}:report", {"done": "好了"}) == "not_the_owner"
    await affairs.post(f"/v1/actions/{action}:report", {"done": "已迁移。"}, headers=estate.header)
    assert (await affairs.ask(f"/v1/actions/{action}:verify", headers=estate.header)).status_code == 403
    done = await affairs.post(f"/v1/actions/{action}:verify", headers=village.header)
    assert done["state"] == "verified"


async def test_a_seat_that_ends_is_told_and_followed_without_a_gap_and_a_bulletin_is_put_right_only_beside(
    affairs: Affairs,
) -> None:
    force = await formed(affairs)
    first = date.fromisoformat(await today(affairs))
    until_day = first + timedelta(days=40)
    seat = {"seat_id": "residents-1", "role": "residents", "holder": "m-01"}
    term = seat | {"from_day": first.isoformat(), "until": until_day.isoformat()}
    await affairs.post(f"/v1/taskforces/{force}:fill_seat", term)
    await affairs.later(days=12)

    async def told() -> bool:
        return bool((await affairs.get(f"/v1/taskforces/{force}"))["told"])

    await until(told)
    late = seat | {"holder": "m-02", "from_day": (until_day + timedelta(days=3)).isoformat()}
    assert await affairs.refused(f"/v1/taskforces/{force}:fill_seat", late, 422) == "seat_gap"
    await affairs.post(f"/v1/taskforces/{force}:fill_seat", late | {"from_day": until_day.isoformat()})

    await affairs.post(f"/v1/taskforces/{force}:issue_bulletin", {"title": "第一期", "text": "七月开工。"})
    right = {"number": 1, "instead": "八月开工。", "why": "月份写错"}
    await affairs.post(f"/v1/taskforces/{force}:correct_bulletin", right)
    answer = await affairs.system.resident.get(f"{affairs.url}/v1/taskforces/{force}/bulletins")
    [bulletin] = answer.json()
    assert bulletin["text"] == "七月开工。"
    assert [each["instead"] for each in bulletin["corrigenda"]] == ["八月开工。"]


async def test_a_name_is_known_to_those_who_lead_and_an_erasure_takes_it_away(affairs: Affairs) -> None:
    force = await formed(affairs)
    path, company = f"{affairs.url}/v1/taskforces/{force}/members", await member(affairs, "water-co")
    operator = affairs.system.operator
    assert (await operator.put(f"{path}/m-01", json={"name": "李老师"})).status_code == 204
    assert await affairs.get(f"/v1/taskforces/{force}/members") == {"m-01": "李老师"}
    assert (await operator.get(path, headers=company.header)).status_code == 403
    assert (await operator.delete(f"{path}/m-01")).status_code == 204
    assert (await operator.delete(f"{path}/m-01")).status_code == 404
    assert await affairs.get(f"/v1/taskforces/{force}/members") == {}
