"""An erasure among 100,000 submissions of others: each is looked at once, in no transaction, and intake goes on."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest
from uuid_utils import uuid7

from intake.photos.store import PhotoStore
from intake.residents.retention_store import RetentionStore
from intake.settings import IntakeSettings
from linli.storage import mongo
from linli.web import idempotency
from tests.support.reception import Reception, reception
from tests.support.services import until

ERASE = "/v1/residents:erase"
MANY = 100_000
PHONE, EMAIL, HOME = "13987650123", "Ouyang@Residents.Example", "槐荫里十七号楼3单元601室"
WRITTEN = (
    {"text": "找欧阳师傅，请打１３９ 8765-０１２３"},
    {"text": "他的手机是幺三九八七六五零一二三，晚上打"},
    {"text": "写信到 OUYANG@residents.example 就行"},
    {"place": "槐荫里 十七号楼3单元601室 门口"},
    {"attributes": {"call": 13987650123}},
)


@pytest.fixture
async def desk(settings_for: Callable[..., Awaitable[IntakeSettings]]) -> AsyncIterator[Reception]:
    async with reception(await settings_for(IntakeSettings)) as desk:
        yield desk


@pytest.fixture
async def database(desk: Reception) -> AsyncIterator[mongo.Database]:
    client = mongo.connect(desk.settings)
    yield client[desk.settings.database("intake")]
    client.close()


async def test_others_are_looked_at_once_in_no_transaction_while_requests_are_answered(
    desk: Reception, database: mongo.Database
) -> None:
    own = [(await desk.accepted(text="停水", reporter=somebody()))["id"] for _ in range(3)]
    await reported_by_others(desk, database)
    await _cut_short(desk, database)

    await database.create_collection("system.profile", capped=True, size=64 * 1024 * 1024)
    await database.command("profile", 2, filter={"docsExamined": {"$gt": 0}})
    erasing = asyncio.create_task(erase(desk, PHONE))
    for _ in range(30):
        await desk.accepted(text="路灯不亮")
    assert not erasing.done(), "thirty were accepted, one after another, and it has not ended yet"
    assert await erasing == {"erased": own, "masked_elsewhere": len(WRITTEN)}
    await database.command("profile", 0)

    looked = [each async for each in database["system.profile"].find({"docsExamined": {"$gt": 0}})]
    within = [each["docsExamined"] for each in looked if "autocommit" in each["command"]]
    assert 0 < sum(within) < 100, "in transactions only those that are erased and those that are rewritten"
    examined = [each["docsExamined"] for each in looked]
    assert MANY <= sum(examined) < 1.1 * MANY, "once for three submissions"
    assert max(examined) <= 200, "others get their turn after a few"
    left = [doc async for doc in database.submissions.find({"_id": {"$regex": "^written-"}}).sort("_id", 1)]
    assert [{name: doc[name] for name in said} for doc, said in zip(left, WRITTEN, strict=True)] == [
        {"text": "找欧阳师傅，请打139****0123"},
        {"text": "他的手机是139****0123，晚上打"},
        {"text": "写信到 O***@*** 就行"},
        {"place": "*** 门口"},
        {"attributes": {"call": "139****0123"}},
    ]


async def _cut_short(desk: Reception, database: mongo.Database) -> None:
    """The server loses the scan's cursor, as when another member becomes primary: nobody has been erased yet."""
    erasing = asyncio.create_task(desk.http.post(ERASE, json={"resident": PHONE}, headers=desk.operator))
    scans = [{"$currentOp": {"idleCursors": True}}, {"$match": {"ns": f"{database.name}.submissions"}}]

    async def cursors() -> list[int]:
        found = database.client.admin.aggregate(scans)
        return [each["cursor"]["cursorId"] async for each in found if "cursor" in each]

    await database.command("killCursors", "submissions", cursors=await until(cursors))
    assert (await erasing).status_code == 500
    assert (await desk.http.post("/v1/residents:find", json={"resident": PHONE}, headers=desk.operator)).is_success


async def test_two_who_are_erased_at_once_are_both_masked_where_both_are_named(
    desk: Reception, database: mongo.Database
) -> None:
    both = ("13987650123", "13612340987")
    for phone in both:
        await desk.accepted(reporter={"phone": phone})
    told = [(await desk.accepted(text=f"请打{both[0]}或{both[1]}，第{number}次"))["id"] for number in range(30)]
    answers = await asyncio.gather(*[erase(desk, phone) for phone in both])
    assert [answer["masked_elsewhere"] for answer in answers] == [30, 30]
    texts = [doc["text"] async for doc in database.submissions.find({"_id": {"$in": told}}).sort("_id", 1)]
    assert texts == [f"请打139****0123或136****0987，第{number}次" for number in range(30)]


async def test_what_others_wrote_is_masked_in_their_event_too_and_does_not_come_back(
    desk: Reception, database: mongo.Database
) -> None:
    await desk.accepted(reporter=somebody())
    id = (await desk.accepted(text=f"住{HOME}的人，幺三九八七六五零一二三", reporter={"phone": "13612340987"}))["id"]
    assert (await erase(desk, PHONE))["masked_elsewhere"] == 1
    stored = await database.submissions.find_one({"_id": id})
    assert stored
    assert orjson.loads(stored["outgoing"]["value"])["text"] == stored["text"] == "住***的人，139****0123"
    await RetentionStore(database.client, database, PhotoStore(database)).let_go_of_contact(id)
    stored = await database.submissions.find_one({"_id": id})
    assert stored and stored["text"] == "住***的人，139****0123"


async def test_an_erasure_looks_at_the_answers_that_tell_of_it_however_many_others_are_kept(
    desk: Reception, database: mongo.Database
) -> None:
    others = [{"id": str(uuid4()), "withdrawn_at": "2026-11-24T08:00:00Z"} for _ in range(3_000)]
    await database.idempotency.insert_many(
        [{"_id": each["id"], "answer": orjson.dumps(each), "subjects": [each["id"]]} for each in others]
    )
    mine = await desk.accepted()
    for key in ("first-withdrawal", "second-withdrawal"):
        answer = await desk.http.post(
            f"/v1/submissions/{mine['id']}:withdraw",
            headers={"X-Tracking-Code": mine["tracking_code"], "Idempotency-Key": key},
        )
        assert answer.status_code == 200
    await database.command("profile", 2)

    async def work(session: mongo.Session) -> None:
        await idempotency.forget(database, [mine["id"]], session)

    await mongo.transact(database.client, work)
    await database.command("profile", 0)
    looked = database["system.profile"].find({"ns": f"{database.name}.idempotency"})
    assert sum([each.get("docsExamined", 0) async for each in looked]) <= 4
    assert await database.idempotency.count_documents({}) == len(others)


async def test_answers_from_before_their_subjects_were_kept_learn_them(
    desk: Reception, database: mongo.Database
) -> None:
    id, photo = str(uuid4()), "0" * 31 + "a"
    written = orjson.dumps({"id": id, "title": "路灯 lamp 12345", "items": [{"id": photo}]})
    await database.idempotency.insert_many([{"_id": "old", "answer": written}, {"_id": "in flight"}])
    await idempotency.create_subjects_index(database)
    stored = await database.idempotency.find_one({"_id": "old"})
    assert stored and stored["subjects"] == sorted([id, photo])


async def test_many_are_forgotten_in_the_answers_that_tell_of_them_and_in_no_other(
    desk: Reception, database: mongo.Database
) -> None:
    ids = [str(uuid4()) for _ in range(1_000)]
    await database.idempotency.insert_many(
        [{"_id": id, "answer": orjson.dumps({"title": "灯", "parts": [{"id": "x"}, {"id": id}]})} for id in ids]
    )
    await database.idempotency.insert_one({"_id": "in flight"})

    async def work(session: mongo.Session) -> None:
        await idempotency.forget(database, ids[:600], session)

    await mongo.transact(database.client, work)
    assert {doc["_id"] async for doc in database.idempotency.find()} == {"in flight", *ids[600:]}


async def erase(desk: Reception, resident: str) -> dict[str, Any]:
    answer = await desk.http.post(ERASE, json={"resident": resident}, headers=desk.operator, timeout=100)
    assert answer.status_code == 200, answer.text
    erased: dict[str, Any] = answer.json()
    return erased


def somebody() -> dict[str, str]:
    return {"name": "欧阳铁柱", "phone": PHONE, "email": EMAIL, "address": HOME}


async def reported_by_others(desk: Reception, database: mongo.Database) -> None:
    """One submission as intake writes it, and copies of it with as many words as people write; few name somebody."""
    receipt = await desk.accepted(
        title="路灯", place="3号楼", attributes={"floor": 6}, reporter={"phone": "13612340987"}
    )
    template = await database.submissions.find_one({"_id": receipt["id"]}, {"unsent_since": 0})
    assert template is not None
    chance = random.Random(7)
    book = "".join(chance.choices([*map(chr, range(0x4E00, 0x9FA5)), *"，。！0123456789" * 200], k=50_000))

    def words() -> str:
        start = chance.randrange(len(book) - 600)
        return book[start : start + chance.randint(50, 600)]

    for start in range(0, MANY, 5_000):
        copies = [{"_id": str(uuid7()), "text": words()} for _ in range(5_000)]
        if start == MANY // 2:
            copies += [{"_id": f"written-{place}", "text": words()} | said for place, said in enumerate(WRITTEN)]
        await database.submissions.insert_many(
            [template | copy | {"tracking_code": copy["_id"]} for copy in copies], ordered=False
        )
