"""A report as FixMyStreet sends and follows it: XML, all in one form, sent again until it has an id, then polled."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.open311 import LIFT, Open311, texts, tree

REPORT = {
    "jurisdiction_id": "test",
    "service_code": LIFT,
    "description": "title: 电梯停在三楼\n\ndetail: 门打不开，里面没有人。\n\nurl: https://fix.example/report/4711",
    "lat": "36.105123",
    "long": "120.405123",
    "email": "ming@linli.example.com",
    "first_name": "Ming",
    "last_name": "Wang",
    "phone": "",
    "device_id": "",
    "media_url": ["https://fix.example/photo/4711.0.full.jpeg", "https://fix.example/photo/4711.1.full.jpeg"],
    "attribute[title]": "电梯停在三楼",
    "attribute[description]": "门打不开，里面没有人。",
    "attribute[report_url]": "https://fix.example/report/4711",
    "attribute[fixmystreet_id]": "4711",
    "attribute[easting]": "",
    "attribute[closest_address]": "东院3号楼",
}


async def test_a_report_is_sent_until_it_has_an_id_and_followed_to_its_end(program: Open311) -> None:
    listed = tree(await program.get("services.xml", jurisdiction_id="test"))
    assert texts(listed, "service", "service_code")[0] == LIFT
    sent = [tree(await program.post("requests.xml", REPORT)) for _ in range(3)]
    (id,) = {text for each in sent for text in texts(each, "request", "service_request_id")}
    case = await program.dispatched(id)
    assert (case["title"], case["attributes"]["fixmystreet-id".replace("-", "_")]) == ("电梯停在三楼", "4711")

    await program.resolve(id, "已修复")
    now = datetime.now(UTC)
    window = {"start_date": (now - timedelta(hours=2)).isoformat(), "end_date": (now + timedelta(hours=1)).isoformat()}
    polled = tree(await program.get("servicerequestupdates.xml", jurisdiction_id="test", **window))
    mine = [each for each in polled if each.findtext("service_request_id") == id]
    assert [each.findtext("status") for each in mine][-2:] == ["in_progress", "fixed"]
    assert mine[-1].findtext("description") == "已修复"
    at = datetime.fromisoformat(mine[-1].findtext("updated_datetime") or "")
    assert now - timedelta(hours=2) <= at <= now + timedelta(hours=1), "else it would be dropped"

    comment: dict[str, Any] = {
        "jurisdiction_id": "test",
        "service_request_id": id,
        "service_request_id_ext": "4711",
        "update_id": "99",
        "updated_datetime": now.isoformat(),
        "status": "OPEN",
        "description": "又停了",
        "email": "ming@linli.example.com",
        "last_name": "Wang",
    }
    answer = tree(await program.post("servicerequestupdates.xml", comment))
    assert texts(answer, "request_update", "update_id") == ["99"]
    (shown,) = tree(await program.get("requests.xml", jurisdiction_id="test", service_request_id=f"{id},other"))
    assert [shown.findtext(name) for name in ("service_request_id", "status", "lat")] == [id, "closed", "36.105123"]
    assert len(shown.findall("media_url")) == 2
