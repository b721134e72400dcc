"""Likely repeats on real servers: at intake before something is sent, and on the desk; by an index, and bounded."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from intake.settings import IntakeSettings
from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.kinds import Kind
from linli.storage import mongo
from linli.text.distinctive import distinctive_words
from tests.support.builders import NOON, community, submitted
from tests.support.reception import Reception, reception, slug
from tests.support.services import running, until
from tests.support.topics import publish
from workflow.main import build, migrate
from workflow.settings import WorkflowSettings

LAMP = {"title": "3号楼2单元门口路灯不亮", "text": "晚上看不见台阶", "neighbourhood": "east", "place": "3号楼2单元门口"}
SAME_LAMP = {"title": "3号楼二单元门口的路灯不亮了", "text": "看不见台阶", "neighbourhood": "east"}
HERE, ROUND_THE_CORNER, ACROSS_TOWN = ({"lon": lon, "lat": 36.105} for lon in (120.4050, 120.4052, 120.4900))

HINTS = ["surroundings", "location", "community"]

SettingsFor = Callable[..., Awaitable[Any]]


async def plans(settings: Settings, service: str, collection: str) -> list[dict[str, Any]]:
    """What the server's profiler saw of the queries by which candidates were found."""
    client = mongo.connect(settings)
    try:
        database = client[settings.database(service)]
        seen = {"op": "query", "ns": f"{database.name}.{collection}", "command.hint": {"$in": HINTS}}
        return [found async for found in database["system.profile"].find(seen)]
    finally:
        client.close()


async def profiled(settings: Settings, service: str) -> None:
    client = mongo.connect(settings)
    try:
        await client[settings.database(service)].command("profile", 2)
    finally:
        client.close()


# At intake -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def desk(settings_for: SettingsFor) -> AsyncIterator[Reception]:
    async with reception(await settings_for(IntakeSettings)) as desk:
        yield desk


async def similar(desk: Reception, **said: Any) -> list[dict[str, Any]]:
    answer = await desk.http.post("/v1/submissions:similar", json=said)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_resident_sees_before_sending_that_a_matter_was_reported_and_why_it_is_thought_so(
    desk: Reception,
) -> None:
    first = await desk.accepted(**LAMP)
    await desk.accepted(title="东门口水管爆了", text="水流了一地", neighbourhood="east")
    (found,) = await similar(desk, **SAME_LAMP)
    assert (found["title"], found["kind"], found["neighbourhood"]) == (LAMP["title"], "report", "east")
    assert found["score"] >= 0.55
    assert sum(reason["share"] for reason in found["reasons"]) == pytest.approx(found["score"], abs=0.05)
    reasons = {reason["because"]: reason["value"] for reason in found["reasons"]}
    again = await desk.accepted(**SAME_LAMP, same_as=found["reference"])
    forged = await desk.http.post("/v1/submissions", json={"kind": "report", **SAME_LAMP, "same_as": "A" * 43})
    assert (forged.status_code, forged.json()["errors"][0]["field"]) == (422, "same_as")
    told: list[Event] = []

    async def published() -> bool:
        told.extend(each.data for each in await desk.published() if each.subject == again["id"])
        return bool(told)

    await until(published)
    assert told[0].model_dump()["attributes"] == {"same_as": first["id"]}
    assert reasons["same_place"] == "3号楼 2单元"
    assert reasons["same_neighbourhood"] == "east"


async def test_asking_leaves_nothing_behind_and_tells_of_nobody(desk: Reception) -> None:
    receipt = await desk.accepted(
        **LAMP | {"title": "3号楼2单元门口路灯不亮 13900000101", "text": "请打 13900000101，我住 301"},
        reporter={"name": "王桂兰", "phone": "13900000101", "email": "wang@residents.example"},
    )
    before = await desk.stored()
    answer = await desk.http.post("/v1/submissions:similar", json=SAME_LAMP)
    (found,) = answer.json()["items"]
    assert set(found) == {"reference", "title", "kind", "neighbourhood", "received_at", "score", "reasons"}
    assert found["title"].endswith("139****0101")
    known = [receipt["id"], receipt["tracking_code"], "13900000101", "王桂兰", "wang@", "请打", "301"]
    assert not [secret for secret in known if secret in answer.text]
    assert await desk.stored() == before


async def test_what_is_known_of_who_wrote_a_title_is_masked_in_it_for_strangers(desk: Reception) -> None:
    await desk.accepted(
        **LAMP | {"title": "王桂兰 3号楼2单元门口路灯不亮 一三九零零零零零一零一 wang在residents"},
        reporter={"name": "王桂兰", "phone": "13900000101", "email": "wang@residents.example"},
    )
    (found,) = await similar(desk, **SAME_LAMP)
    assert found["title"].startswith("王** 3号楼2单元门口路灯不亮 139****0101")


async def test_neither_disputes_nor_alarms_nor_what_was_withdrawn_nor_what_is_old_is_shown(desk: Reception) -> None:
    await desk.accepted(**LAMP, kind="dispute")
    await desk.submit(**LAMP, kind="alarm", channel="device", by=desk.operator)
    gone = await desk.accepted(**LAMP)
    code = {"X-Tracking-Code": gone["tracking_code"]}
    assert (await desk.http.post(f"/v1/submissions/{gone['id']}:withdraw", headers=code)).status_code == 200
    old = await desk.accepted(**LAMP)
    client = mongo.connect(desk.settings)
    submissions = client[desk.settings.database("intake")].submissions
    (stored,) = await submissions.find({"_id": old["id"]}).to_list(None)
    before = stored["received_at"] - timedelta(days=61)
    await submissions.update_one({"_id": old["id"]}, {"$set": {"received_at": before}})
    client.close()
    assert await similar(desk, **SAME_LAMP) == []
    await desk.accepted(**LAMP, kind="demand")
    assert [found["kind"] for found in await similar(desk, **SAME_LAMP)] == ["demand"]


async def test_what_is_near_counts_though_its_neighbourhood_is_another_or_unsaid(desk: Reception) -> None:
    said = {name: LAMP[name] for name in ("title", "text")}
    await desk.accepted(**said, neighbourhood="west")
    assert await similar(desk, **SAME_LAMP) == [], "another neighbourhood, and no point"
    await desk.accepted(**said, neighbourhood="west", location=HERE)
    await desk.accepted(**said, neighbourhood="west", location=ACROSS_TOWN)
    (found,) = await similar(desk, **SAME_LAMP, location=ROUND_THE_CORNER)
    reasons = {reason["because"]: reason["value"] for reason in found["reasons"]}
    assert 10 < reasons["metres"] < 30
    assert len(await similar(desk, title=LAMP["title"], text=LAMP["text"])) == 3, "who says no place sees all"


async def test_at_most_five_are_shown_the_likeliest_first(desk: Reception) -> None:
    for _ in range(7):
        await desk.accepted(**LAMP)
    await desk.accepted(**SAME_LAMP)
    scores = [found["score"] for found in await similar(desk, **SAME_LAMP)]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1


async def test_what_a_community_does_not_know_is_refused_as_it_is_when_something_is_submitted(desk: Reception) -> None:
    for said, expected in (
        ({"neighbourhood": "none-such"}, "unknown_neighbourhood"),
        ({"category": "none-such"}, "unknown_category"),
        ({"reporter": {"name": "王"}}, "invalid"),
    ):
        answer = await desk.http.post("/v1/submissions:similar", json={"title": "路灯不亮", **said})
        assert (answer.status_code, slug(answer)) == (422, expected)


async def test_a_point_at_the_edge_of_the_map_is_still_accepted(desk: Reception) -> None:
    """An index of points refuses what it cannot place; a submission must not fail by that."""
    for lon, lat in ((180, 90), (-180, -90), (180, 0), (0, -90)):
        await desk.accepted(**LAMP, location={"lon": lon, "lat": lat})
        await similar(desk, **SAME_LAMP, location={"lon": lon, "lat": lat})


async def test_intake_finds_what_to_compare_by_an_index_and_looks_at_few(desk: Reception) -> None:
    items = [{"kind": "report", "channel": "hotline", "title": f"路灯{n}", "neighbourhood": "east"} for n in range(600)]
    assert (await desk.batch(*items)).json()["accepted"] == 600
    await profiled(desk.settings, "intake")
    await similar(desk, **SAME_LAMP, location=HERE)
    await similar(desk, title="路灯不亮")
    found = await plans(desk.settings, "intake", "submissions")
    assert len(found) == 3
    assert not [plan["planSummary"] for plan in found if "COLLSCAN" in plan["planSummary"] or plan.get("hasSortStage")]
    assert max(plan["docsExamined"] for plan in found) <= 202


async def test_what_was_reported_does_not_vanish_behind_what_came_after_it_and_few_are_looked_at(
    desk: Reception,
) -> None:
    """An import of a year, all of it newer and of the same neighbourhood, with words in common."""
    mine = await desk.accepted(**LAMP | {"title": "晾衣架断了砸到电动车", "place": None})
    withdrawn = await desk.accepted(**LAMP | {"title": "晾衣架断裂", "place": None})
    client = mongo.connect(desk.settings)
    database = client[desk.settings.database("intake")]
    (stored,) = await database.submissions.find({"_id": mine["id"]}).to_list(None)
    code = {"X-Tracking-Code": withdrawn["tracking_code"]}
    await desk.http.post(f"/v1/submissions/{withdrawn['id']}:withdraw", headers=code)
    for start in range(0, 20_000, 5_000):
        await database.submissions.insert_many([_newer(stored, number) for number in range(start, start + 5_000)])

    await profiled(desk.settings, "intake")
    asked = {"text": LAMP["text"], "neighbourhood": "east"}
    found = await similar(desk, title="晾衣架断了砸到电动车！", **asked)
    await similar(desk, title="电动车停在门口", **asked)

    assert [each["title"] for each in found][:1] == ["晾衣架断了砸到电动车"]
    assert "晾衣架断裂" not in [each["title"] for each in found]
    union = {"ns": f"{database.name}.submissions", "command.pipeline.$unionWith": {"$exists": True}}
    looks = await database["system.profile"].find(union).to_list(None)
    assert len(looks) == 2
    for look in looks:
        assert "COLLSCAN" not in look["planSummary"]
        assert look["keysExamined"] <= 12 * 2 * (200 + 10), "the newest of each word, and no more"
    client.close()


def _newer(stored: dict[str, Any], number: int) -> dict[str, Any]:
    title = f"电动车乱停门口{number % 97}号，堵住路灯{number % 89}"
    own = {"_id": f"fffffff0-0000-7000-8000-{number:012d}", "tracking_code": str(number), "title": title}
    received = stored["received_at"] + timedelta(milliseconds=number + 1)
    return stored | own | {"received_at": received, "words": distinctive_words(title)}


# On the desk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def workflow(settings_for: SettingsFor) -> AsyncIterator[tuple[Any, WorkflowSettings]]:
    settings = await settings_for(WorkflowSettings)
    async with running(build(settings), partial(migrate, settings)) as http:
        http.headers["Authorization"] = f"Bearer {settings.secret('operator.key')}"
        await http.put("/v1/communities/test", json=community().model_dump(mode="json"))
        yield http, settings


async def opened(http: Any, settings: WorkflowSettings, *events: Any) -> None:
    await publish(settings.kafka, settings.topic("intake"), *events)

    async def routed() -> bool:
        answers = [await http.get(f"/v1/cases/{event.subject}") for event in events[-3:]]
        return all(answer.status_code == 200 and answer.json()["state"] != "open" for answer in answers)

    await until(routed)


async def likely(http: Any, id: str, **params: Any) -> list[dict[str, Any]]:
    answer = await http.get(f"/v1/cases/{id}/repeats", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_the_desk_sees_which_cases_are_likely_one_matter_and_why(workflow: Any) -> None:
    http, settings = workflow
    await opened(
        http,
        settings,
        submitted("a", **LAMP),
        submitted("b", **SAME_LAMP),
        submitted("c", Kind.ALARM, **LAMP),
        submitted("other-building", **LAMP | {"title": "5号楼1单元门口路灯不亮", "place": "5号楼1单元门口"}),
        submitted("other-matter", title="东门口水管爆了", text="水流了一地", neighbourhood="east"),
        submitted("elsewhere", **LAMP | {"neighbourhood": "west"}),
    )
    found = await likely(http, "a")
    assert [each["id"] for each in found] == ["c", "b"]
    assert (found[0]["score"], found[0]["kind"], found[0]["state"]) == (1, "alarm", "triage")
    assert found[0]["party"] == {"id": "street", "name": "街道党工委"}
    assert set(found[1]) == {
        *("id", "score", "reasons", "title", "kind", "state", "neighbourhood", "party", "opened_at"),
    }
    assert len(await likely(http, "a", limit=1)) == 1
    assert (await http.get("/v1/cases/a/repeats", params={"limit": 11})).status_code == 422
    assert (await http.get("/v1/cases/none-such/repeats")).status_code == 404


async def test_what_was_merged_withdrawn_or_closed_long_ago_is_not_suggested(workflow: Any) -> None:
    http, settings = workflow
    ids = ["asked", "open", "merged", "withdrawn", "closed", "closed-long-ago"]
    await opened(http, settings, *(submitted(id, **LAMP) for id in ids))
    client = mongo.connect(settings)
    cases = client[settings.database("workflow")].cases
    long_ago = NOON - timedelta(days=365)
    for id, change in (
        ("merged", {"merged_into": "open"}),
        ("withdrawn", {"state": "withdrawn"}),
        ("closed", {"state": "closed"}),
        ("closed-long-ago", {"state": "closed", "updated_at": long_ago}),
    ):
        await cases.update_one({"_id": id}, {"$set": change})
    client.close()
    assert sorted(each["id"] for each in await likely(http, "asked")) == ["closed", "open"]


async def test_a_case_that_says_no_neighbourhood_is_compared_with_all_of_its_community(workflow: Any) -> None:
    http, settings = workflow
    said = {"title": LAMP["title"], "text": LAMP["text"]}
    await opened(
        http,
        settings,
        submitted("nowhere", **said),
        submitted("west", **said, neighbourhood="west"),
        submitted("near-by", **said, neighbourhood="west", location=HERE),
        submitted("here", **said, neighbourhood="east", location=ROUND_THE_CORNER),
    )
    assert {each["id"] for each in await likely(http, "nowhere")} == {"west", "near-by", "here"}
    assert {each["id"] for each in await likely(http, "here")} == {"nowhere", "near-by"}, "near, over a boundary"


async def test_the_desk_finds_what_to_compare_by_an_index_and_looks_at_few(workflow: Any) -> None:
    http, settings = workflow
    await opened(
        http,
        settings,
        *(submitted(f"s{n:04}", title=f"路灯{n}", neighbourhood="east" if n % 2 else "west") for n in range(1200)),
        submitted("asked", **LAMP, location=HERE),
        submitted("nowhere", title=LAMP["title"]),
    )
    await profiled(settings, "workflow")
    await likely(http, "asked")
    await likely(http, "nowhere")
    found = await plans(settings, "workflow", "cases")
    assert len(found) == 4
    assert not [plan["planSummary"] for plan in found if "COLLSCAN" in plan["planSummary"] or plan.get("hasSortStage")]
    assert max(plan["docsExamined"] for plan in found) <= 402
