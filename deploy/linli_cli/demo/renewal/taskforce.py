"""Act: a task force of six seats meets, and gives three actions an owner and a date."""

from datetime import timedelta

from linli_cli.demo.renewal.stage import PLACE, Stage

SEATS = {
    "subdistrict": "fushan-road-office",
    "community": "huaiyin",
    "party_members": "home-huaiyin-li-3",
    "residents": "residents-1",
    "owners_committee": "huaiyin-li-owners",
    "property": "heshun-property",
}
ACTIONS = (
    ("请电力公司到场核实变压器容量", "power-company"),
    ("与消防核对车棚位置", "huaiyin"),
    ("公示施工期间停车安排", "heshun-property"),
)


async def meet(stage: Stage) -> str:
    """Seats, a meeting with confirmed minutes, actions; the task force's id."""
    made = await stage.do("/v1/taskforces", {**PLACE, "title": "槐荫里改造专班"})
    id, now = str(made["id"]), await stage.now()
    today = now.date().isoformat()
    people = {role: await stage.party(SEATS[role]) for role in ("subdistrict", "community")}
    holders = SEATS | {role: person.id for role, person in people.items()}
    for role, holder in holders.items():
        seat = {"seat_id": role, "role": role, "holder": holder, "from_day": today}
        await stage.do(f"/v1/taskforces/{id}:fill_seat", seat)
    starts_at = (now + timedelta(days=4)).isoformat()
    agenda = [{"id": "clusters", "title": "九类需求怎么安排"}, {"id": "next", "title": "下一步任务"}]
    meeting = await stage.do(
        "/v1/meetings", {"taskforce": id, "starts_at": starts_at, "place": "槐荫社区会议室", "agenda": agenda}
    )
    await stage.later(days=4, hours=2)
    there = [{"seat_id": role, "person": holder} for role, holder in holders.items()]
    path = f"/v1/meetings/{meeting['id']}"
    await stage.do(f"{path}:record_attendance", {"present": there})
    items = [{"item": "clusters", "outcome": "九类需求逐项写入方案。"}, {"item": "next", "outcome": "定三项任务。"}]
    written = await stage.do(f"{path}:write_minutes", {"items": items})
    confirmed = {"digest": written["minutes"], "seat_id": "community"}
    await stage.do(f"{path}:confirm_minutes", confirmed, by=people["community"])
    due = ((await stage.now()) + timedelta(days=30)).date().isoformat()
    for what, owner in ACTIONS:
        comes_of = {"origin": "meeting", "id": meeting["id"]}
        action = {"taskforce_id": id, "comes_of": comes_of, "what": what, "owner": owner, "due": due}
        await stage.do("/v1/actions", action)
    stage.seen["taskforce"] = await stage.get(f"/v1/taskforces/{id}")
    stage.seen["meeting"] = await stage.get(path)
    return id
