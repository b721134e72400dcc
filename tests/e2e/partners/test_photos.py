"""Photos of an order come by a link, without a key, and are evidence once an update names them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from linli.photos.files import PhotoFiles
from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.reception import picture, slug
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on
from workflow.partners.domain.upload_link import UploadLink, sealed
from workflow.partners.photo_shelf import PhotoShelf


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        for party in ("water-co", "estate"):
            body = {"community": "test", "party": party}
            await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


class Company:
    """A partner's program, and the telephone of one of its people, which has no key."""

    def __init__(self, system: System, headers: dict[str, str]) -> None:
        self._system, self._headers = system, headers
        self._url, self._updates = system.urls["workflow"], 0

    async def order(self) -> str:
        """One that was just issued."""
        id = (await self._system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"]

        async def found() -> bool:
            answer = await self._system.operator.get(f"{self._url}/v1/orders/{id}~water-co")
            return answer.status_code == 200

        await until(found)
        return f"{id}~water-co"

    async def link(self, order: str) -> httpx2.Response:
        return await self._system.resident.post(f"{self._url}/v1/orders/{order}/photos", headers=self._headers)

    async def path(self, order: str) -> str:
        answer = await self.link(order)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["path"])

    async def upload(self, path: str, *photos: bytes) -> httpx2.Response:
        return await self._system.resident.post(f"{self._url}{path}", files=[("photo", photo) for photo in photos])

    async def sent(self, order: str, *photos: bytes) -> list[str]:
        """Their ids."""
        answer = await self.upload(await self.path(order), *photos)
        assert answer.status_code == 201, answer.text
        return [photo["id"] for photo in answer.json()["photos"]]

    async def say(self, order: str, did: str, **said: Any) -> dict[str, Any]:
        self._updates += 1
        body = {"update_id": f"p-{self._updates}-{order[:8]}", "order_id": order, "dispatch_no": 1, "did": did}
        body |= {"occurred_at": datetime.now(UTC).isoformat()} | said
        answer = await self._system.resident.post(f"{self._url}/v1/updates", json=body, headers=self._headers)
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def evidence(self, order: str) -> list[tuple[str, str, str]]:
        """Of the case: photo, stage, and who added it."""
        case = await self._system.case(order.partition("~")[0])
        assert case
        return [(each["id"], each["stage"], each["by"]) for each in case["evidence"]]


@pytest.fixture(scope="module")
async def water(system: System) -> Company:
    return Company(system, await party_key(system, "water-co"))


@pytest.fixture(scope="module")
async def estate(system: System) -> Company:
    return Company(system, await party_key(system, "estate"))


async def test_photos_are_evidence_once_an_update_names_them(system: System, water: Company) -> None:
    order = await water.order()
    before, after = picture(size=(40, 30)), picture(size=(41, 30))
    [at_first] = await water.sent(order, before)
    assert await water.evidence(order) == [], "nobody has said what it shows"
    same = {"update_id": f"same-{order[:8]}", "occurred_at": datetime.now(UTC).isoformat()}
    same |= {"message": "阀门坏了", "photos": [at_first]}
    assert (await water.say(order, "progressed", **same))["outcome"] == "applied"
    assert (await water.say(order, "progressed", **same))["outcome"] == "duplicate"
    assert await water.evidence(order) == [(at_first, "before", "water-co")]
    [at_last] = await water.sent(order, after)
    receipt = await water.say(order, "done", message="换好了", photos=[at_last, at_last])
    assert (receipt["outcome"], receipt["case_state"]) == ("applied", "resolved")
    assert [each[:2] for each in await water.evidence(order)] == [(at_first, "before"), (at_last, "after")]
    url = f"{system.urls['workflow']}/v1/cases/{order.partition('~')[0]}/evidence/{at_last}"
    shown = await system.operator.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    async with databases_of(system) as database:
        assert await database("workflow").order_photos.count_documents({"order_id": order}) == 0


async def test_a_return_points_to_its_photos_which_stay_among_staff(water: Company) -> None:
    order = await water.order()
    [why] = await water.sent(order, picture(size=(50, 30)))
    receipt = await water.say(order, "returned", message="不归我们管", photos=[why])
    assert (receipt["outcome"], receipt["case_state"]) == ("applied", "returned")
    assert await water.evidence(order) == [(why, "return", "water-co")]


async def test_what_comes_late_is_noted_with_its_photos(system: System, water: Company) -> None:
    order = await water.order()
    [late] = await water.sent(order, picture(size=(60, 30)))
    for action in ("accept", "resolve"):
        await system.act(order.partition("~")[0], action, **({"message": "修好了"} if action == "resolve" else {}))
    assert (await water.say(order, "done", message="换好了", photos=[late]))["outcome"] == "noted"
    assert await water.evidence(order) == [(late, "after", "water-co")]


async def test_a_photo_that_was_not_sent_for_the_order_is_no_photo_of_it(water: Company) -> None:
    order, other = await water.order(), await water.order()
    mine, others = await water.sent(order, picture(size=(70, 30))), await water.sent(other, picture(size=(71, 30)))
    for wrong in (others, ["0" * 32]):
        receipt = await water.say(order, "progressed", photos=[*mine, *wrong], update_id=f"w-{order[:8]}")
        assert (receipt["outcome"], receipt["pointer"], receipt["case_state"]) == ("invalid", "/photos/1", "dispatched")
    assert await water.evidence(order) == []
    again = await water.say(order, "progressed", photos=mine, update_id=f"w-{order[:8]}")
    assert again["outcome"] == "applied", "under the same name"


async def test_a_link_is_for_one_order_of_one_partner_while_it_is_to_be_carried_out(
    system: System, water: Company, estate: Company
) -> None:
    order = await water.order()
    assert (await estate.link(order)).status_code == 404
    assert (await water.link("none-such~water-co")).status_code == 404
    path = await water.path(order)
    await system.act(order.partition("~")[0], "reassign", party="estate")
    refused = await water.upload(path, picture())
    assert (refused.status_code, slug(refused)) == (409, "order_ended")
    assert slug(await water.link(order)) == "order_ended"


async def test_a_link_that_is_changed_or_over_takes_nothing(system: System, water: Company) -> None:
    order, other = await water.order(), await water.order()
    good = (await water.path(order)).rpartition("/")[2]
    until_then, _, seal = good.split(".")
    its_order = (await water.path(other)).rpartition("/")[2].split(".")[1]
    longer = f"{int(until_then, 16) + 9_999:x}.{good.partition('.')[2]}"
    strangers = sealed(UploadLink(order, datetime.now(UTC) + timedelta(hours=1)), b"another key")
    for wrong in ("x", "1.2.3", good[:-2], longer, f"{until_then}.{its_order}.{seal}", strangers, "%00", "a" * 501):
        refused = await water.upload(f"/v1/order-photos/{wrong}", picture())
        assert refused.status_code in {404, 422}, wrong
        assert refused.headers["content-type"] == "application/problem+json"
    key = (system.servers.secrets_dir / "service.key").read_text().strip().encode()
    over = sealed(UploadLink(order, datetime.now(UTC) - timedelta(seconds=1)), key)
    refused = await water.upload(f"/v1/order-photos/{over}", picture())
    assert (refused.status_code, slug(refused)) == (410, "link_expired")


async def test_what_is_no_photo_or_too_much_is_refused(water: Company) -> None:
    order = await water.order()
    path = await water.path(order)
    assert slug(await water.upload(path, b"%PDF-1.7 no photo")) == "not_a_photo"
    assert slug(await water.upload(path, b"")) in {"not_a_photo", "invalid"}
    assert (await water.upload(path, picture() + b"\0" * (11 * 1024 * 1024))).status_code == 413
    assert (await water.upload(path, *[picture()] * 11)).status_code == 400
    answers = [
        await water.upload(path, *[picture(size=(80, 30 + n)) for n in range(first, first + 7)]) for first in (0, 7, 14)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert slug(answers[-1]) == "no_more_photos"
    ids = [photo["id"] for answer in answers[:2] for photo in answer.json()["photos"]]
    first = await water.say(order, "progressed", photos=ids[:10])
    more = await water.say(order, "progressed", photos=ids[10:])
    assert (first["outcome"], more["outcome"], more["pointer"]) == ("applied", "invalid", "/photos")


async def test_photos_go_with_what_can_be_seen(system: System, water: Company) -> None:
    order = await water.order()
    body = {"update_id": "u", "order_id": order, "dispatch_no": 1, "did": "accepted", "photos": ["0" * 32]}
    body["occurred_at"] = datetime.now(UTC).isoformat()
    headers = water._headers
    answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=body, headers=headers)
    assert answer.status_code == 422, answer.text


async def test_while_a_partner_is_paused_no_photo_of_its_orders_is_taken(system: System, water: Company) -> None:
    order = await water.order()
    path = await water.path(order)
    partner = f"{system.urls['workflow']}/v1/partners/test/water-co"
    assert (await system.operator.post(f"{partner}:pause")).status_code == 200
    try:
        assert slug(await water.link(order)) == "partner_paused"
        assert slug(await water.upload(path, picture())) == "partner_not_active"
    finally:
        await system.operator.post(f"{partner}:resume")
    assert (await water.upload(path, picture())).status_code == 201


async def pictures_of(system: System, order: str) -> tuple[int, int]:
    """How many of an order wait to be named, and how many files there are of its case."""
    async with databases_of(system) as database:
        waiting = await database("workflow").order_photos.count_documents({"order_id": order})
        files = database("workflow")["photos.files"]
        return waiting, await files.count_documents({"metadata.of": order.partition("~")[0]})


async def test_what_nobody_names_goes_after_seven_days_and_with_its_picture(system: System, water: Company) -> None:
    order = await water.order()
    await water.sent(order, picture(size=(90, 30)), picture(size=(91, 30)))
    await water.sent(order, picture(size=(90, 30)))
    assert await pictures_of(system, order) == (2, 2), "the same one twice is one"
    now = datetime.now(UTC)
    async with databases_of(system) as database:
        old = {"$set": {"at": now - timedelta(days=8)}}
        await database("workflow").order_photos.update_one({"order_id": order}, old)
        shelf = PhotoShelf(database("workflow"), PhotoFiles(database("workflow")))
        went = [some async for some in shelf.kept().let_go(now - timedelta(days=7))]
    assert sum(went) == 1
    assert await pictures_of(system, order) == (1, 1)


async def test_an_erasure_takes_what_waits_to_be_named_too(system: System, water: Company) -> None:
    phone = "13900139077"
    sent = await system.submit(kind="report", title="停水了", neighbourhood="east", reporter={"phone": phone})
    order = f"{sent.json()['id']}~water-co"

    async def there() -> bool:
        return (await system.operator.get(f"{system.urls['workflow']}/v1/orders/{order}")).status_code == 200

    await until(there)
    await water.sent(order, picture(size=(95, 30)))
    answer = await system.operator.post(f"{system.urls['intake']}/v1/residents:erase", json={"resident": phone})
    assert answer.status_code == 200, answer.text

    async def gone() -> bool:
        return await pictures_of(system, order) == (0, 0)

    await until(gone)
