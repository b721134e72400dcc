"""Photos on real servers: kept as plain JPEGs, seen by who has the code, refused when they are none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image

from intake.settings import IntakeSettings
from tests.support.hostile import hostile_files
from tests.support.reception import Reception, picture, reception, slug


@pytest.fixture
async def desk(settings_for: Callable[..., Awaitable[IntakeSettings]]) -> AsyncIterator[Reception]:
    async with reception(await settings_for(IntakeSettings)) as desk:
        yield desk


async def attach(
    desk: Reception, receipt: dict[str, Any], *photos: bytes, key: str | None = None, code: str | None = None
) -> httpx2.Response:
    headers = {"X-Tracking-Code": code or receipt["tracking_code"]} | ({"Idempotency-Key": key} if key else {})
    files = [("photo", ("lamp.jpg", photo, "image/jpeg")) for photo in photos]
    return await desk.http.post(f"/v1/submissions/{receipt['id']}/attachments", files=files, headers=headers)


async def test_photos_are_kept_as_jpegs_for_who_has_the_code(desk: Reception) -> None:
    receipt = await desk.accepted()
    answer = await attach(desk, receipt, picture("PNG"), picture("WEBP", (30, 20)))
    assert answer.status_code == 201, answer.text
    items = answer.json()["items"]
    assert [(item["width"], item["height"], item["content_type"]) for item in items] == [
        (64, 48, "image/jpeg"),
        (30, 20, "image/jpeg"),
    ]
    path, code = f"/v1/submissions/{receipt['id']}/attachments", {"X-Tracking-Code": receipt["tracking_code"]}
    assert (await desk.http.get(path, headers=code)).json()["items"] == items
    assert (await desk.http.get(path, headers=desk.operator)).json()["items"] == items
    photo = await desk.http.get(f"{path}/{items[0]['id']}", headers=code)
    assert photo.headers["content-type"] == "image/jpeg"
    assert photo.headers["x-content-type-options"] == "nosniff"
    assert len(photo.content) == items[0]["size"]
    assert Image.open(BytesIO(photo.content)).format == "JPEG"
    for headers, status in (({}, 401), ({"X-Tracking-Code": "0000-0000-0000"}, 404), (desk.service_key, 403)):
        for url in (path, f"{path}/{items[0]['id']}"):
            assert (await desk.http.get(url, headers=headers)).status_code == status
    assert (await desk.http.get(f"{path}/none-such", headers=code)).status_code == 404


async def test_the_same_photo_again_is_the_same_and_a_key_says_one_thing(desk: Reception) -> None:
    receipt = await desk.accepted()
    first = await attach(desk, receipt, picture(), key="photo-key-1")
    assert (await attach(desk, receipt, picture(), key="photo-key-1")).json() == first.json()
    assert (await attach(desk, receipt, picture())).json() == first.json()
    other = await attach(desk, receipt, picture("PNG"), key="photo-key-1")
    assert slug(other) == "idempotency_key_reused"


async def test_what_is_no_photo_is_refused_whatever_it_is_called(desk: Reception) -> None:
    receipt = await desk.accepted()
    for file, refusal in hostile_files():
        answer = await attach(desk, receipt, file)
        assert (answer.status_code, slug(answer)) == refusal
    path, code = f"/v1/submissions/{receipt['id']}/attachments", {"X-Tracking-Code": receipt["tracking_code"]}
    assert slug(await desk.http.post(path, json={}, headers=code)) == "not_multipart"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert slug(await desk.http.post(path, content=b"--x\r\nbroken", headers=code | form)) in ("bad_request", "invalid")
    assert slug(await desk.http.post(path, files={"other": picture()}, headers=code)) == "invalid"
    assert slug(await desk.http.post(path, files={"photo": (None, "text")}, headers=code)) == "invalid"
    assert (await desk.http.get(path, headers=code)).json() == {"items": []}


async def test_a_wrong_code_is_refused_before_the_photos_are_read(desk: Reception) -> None:
    receipt = await desk.accepted()
    assert (await attach(desk, receipt, b"no photo", code="0000-0000-0000")).status_code == 404


async def test_no_more_than_ten_photos_even_when_they_come_at_once(desk: Reception) -> None:
    receipt = await desk.accepted()
    answers = await asyncio.gather(*(attach(desk, receipt, picture(size=(10 + n, 10))) for n in range(14)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 4
    path, code = f"/v1/submissions/{receipt['id']}/attachments", {"X-Tracking-Code": receipt["tracking_code"]}
    assert len((await desk.http.get(path, headers=code)).json()["items"]) == 10


async def test_an_address_has_so_many_photos_a_day_and_words_go_on(
    settings_for: Callable[..., Awaitable[IntakeSettings]],
) -> None:
    settings = await settings_for(IntakeSettings, photos_per_address=3, trusted_proxies=["127.0.0.0/8"])
    async with reception(settings) as desk:
        receipt = await desk.accepted()
        assert (await attach(desk, receipt, picture(size=(10, 10)), picture(size=(11, 10)))).status_code == 201
        assert (await attach(desk, receipt, b"no photo")).status_code == 415  # it was looked at: it counts
        over = await attach(desk, receipt, picture(size=(12, 10)))
        assert (over.status_code, slug(over)) == (429, "too_many_photos")
        assert 0 < int(over.headers["retry-after"]) <= 86_401
        desk.http.headers["X-Forwarded-For"] = "192.0.2.7"
        assert (await attach(desk, receipt, picture(size=(13, 10)))).status_code == 201
        assert (await desk.submit()).status_code == 201


async def test_all_residents_together_have_so_much_room_a_day(
    settings_for: Callable[..., Awaitable[IntakeSettings]],
) -> None:
    settings = await settings_for(IntakeSettings, photos_per_day=1)
    async with reception(settings) as desk:
        receipt = await desk.accepted()
        noise = [Image.effect_noise((2_000, 1_400 + n), 200) for n in range(3)]
        for each in noise:
            file = BytesIO()
            each.save(file, "JPEG", quality=90)
            if (answer := await attach(desk, receipt, file.getvalue())).status_code != 201:
                break
        assert (answer.status_code, slug(answer)) == (429, "too_many_photos")
        assert (await desk.submit()).status_code == 201


async def test_below_the_floor_of_free_disk_photos_stop_and_words_go_on(
    settings_for: Callable[..., Awaitable[IntakeSettings]],
) -> None:
    async with reception(await settings_for(IntakeSettings, disk_floor=10**9)) as desk:
        receipt = await desk.accepted()
        answer = await attach(desk, receipt, picture())
        assert (answer.status_code, slug(answer)) == (507, "disk_nearly_full")
        assert (await desk.submit()).status_code == 201
