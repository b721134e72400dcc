"""Intake on real servers: what is accepted is on disk and is told; what is wrong is refused with its reason."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError

from intake.main import MIGRATIONS, build, migrate
from intake.photos.store import PhotoStore
from intake.residents.retention_store import RetentionStore
from intake.settings import IntakeSettings
from linli.contracts.intake.submission import SubmissionWithdrawn, Submitted
from linli.privacy.tracking import tracking_hash
from linli.storage import mongo
from linli.text.coordinates import wgs84_to_gcj02
from tests.support.builders import community
from tests.support.reception import Reception, reception, report, slug
from tests.support.services import running, until

SettingsFor = Callable[..., Awaitable[IntakeSettings]]


@pytest.fixture
async def desk(settings_for: SettingsFor) -> AsyncIterator[Reception]:
    async with reception(await settings_for(IntakeSettings)) as desk:
        yield desk


async def test_a_submission_is_accepted_and_told_without_personal_data(desk: Reception) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = await desk.http.post(
        "/v1/submissions",
        json=report(
            title="电梯坏了，请打13900000101",
            text="或写信到 wang@residents.example",
            neighbourhood="east",
            category="facilities.lift",
            location={"lon": 120.4, "lat": 36},
            attributes={"floor": 6, "wet": True, "phone": "13900000101"},
            reporter={"name": "王桂兰", "phone": "139 0000 0101", "email": "Wang@residents.example"},
        ),
        headers={"traceparent": trace},
    )
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert answer.headers["Location"] == f"/v1/submissions/{receipt['id']}"
    assert receipt["received_at"].endswith("Z")
    (event,) = await until(desk.published)
    assert (event.id, event.type, event.correlationid) == (
        f"{receipt['id']}:1",
        "linli.report.submitted.v1",
        receipt["id"],
    )
    assert (event.source, event.traceparent) == ("linli/intake", trace)
    assert isinstance(event.data, Submitted)
    assert event.data.tracking_hash == tracking_hash(receipt["tracking_code"])
    assert event.data.attributes == {"floor": 6, "wet": True, "phone": "139****0101"}
    told = event.data.model_dump_json()
    assert not [
        secret for secret in ("13900000101", "wang@", "Wang@", "王桂兰", receipt["tracking_code"]) if secret in told
    ]


async def test_a_reporter_is_recognised_by_the_same_number_however_it_is_written(desk: Reception) -> None:
    for phone in ("139 0000 0101", "+86 13900000101", "13900000102"):
        await desk.accepted(reporter={"phone": phone})
    await desk.accepted(reporter={"name": "匿名"})

    async def all_published() -> list[str | None] | None:
        events = [event.data for event in await desk.published()]
        return [e.resident_id for e in events if isinstance(e, Submitted)] if len(events) == 4 else None

    residents = await until(all_published)
    assert residents
    assert len({resident for resident in residents if resident}) == 2
    assert residents.count(None) == 1


async def test_notify_alone_learns_the_contact_and_an_operator_sees_it_masked(desk: Reception) -> None:
    receipt = await desk.accepted(
        reporter={"name": "王桂兰", "phone": "13900000101", "email": "wang@residents.example"}
    )
    unknown = await desk.accepted()
    wanted = {"submissions": [receipt["id"], unknown["id"], "none-such"]}
    assert (await desk.http.post("/internal/v1/contacts", json=wanted)).status_code == 401
    assert (await desk.http.post("/internal/v1/contacts", json=wanted, headers=desk.operator)).status_code == 403
    found = (await desk.http.post("/internal/v1/contacts", json=wanted, headers=desk.service_key)).json()["contacts"]
    assert set(found) == {receipt["id"], unknown["id"]}
    assert found[unknown["id"]] == {"tracking_code": unknown["tracking_code"], "language": "zh-CN"}
    contact = found[receipt["id"]]
    assert contact.pop("resident_id").startswith("r-")
    assert contact == {
        "tracking_code": receipt["tracking_code"],
        "name": "王桂兰",
        "phone": "+8613900000101",
        "email": "wang@residents.example",
        "language": "zh-CN",
    }
    path = f"/v1/submissions/{receipt['id']}"
    assert (await desk.http.get(path)).status_code == 401
    seen = await desk.http.get(path, headers=desk.operator)
    assert seen.json()["reporter"] == {
        "name": "王**",
        "phone": "+86139****0101",
        "email": "w***@residents.example",
        "language": "zh-CN",
    }
    assert receipt["tracking_code"].replace("-", "") not in seen.text


# Once ----------------------------------------------------------------------------------------------------------------


async def test_fifty_posts_with_one_key_at_once_are_one_submission(desk: Reception) -> None:
    answers = await asyncio.gather(*(desk.submit(key="fifty-at-once") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 49
    assert await desk.stored() == 1


async def test_a_key_used_with_another_body_is_refused_and_nobody_meets_anothers_key(desk: Reception) -> None:
    receipt = await desk.accepted(key="key-0001")
    other = await desk.submit(key="key-0001", title="别的")
    assert (other.status_code, slug(other)) == (422, "idempotency_key_reused")
    operators = await desk.submit(key="key-0001", by=desk.operator, title="别的")
    assert operators.status_code == 201
    assert (await desk.submit(key="key-0001")).json() == receipt
    assert await desk.stored() == 2


async def test_an_outside_id_comes_in_once_per_channel(desk: Reception) -> None:
    said = {"channel": "hotline", "external_id": "12345-1"}
    first = await desk.submit(by=desk.operator, **said)
    again = await desk.submit(by=desk.operator, **said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"duplicate": True}
    elsewhere = await desk.submit(by=desk.operator, channel="lijiban", external_id="12345-1")
    assert elsewhere.status_code == 201


async def test_something_else_under_an_id_that_is_taken_is_refused_by_name(desk: Reception) -> None:
    said = {"channel": "hotline", "external_id": "1", "submitted_at": "2026-10-01T08:00:00+08:00"}
    first = await desk.submit(by=desk.operator, **said, title="十月的路灯")
    other = await desk.submit(by=desk.operator, **said, title="十一月的漏气")
    assert (other.status_code, slug(other)) == (409, "external_id_taken")
    assert first.json()["id"] in other.json()["detail"]
    assert "(title)" in other.json()["errors"][0]["message"]
    batch = await desk.batch(
        report(**said, title="十月的路灯"), report(**said, title="又一个"), report(channel="hotline")
    )
    results = batch.json()["results"]
    assert [result["status"] for result in results] == ["duplicate", "rejected", "accepted"]
    assert results[1]["problem"]["slug"] == "external_id_taken"
    assert await desk.stored() == 2


async def test_what_was_taken_without_a_contact_any_more_is_still_known(desk: Reception) -> None:
    person = {"name": "王建国", "phone": "13900000107"}
    said = {"channel": "hotline", "external_id": "7", "text": "找王建国，13900000107", "reporter": person}
    first = (await desk.submit(by=desk.operator, **said)).json()
    client = mongo.connect(desk.settings)
    database = client[desk.settings.database("intake")]
    await RetentionStore(client, database, PhotoStore(database)).let_go_of_contact(first["id"])
    client.close()
    assert (await desk.submit(by=desk.operator, **said)).json() == first | {"duplicate": True}
    changed = await desk.submit(by=desk.operator, **said | {"text": "别的事"})
    assert slug(changed) == "external_id_taken"


async def test_the_code_of_a_duplicate_is_for_who_submitted(desk: Reception) -> None:
    said = {"channel": "hotline", "external_id": "12345-2"}
    mine = (await desk.submit(by=desk.operator, **said)).json()
    theirs = await desk.submit(by=desk.service_key, **said)
    assert (theirs.status_code, theirs.json()["duplicate"], theirs.json()["id"]) == (200, True, mine["id"])
    assert "tracking_code" not in theirs.json()
    other = await desk.submit(by=desk.service_key, **said, title="别的")
    assert slug(other) == "external_id_taken"
    assert "title" not in other.json()["errors"][0]["message"], "in what it differs would tell what the other says"
    batch = await desk.batch(report(**said), by=desk.service_key)
    assert "tracking_code" not in batch.json()["results"][0]
    assert (await desk.batch(report(**said))).json()["results"][0]["tracking_code"] == mine["tracking_code"]


async def test_two_communities_may_count_alike(desk: Reception) -> None:
    await desk.load(community(id="elsewhere"))
    said = {"channel": "hotline", "external_id": "20261103001", "neighbourhood": None}
    items = [report(**said, community=name, title=f"{name}停水") for name in ("test", "elsewhere")]
    first = (await desk.batch(*items)).json()
    assert first["accepted"] == 2, first
    again = (await desk.batch(*items)).json()
    assert [result["id"] for result in again["results"]] == [result["id"] for result in first["results"]]
    assert again["duplicates"] == 2


async def test_a_database_from_before_takes_an_id_within_its_community_from_now_on(
    settings_for: Callable[..., Awaitable[IntakeSettings]],
) -> None:
    settings = await settings_for(IntakeSettings)
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    await mongo.migrate(database, MIGRATIONS[:7])
    assert "external_id" in await database.submissions.index_information()
    await database.submissions.insert_one({"channel": "hotline", "community": "a", "external_id": "1"})
    await mongo.migrate(database, MIGRATIONS)
    assert "external_id" not in await database.submissions.index_information()
    other = {"channel": "hotline", "community": "b", "external_id": "1", "tracking_code": "x"}
    await database.submissions.insert_one(other)
    with pytest.raises(DuplicateKeyError):
        await database.submissions.insert_one(other | {"_id": "again", "tracking_code": "y"})
    with pytest.raises(mongo.NewerDatabase, match=f"{MIGRATIONS[-1].__name__}.* ran, which this version does not know"):
        await mongo.migrate(database, MIGRATIONS[:7])
    client.close()


async def test_a_batch_takes_what_is_right_and_says_what_is_wrong_and_may_be_repeated(desk: Reception) -> None:
    hotline = {"channel": "hotline"}
    items = [
        report(**hotline, external_id="1"),
        report(**hotline, external_id="1"),
        report(**hotline, neighbourhood="none-such"),
        report(**hotline, title="x" * 5_000),
        "not even an object",
        report(),
    ]
    answer = await desk.batch(*items, key="a-batch-key")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["accepted"], body["duplicates"], body["rejected"]) == (2, 1, 3)
    assert [result["index"] for result in body["results"]] == list(range(6))
    assert body["results"][1]["id"] == body["results"][0]["id"]
    problems = [result["problem"] for result in body["results"] if result["status"] == "rejected"]
    assert [problem["slug"] for problem in problems] == ["unknown_neighbourhood", "invalid", "invalid"]
    assert problems[1]["errors"][0]["field"] == "title"
    assert (await desk.batch(*items, key="a-batch-key")).json() == body
    assert await desk.stored() == 2

    other = await desk.batch(*items, report(), key="a-batch-key")
    assert (other.status_code, slug(other)) == (422, "idempotency_key_reused")
    assert await desk.stored() == 2


async def test_an_item_nested_too_deeply_is_rejected_and_the_others_are_taken(desk: Reception) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    items = [report(), report() | {"attributes": {"floor": deep}}, deep, report()]
    for key in (None, "a-deep-batch", "a-deep-batch"):
        answer = await desk.batch(*items, key=key)
        assert answer.status_code == 200
        assert [each["status"] for each in answer.json()["results"]] == ["accepted", "rejected", "rejected", "accepted"]
        assert "nested" in answer.json()["results"][1]["problem"]["detail"]


async def test_a_thousand_in_a_batch_are_accepted_and_a_second_time_none(desk: Reception) -> None:
    items = [report(channel="import", external_id=f"row-{n}") for n in range(1_000)]
    assert (await desk.batch(*items)).json()["accepted"] == 1_000
    assert (await desk.batch(*items)).json()["duplicates"] == 1_000
    assert slug(await desk.batch(*items, report())) == "invalid"
    assert slug(await desk.batch()) == "invalid"

    async def all_published() -> bool:
        return len({event.id for event in await desk.published()}) == 1_000

    assert await until(all_published)


async def test_a_submission_is_withdrawn_once(desk: Reception) -> None:
    receipt = await desk.accepted()
    path = f"/v1/submissions/{receipt['id']}:withdraw"
    code = {"X-Tracking-Code": receipt["tracking_code"].lower().replace("-", " ")}
    first = await desk.http.post(path, json={"reason": "已修好，13900000101"}, headers=code)
    assert first.status_code == 200, first.text
    assert (await desk.http.post(path, headers=code)).json() == first.json()
    assert (await desk.http.post(path, json={"reason": None}, headers=desk.operator)).json() == first.json()

    async def both() -> bool:
        return len(await desk.published()) == 2

    assert await until(both)
    (event,) = [event for event in await desk.published() if event.sequence == 2]
    assert isinstance(event.data, SubmissionWithdrawn)
    assert event.data.reason == "已修好，139****0101"


async def test_a_wrong_code_and_a_submission_that_is_not_there_look_alike(desk: Reception) -> None:
    receipt = await desk.accepted()
    wrong = {"X-Tracking-Code": "0000-0000-0000"}
    there = await desk.http.post(f"/v1/submissions/{receipt['id']}:withdraw", headers=wrong)
    nowhere = await desk.http.post("/v1/submissions/none-such:withdraw", headers=wrong)
    assert there.status_code == nowhere.status_code == 404
    assert there.json() == nowhere.json()
    assert (await desk.http.post(f"/v1/submissions/{receipt['id']}:withdraw")).status_code == 401


async def test_a_withdrawal_is_repeated_with_its_key_and_another_reason_is_refused(
    desk: Reception,
) -> None:
    receipt = await desk.accepted()
    path = f"/v1/submissions/{receipt['id']}:withdraw"
    headers = {"X-Tracking-Code": receipt["tracking_code"], "Idempotency-Key": "withdraw-1"}
    answers = await asyncio.gather(*(desk.http.post(path, json={"reason": "a"}, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert slug(await desk.http.post(path, json={"reason": "b"}, headers=headers)) == "idempotency_key_reused"


# Refused -------------------------------------------------------------------------------------------------------------


IMPOSSIBLE_TIMES = (
    "2999-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "2026-01-01T00:00:00",
    "1700000000",
    1,
    "x",
)
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"neighbourhood": "none-such"}, 422, "unknown_neighbourhood"),
    ({"category": "none-such"}, 422, "unknown_category"),
    ({"kind": "dispute", "category": "facilities.lift"}, 422, "category_kind_mismatch"),
    ({"community": "none-such"}, 422, "unknown_community"),
    ({"title": "字" * 5_000}, 422, "invalid"),
    ({"title": " \n "}, 422, "invalid"),
    ({"title": "a\x00b"}, 422, "invalid"),
    ({"title": "a\x1b[31mb"}, 422, "invalid"),
    ({"text": "字" * 8_001}, 422, "invalid"),
    ({"kind": "complaint"}, 422, "invalid"),
    ({"tracking_code": "0000-0000-0000"}, 422, "invalid"),
    ({"reporter": {"phone": "12"}}, 422, "invalid"),
    ({"reporter": {"email": "nobody"}}, 422, "invalid"),
    ({"reporter": {"admin": True}}, 422, "invalid"),
    ({"location": {"lon": 181, "lat": 0}}, 422, "invalid"),
    ({"location": {"lon": True, "lat": 0}}, 422, "invalid"),
    ({"location": {"lon": 120}}, 422, "invalid"),
    ({"attributes": {"a b": 1}}, 422, "invalid"),
    ({"attributes": {"$where": 1}}, 422, "invalid"),
    ({"attributes": {"n": [1]}}, 422, "invalid"),
    ({"attributes": {f"a{n}": n for n in range(21)}}, 422, "invalid"),
    ({f"field{n}": n for n in range(2_000)}, 422, "invalid"),
    ({"channel": "hotline"}, 401, "unauthorised"),
    ({"external_id": "1"}, 401, "unauthorised"),
    ({"kind": "alarm"}, 401, "unauthorised"),
    ({"submitted_at": "2026-01-01T00:00:00Z"}, 401, "unauthorised"),
]


async def test_what_is_wrong_is_refused_with_its_reason(desk: Reception) -> None:
    for said, status, why in REFUSED:
        answer = await desk.submit(**said)
        assert (answer.status_code, slug(answer)) == (status, why), said
        assert len(answer.content) < 10_000
    for submitted_at in IMPOSSIBLE_TIMES:
        assert slug(await desk.submit(by=desk.operator, submitted_at=submitted_at)) == "invalid", submitted_at
    assert await desk.stored() == 0


NOT_JSON = [
    (b"", 422),
    (b"{", 400),
    (b'{"kind":"report","title":NaN}', 400),
    (b'{"kind":"report","title":"a","location":{"lon":Infinity,"lat":1e999}}', 400),
    (b'{"kind":"report","title":"\xff\xfe"}', 400),
    (rb'{"kind":"report","title":"\ud800"}', 400),
    (b'{"kind":"report","title":"a","attributes":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
    (b"[" * 900 + b"]" * 900, 422),
    (b"null", 422),
    (b'"report"', 422),
]


async def test_a_body_that_is_not_json_is_refused(desk: Reception) -> None:
    for body, status in NOT_JSON:
        answer = await desk.http.post("/v1/submissions", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, slug(answer)) == (status, "malformed_json" if status == 400 else "invalid"), body


async def test_a_body_of_two_megabytes_is_refused_announced_or_not(desk: Reception) -> None:
    body = json.dumps(report(text="x" * 2_000_000)).encode()

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    json_type = {"Content-Type": "application/json"}
    for content in (body, in_pieces()):
        answer = await desk.http.post("/v1/submissions", content=content, headers=json_type)
        assert (answer.status_code, slug(answer)) == (413, "body_too_large")
    borrowed = await desk.http.post("/v1/submissions/attachments:withdraw", content=body, headers=json_type)
    assert borrowed.status_code == 413


async def test_a_batch_is_for_operators_and_is_not_read_before(desk: Reception) -> None:
    answer = await desk.http.post("/v1/submissions:batch", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, slug(answer)) == (401, "unauthorised")
    broken = await desk.http.post("/v1/submissions:batch", content=b"{", headers=desk.operator)
    assert (broken.status_code, slug(broken)) == (400, "malformed_json")


async def test_a_key_that_is_none_is_refused(desk: Reception) -> None:
    for key in ("short", "x" * 256, "with space", "schlüssel"):
        answer = await desk.http.post("/v1/submissions", json=report(), headers={b"Idempotency-Key": key.encode()})
        assert (answer.status_code, slug(answer)) == (422, "invalid"), key


# Communities ---------------------------------------------------------------------------------------------------------


async def test_before_a_community_is_loaded_the_answer_is_to_try_again(settings_for: SettingsFor) -> None:
    settings = await settings_for(IntakeSettings)
    async with running(build(settings), partial(migrate, settings)) as http:
        answer = await http.post("/v1/submissions", json=report())
        assert (answer.status_code, slug(answer)) == (503, "community_not_loaded")
        assert answer.headers["Retry-After"] == "5"


async def test_with_two_communities_the_neighbourhood_tells_which_or_the_caller_must(desk: Reception) -> None:
    north = [{"id": "north", "name": "北院", "grid": "grid-1"}, {"id": "east", "name": "东院", "grid": "grid-1"}]
    await desk.load(community(id="second", neighbourhoods=north))
    assert (await desk.submit(neighbourhood="north")).status_code == 201
    assert (await desk.submit(neighbourhood="west", community="test")).status_code == 201
    unclear: list[dict[str, Any]] = [{}, {"neighbourhood": "east"}]
    for said in unclear:
        answer = await desk.submit(**said)
        assert (answer.status_code, slug(answer)) == (422, "community_needed")
        assert "second, test" in answer.json()["detail"]
    assert slug(await desk.submit(neighbourhood="west", community="second")) == "unknown_neighbourhood"


async def test_the_api_describes_itself(desk: Reception) -> None:
    document = (await desk.http.get("/openapi.json")).json()
    assert {"/v1/submissions", "/v1/submissions:batch", "/v1/submissions/{submission_id}/attachments"} <= set(
        document["paths"]
    )
    metrics = (await desk.http.get("/metrics")).text
    assert "linli_intake_accepted_total" in metrics


async def test_what_is_taken_and_refused_is_counted_by_its_channel(desk: Reception) -> None:
    async def counts() -> dict[str, float]:
        lines = (await desk.http.get("/metrics")).text.splitlines()
        told = [line.rpartition(" ") for line in lines if re.match(r"linli_intake_(accepted|refused)_total", line)]
        return {name: float(value) for name, _, value in told}

    before = await counts()
    assert (await desk.submit(neighbourhood="nowhere")).status_code == 422
    assert (await desk.submit(kind="none")).status_code == 422
    items = [{"kind": "report", "channel": "hotline", "title": "灯坏了", "community": "test"}]
    items += [{"kind": "report", "channel": "hotline", "community": "test"}, {"channel": ["no", "such"]}]
    answer = await desk.http.post("/v1/submissions:batch", json={"items": items}, headers=desk.operator)
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (1, 2), answer.text
    after = await counts()
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value > before.get(name, 0)}
    assert grown == {
        'linli_intake_accepted_total{channel="hotline",kind="report"}': 1,
        'linli_intake_refused_total{channel="hotline",slug="invalid"}': 1,
        'linli_intake_refused_total{channel="unknown",slug="invalid"}': 1,
        'linli_intake_refused_total{channel="web",slug="invalid"}': 1,
        'linli_intake_refused_total{channel="web",slug="unknown_neighbourhood"}': 1,
    }


async def test_who_leaves_anothers_address_is_told_apart_when_it_is_asked_for(desk: Reception) -> None:
    mine = await desk.accepted(title="电梯", reporter={"phone": "13900000101", "email": "wang@residents.example"})
    forged = await desk.accepted(title="水管", reporter={"phone": "13900000202", "email": "wang@residents.example"})

    async def ids(route: str, **asked: Any) -> list[str]:
        answer = await desk.http.post(f"/v1/residents:{route}", json=asked, headers=desk.operator)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return body["erased"] if route == "erase" else [each["id"] for each in body["items"]]

    named = {"resident": "13900000202"}
    for route in ("find", "export"):
        assert await ids(route, **named) == [mine["id"], forged["id"]]
        assert await ids(route, **named, alone=True) == [forged["id"]]
    assert await ids("erase", **named, alone=True) == [forged["id"]]
    assert await ids("find", resident="13900000101") == [mine["id"]]


@pytest.mark.parametrize(("said", "set_for_all"), [("gcj02", "wgs84"), (None, "gcj02"), ("wgs84", "gcj02")])
async def test_a_point_of_a_chinese_map_is_kept_where_it_lies(
    desk: Reception, said: str | None, set_for_all: str
) -> None:
    await desk.load(community(id="maps", location_crs=set_for_all))
    point = (120.4, 36.0) if said == "wgs84" else wgs84_to_gcj02((120.4, 36.0))
    location = {"lon": point[0], "lat": point[1]} | ({"crs": said} if said else {})

    await desk.accepted(community="maps", location=location)

    (event,) = await until(desk.published)
    assert isinstance(event.data, Submitted)
    assert event.data.location is not None
    assert (event.data.location.lon, event.data.location.lat) == pytest.approx((120.4, 36.0), abs=1e-6)


async def test_a_retired_community_takes_no_submission_and_the_others_do(desk: Reception) -> None:
    await desk.load(community(retired_at="2026-11-28T08:00:00Z"), version=2)

    async def refused() -> bool:
        answer = await desk.submit(title="灯坏了", community="test")
        return answer.status_code == 409 and slug(answer) == "community_retired"

    await until(refused)
    assert slug(await desk.submit(title="灯坏了")) == "community_retired"

    await desk.load(community(id="other"))
    receipt = await desk.accepted(title="灯坏了")

    async def told() -> list[Any]:  # what was taken before the retirement was heard of is published too
        return [event.data for event in await desk.published() if event.subject == receipt["id"]]

    [submitted] = await until(told)
    assert submitted.community == "other"


async def test_a_title_that_nobody_sees_is_refused_and_controls_of_direction_are_left_out(desk: Reception) -> None:
    for unseen in ("\u200b", "\u2800", "\u3164", "\ufeff", "\u00ad", "\u115f", "\u200e"):
        assert (await desk.submit(title=unseen)).status_code == 422
    await desk.accepted(title="路灯\u202e坏了", text="打138\u20605678\u20601234")
    (event,) = await until(desk.published)
    assert isinstance(event.data, Submitted)
    assert (event.data.title, event.data.text) == ("路灯坏了", "打138****1234")
