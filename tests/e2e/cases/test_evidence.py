"""Photos as evidence, on three running services: staff add them, the reporter sees what was done, and no more."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from tests.support.command_line import CommandLine
from tests.support.hostile import hostile_files
from tests.support.keys import party_key
from tests.support.notify import Mailbox, mail_server
from tests.support.reception import picture, slug
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

DOCUMENTED = "linli.case.documented.v1"


@pytest.fixture(scope="module")
def mailbox() -> Any:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> AsyncIterator[System]:
    mail = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(mailbox.port)}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **mail) as running:
        await running.load()
        yield running


async def a_case(system: System) -> tuple[str, str]:
    """A case of the property company: its id and its tracking code."""
    answer = await system.submit(kind="report", title="灯坏了", neighbourhood="east", category="facilities.lift")
    id, code = answer.json()["id"], answer.json()["tracking_code"]

    async def dispatched() -> bool:
        case = await system.case(id)
        return bool(case and case["state"] == "dispatched")

    await until(dispatched)
    return id, code


async def add(
    system: System, id: str, stage: str, *photos: bytes, by: dict[str, str] | None = None, **said: str
) -> httpx2.Response:
    """Photos as staff send them; `by` are the headers of somebody else than an operator."""
    client = system.operator if by is None else system.resident
    files = [("photo", ("lamp.jpg", photo, "image/jpeg")) for photo in photos]
    url = f"{system.urls['workflow']}/v1/cases/{id}/evidence"
    return await client.post(url, params={"stage": stage}, files=files, data=said, headers=by or {})


async def test_the_reporter_sees_before_and_after_and_nothing_of_a_return(system: System) -> None:
    id, code = await a_case(system)
    estate = await party_key(system, "estate")
    track = f"{system.urls['workflow']}/v1/track/{code}"
    before = await add(system, id, "before", picture("PNG"), by=estate, message="灯罩碎了")
    assert before.status_code == 201, before.text
    after = await add(system, id, "after", picture(size=(30, 20)), picture(size=(20, 30)), by=estate)
    secret = await add(system, id, "return", picture(size=(50, 50)), by=estate, message="线路是供电公司的")
    story = await system.case(id)
    assert story
    assert [(each["stage"], each["by"]) for each in story["evidence"]] == [
        ("before", "estate"),
        ("after", "estate"),
        ("after", "estate"),
        ("return", "estate"),
    ]
    steps = [entry for entry in story["history"] if entry["type"] == DOCUMENTED]
    assert [(step["data"]["stage"], len(step["data"]["photos"])) for step in steps] == [
        ("before", 1),
        ("after", 2),
        ("return", 1),
    ]
    assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))

    items = (await system.resident.get(f"{track}/evidence")).json()["items"]
    assert [each["id"] for each in items] == [each["id"] for each in (before.json()["items"] + after.json()["items"])]
    assert "by" not in items[0]
    shown = await system.resident.get(f"{track}/evidence/{items[0]['id']}")
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert Image.open(BytesIO(shown.content)).size == (64, 48)
    hidden = secret.json()["items"][0]["id"]
    assert (await system.resident.get(f"{track}/evidence/{hidden}")).status_code == 404
    assert (await system.resident.get(f"{system.urls['workflow']}/v1/track/0000/evidence")).status_code == 404
    timeline = (await system.resident.get(track)).json()["timeline"]
    lines = [line for line in timeline if line["type"] == DOCUMENTED]
    assert [(line["stage"], line["photos"], line["message"]) for line in lines] == [
        ("before", [items[0]["id"]], "灯罩碎了"),
        ("after", [items[1]["id"], items[2]["id"]], None),
    ]
    assert "供电" not in str(timeline)


async def act(system: System, id: str, action: str, **said: Any) -> dict[str, Any]:
    case = await system.case(id)
    assert case
    url = f"{system.urls['workflow']}/v1/cases/{id}:{action}"
    answer = await system.operator.post(url, json=said, headers={"If-Match": f'"{case["version"]}"'})
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def test_who_reported_the_same_matter_sees_what_was_done_and_nobody_elses_photos(system: System) -> None:
    (head, _), (id, code), (other, _) = [await a_case(system) for _ in range(3)]
    await add(system, other, "before", picture(size=(21, 21)), message="别人家里")
    for follower in (id, other):
        await act(system, follower, "merge", into=head)
    split = await act(
        system,
        head,
        "split",
        parts=[{"party": "estate", "message": "换灯"}, {"party": "water-co", "message": "堵漏"}],
    )
    of_the_head = await add(system, head, "before", picture(size=(22, 22)), message="灯灭着")
    of_a_part = await add(system, split["parts"][0], "after", picture(size=(23, 23)), message="灯亮了")
    track = f"{system.urls['workflow']}/v1/track/{code}"
    items = (await system.resident.get(f"{track}/evidence")).json()["items"]
    ids = [answer.json()["items"][0]["id"] for answer in (of_the_head, of_a_part)]
    assert [each["id"] for each in items] == ids
    shown = [await system.resident.get(f"{track}/evidence/{photo}") for photo in ids]
    assert [Image.open(BytesIO(each.content)).size for each in shown] == [(22, 22), (23, 23)]
    timeline = (await system.resident.get(track)).json()["timeline"]
    assert [line["message"] for line in timeline if line["type"] == DOCUMENTED] == ["灯灭着", "灯亮了"]


async def test_the_live_stream_tells_of_photos_and_not_of_those_among_staff(system: System) -> None:
    id, code = await a_case(system)
    await add(system, id, "return", picture(), message="内部照片")
    await add(system, id, "after", picture("PNG"), message="已修好")
    lines: list[Any] = []
    async with asyncio.timeout(30):
        while not any(line.event == DOCUMENTED for line in lines):
            async with system.resident.sse(f"{system.urls['notify']}/v1/stream", params={"track": code}) as source:
                if source.response.is_error:  # notify has not heard of the case yet
                    await asyncio.sleep(0.05)
                    continue
                async for event in source:
                    lines.append(event)
                    if event.event == DOCUMENTED:
                        break
    told = [line for line in lines if line.event == DOCUMENTED]
    assert ['"stage":"after"' in line.data for line in told] == [True]
    assert not any("内部照片" in (line.data or "") for line in lines)


async def test_a_return_with_photos_tells_the_node_that_decides_how_many(system: System, mailbox: Mailbox) -> None:
    id, _ = await a_case(system)
    kept = await add(system, id, "return", picture(size=(33, 33)), picture(size=(34, 34)))
    ids = [each["id"] for each in kept.json()["items"]]
    case = await system.case(id)
    assert case
    headers = {"If-Match": f'"{case["version"]}"'}
    url = f"{system.urls['workflow']}/v1/cases/{id}:return"
    wrong = await system.operator.post(url, json={"reason": "不归我们管", "evidence": ["none-such"]}, headers=headers)
    assert (wrong.status_code, slug(wrong)) == (422, "unknown_evidence")
    await system.act(id, "return", reason="不归我们管", evidence=ids)
    story = await system.case(id)
    assert story
    assert story["history"][-1]["data"]["evidence"] == ids

    async def told() -> list[str]:
        letters = [letter.get_body(("plain",)) for letter in mailbox.to("g1@linli.example")]
        return [body.get_content() for body in letters if body and id in body.get_content()]

    [letter] = await until(told)
    assert "附照片 2 张" in letter


async def test_a_party_adds_to_its_own_cases_alone_and_in_its_own_name(system: System) -> None:
    id, _ = await a_case(system)
    estate, grid, water = [await party_key(system, party) for party in ("estate", "grid-1", "water-co")]
    assert (await add(system, id, "before", picture(size=(11, 11)), by=estate)).status_code == 201
    assert (await add(system, id, "before", picture(size=(12, 12)), by=grid)).status_code == 201
    others, absent = [await add(system, each, "before", b"no photo", by=water) for each in (id, "none-such")]
    assert (others.status_code, others.json()) == (404, absent.json())
    cases = f"{system.urls['workflow']}/v1/cases/{id}/evidence"
    listed = (await system.resident.get(cases, headers=estate)).json()["items"]
    for path in (cases, f"{cases}/{listed[0]['id']}"):
        assert (await system.resident.get(path, headers=water)).status_code == 404
        assert (await system.resident.get(path)).status_code == 401
    files = {"photo": picture(size=(13, 13))}
    for client, headers, name, status in (
        (system.resident, estate, "grid-1", 403),
        (system.operator, {}, "nobody", 422),
        (system.operator, {}, "grid-1", 201),
    ):
        answer = await client.post(cases, params={"stage": "before"}, files=files, data={"by": name}, headers=headers)
        assert answer.status_code == status, answer.text


async def test_what_is_no_photo_is_refused_and_leaves_no_step(system: System) -> None:
    id, _ = await a_case(system)
    before = await system.case(id)
    for file, (status, reason) in hostile_files():
        answer = await add(system, id, "after", file)
        assert (answer.status_code, slug(answer)) == (status, reason)
    mixed = await add(system, id, "after", picture(), b"<svg/>")
    assert mixed.status_code == 415
    strange = await add(system, id, "after", picture(), other="text")
    assert (strange.status_code, slug(strange)) == (422, "invalid")
    assert (await add(system, id, "meanwhile", picture())).status_code == 422
    assert await system.case(id) == before


async def test_a_polyglot_is_kept_as_nothing_but_a_picture(system: System) -> None:
    id, _ = await a_case(system)
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    kept = (await add(system, id, "after", polyglot)).json()["items"][0]
    url = f"{system.urls['workflow']}/v1/cases/{id}/evidence/{kept['id']}"
    jpeg = (await system.operator.get(url)).content
    assert b"script" not in jpeg
    assert b"PK\x03\x04" not in jpeg


async def test_no_stage_has_more_than_ten_even_when_they_come_at_once(system: System) -> None:
    id, _ = await a_case(system)
    answers = await asyncio.gather(*(add(system, id, "after", picture(size=(10 + n, 10))) for n in range(13)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 3
    assert {slug(answer) for answer in answers if answer.status_code == 409} == {"no_more_photos"}
    story = await system.case(id)
    assert story
    assert len(story["evidence"]) == 10
    assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
    assert (await add(system, id, "before", picture(size=(9, 9)))).status_code == 201


async def test_the_same_request_said_twice_takes_effect_once(system: System) -> None:
    id, _ = await a_case(system)
    key = {"Idempotency-Key": f"photo-{id}"} | dict(system.operator.headers)
    first, second = [await add(system, id, "before", picture(), by=key) for _ in range(2)]
    assert (first.status_code, second.json()) == (201, first.json())
    other = await add(system, id, "before", picture("PNG"), by=key)
    assert slug(other) == "idempotency_key_reused"
    assert (await add(system, id, "before", picture())).json() == first.json()
    assert slug(await add(system, id, "return", picture())) == "photo_of_another_stage"
    story = await system.case(id)
    assert story
    assert [entry["type"] for entry in story["history"]].count(DOCUMENTED) == 1


async def test_the_command_adds_lists_and_saves_photos(system: System, tmp_path: Path) -> None:
    id, track = await a_case(system)
    linli = CommandLine(system, tmp_path / "home")
    for name, format in (("a.jpg", "JPEG"), ("b.png", "PNG")):
        (tmp_path / name).write_bytes(picture(format))
    files = ["--photo", str(tmp_path / "a.jpg"), "--photo", str(tmp_path / "b.png")]
    added = await linli.figures("evidence", id, "--stage", "after", *files, "--message", "已修好")
    assert [each["stage"] for each in added["items"]] == ["after", "after"]
    saved = await linli.figures("evidence", id, "--save", str(tmp_path / "out"))
    assert [Path(path).read_bytes()[:3] for path in saved["saved"]] == [b"\xff\xd8\xff"] * 2
    code, printed, _ = await linli.run("evidence", id)
    assert (code, "2 photos" in printed) == (0, True)
    code, _, told = await linli.run("evidence", id, "--stage", "after")
    assert (code, "belong together" in told) == (2, True)
    code, printed, _ = await linli.run("track", track)
    assert (code, "2 photos (after)" in printed) == (0, True)
    returned = await linli.figures("act", id, "return", "--reason", "不归我们", "--evidence", added["items"][0]["id"])
    assert returned["state"] == "returned"


async def send_photo(system: System, id: str, code: str, photo: bytes) -> None:
    """As the reporter does, after the words."""
    url = f"{system.urls['intake']}/v1/submissions/{id}/attachments"
    answer = await system.resident.post(url, files={"photo": photo}, headers={"X-Tracking-Code": code})
    assert answer.status_code == 201, answer.text


async def test_who_is_responsible_sees_what_the_reporter_sent_and_nobody_else(system: System) -> None:
    id, code = await a_case(system)
    await send_photo(system, id, code, picture(size=(600, 400)))
    await send_photo(system, id, code, picture(size=(90, 60)))
    estate, water = await party_key(system, "estate"), await party_key(system, "water-co")
    photos = f"{system.urls['workflow']}/v1/cases/{id}/photos"
    page = (await system.resident.get(photos, headers=estate)).json()
    assert page["shown"] == "full"
    assert [(each["n"], each["width"], each["height"]) for each in page["items"]] == [(1, 600, 400), (2, 90, 60)]
    for way in ("1", page["items"][0]["id"]):
        photo = await system.resident.get(f"{photos}/{way}", headers=estate)
        assert (photo.headers["content-type"], photo.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
        assert Image.open(BytesIO(photo.content)).size == (600, 400)
    assert (await system.operator.get(f"{photos}/2")).status_code == 200
    for path in (photos, f"{photos}/1"):
        assert (await system.resident.get(path, headers=water)).status_code == 404
        assert (await system.resident.get(path)).status_code == 401
    for missing in ("3", "0", "none-such"):
        assert (await system.resident.get(f"{photos}/{missing}", headers=estate)).status_code == 404
    seen = await system.get("workflow", "/v1/audit", object=id, outcome="read")
    assert [entry["role"] for entry in seen["items"]] == ["operator", "party", "party"]


async def test_of_a_part_the_photos_of_the_whole_are_seen(system: System) -> None:
    id, code = await a_case(system)
    await send_photo(system, id, code, picture(size=(70, 50)))
    await act(system, id, "accept")
    parts = [{"party": party, "message": "修"} for party in ("estate", "water-co")]
    split = await act(system, id, "split", parts=parts)
    url = f"{system.urls['workflow']}/v1/cases/{split['parts'][1]}/photos"
    page = (await system.resident.get(url, headers=await party_key(system, "water-co"))).json()
    assert [each["width"] for each in page["items"]] == [70]


async def test_a_community_may_show_parties_a_preview_or_nothing(system: System) -> None:
    id, code = await a_case(system)
    await send_photo(system, id, code, picture(size=(1_600, 1_200)))
    estate = await party_key(system, "estate")
    photos = f"{system.urls['workflow']}/v1/cases/{id}/photos"
    try:
        await system.load(photos_shown="preview")
        assert (await system.resident.get(photos, headers=estate)).json()["shown"] == "preview"
        small = await system.resident.get(f"{photos}/1", headers=estate)
        assert Image.open(BytesIO(small.content)).size == (320, 240)
        assert Image.open(BytesIO((await system.operator.get(f"{photos}/1")).content)).size == (1_600, 1_200)
        await system.load(photos_shown="none")
        assert (await system.resident.get(photos, headers=estate)).json() == {"items": [], "shown": "none"}
        assert (await system.resident.get(f"{photos}/1", headers=estate)).status_code == 404
    finally:
        await system.load()


async def test_a_letter_to_a_party_says_how_many_photos_there_are_by_then(system: System, mailbox: Mailbox) -> None:
    id, code = await a_case(system)
    await send_photo(system, id, code, picture(size=(64, 64)))
    await send_photo(system, id, code, picture(size=(64, 65)))
    await act(system, id, "reassign", party="water-co")

    async def told() -> list[str]:
        letters = [letter.get_body(("plain",)) for letter in mailbox.to("w@linli.example")]
        return [body.get_content() for body in letters if body and id in body.get_content()]

    assert "报事人附照片 2 张" in (await until(told))[0]
