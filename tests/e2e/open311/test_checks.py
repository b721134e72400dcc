"""What Open311's clients send and need, one test for each check: programs in six languages, the wiki's GeoReport v2."""

import re
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element

import pytest

from tests.support.builders import community
from tests.support.keys import key_for
from tests.support.open311 import HERE, LIFT, WATER, Open311, errors, png, program_key, texts, tree
from tests.support.services import until

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
SEVENTEEN = [
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
]


@pytest.fixture(scope="module")
async def known(program: Open311) -> str:
    """A request that is there."""
    return await program.report("三号楼电梯坏了", address_string="3号楼")


async def test_check_1_every_resource_ends_in_xml_or_json(program: Open311, known: str) -> None:
    paths = ["discovery", "services", f"services/{LIFT}", "requests", f"requests/{known}", f"tokens/{known}"]
    for path in [*paths, "servicerequestupdates"]:
        assert tree(await program.get(f"{path}.xml")) is not None
        assert (await program.get(f"{path}.json")).json()
    for path in ("requests/json", "services/json"):  # as one client has it
        assert (await program.get(path)).json() == (await program.get(path.replace("/", "."))).json()
    for path in ("requests", "requests.yaml", "nothing.xml", f"requests/{known}"):
        assert (await program.get(path)).status_code == 404, path


async def test_check_2_xml_has_neither_attributes_nor_namespaces_and_the_names_that_clients_look_for(
    program: Open311, known: str
) -> None:
    service = tree(await program.get("services.xml"))
    definition = tree(await program.get(f"services/{LIFT}.xml"))
    requests = tree(await program.get("requests.xml"))
    error = tree(await program.get("requests/none-such.xml"))
    await program.resolve(await program.report("水管漏水", service_code=WATER))
    updates = tree(await program.get("servicerequestupdates.xml"))
    expected: list[tuple[Element, str, str]] = [
        (service, "services", "service"),
        (definition, "service_definition", "attributes/attribute/values/value"),
        (requests, "service_requests", "request"),
        (updates, "service_request_updates", "request_update"),
        (error, "errors", "error"),
    ]
    for root, name, inner in expected:
        assert (root.tag, root.find(inner) is not None) == (name, True)
        assert not any(each.attrib or "}" in each.tag for each in root.iter())


async def test_check_3_json_is_bare_arrays_and_ids_are_strings(program: Open311, known: str) -> None:
    for path in ("services", "requests", f"requests/{known}", "servicerequestupdates"):
        assert isinstance(await program.read(path), list)
    assert isinstance((await program.get("requests/none-such.json")).json(), list)
    assert isinstance(await program.read(f"services/{LIFT}"), dict)
    (request,) = await program.read(f"requests/{known}")
    assert [type(request[name]) for name in ("service_request_id", "service_code", "lat")] == [str, str, float]


async def test_check_4_media_types_have_their_charset_and_discovery_has_two_endpoints(program: Open311) -> None:
    for path in ("discovery", "services"):
        assert (await program.get(f"{path}.xml")).headers["content-type"] == "text/xml; charset=utf-8"
        assert (await program.get(f"{path}.json")).headers["content-type"] == "application/json; charset=utf-8"
    formats = [endpoint["formats"] for endpoint in (await program.read("discovery"))["endpoints"]]
    assert formats == [["text/xml"], ["application/json"]], "bare types"


async def test_check_5_discovery_says_where_and_since_when(program: Open311) -> None:
    found = await program.read("discovery", api_key=None)
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert TIME.fullmatch(found["changeset"])
    for endpoint in found["endpoints"]:
        assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
        assert (endpoint["type"], endpoint["url"]) == ("production", program.url)
    xml = tree(await program.get("discovery.xml"))
    assert texts(xml, "endpoints", "endpoint", "formats", "format") == ["text/xml", "application/json"]


@pytest.mark.parametrize("way", ["form", "multipart", "query", "as it is"])
async def test_check_6_a_request_comes_as_form_as_multipart_or_in_the_address(program: Open311, way: str) -> None:
    said = {"service_code": LIFT, "description": f"电梯坏了 {way}", **HERE}
    if way == "query":
        answer = await program.post("requests/json", {"api_key": None}, params=said | {"api_key": program.key})
    elif way == "as it is":  # curl -d, and programs that leave letters as they are
        plain = "&".join(f"{name}={value}" for name, value in (said | {"api_key": program.key}).items())
        answer = await program.send("requests.json", plain.encode())
    else:
        answer = await program.post("requests.json", said, {"photo1": png()} if way == "multipart" else None)
    assert answer.status_code == 201, answer.text
    case = await program.dispatched(answer.json()[0]["service_request_id"])
    assert case["title"] == said["description"]


@pytest.mark.parametrize("part", ["media", "photo1", "file_1"])
async def test_check_6_photos_come_in_parts_of_any_name(program: Open311, part: str) -> None:
    id = await program.report(files={part: ("photo.png", png(), "image/png")})
    photos = await program.system.get("intake", f"/v1/submissions/{id}/attachments")
    assert len(photos["items"]) == 1


async def test_check_7_a_wrong_key_is_403_an_empty_one_is_none_and_no_log_has_it(program: Open311, known: str) -> None:
    wrong = "linli_0000000000_" + "A" * 43
    for path in ("services.json", "requests.json", "servicerequestupdates.json", f"requests/{known}.json"):
        status, said = errors(await program.get(path, api_key=wrong))
        assert (status, said[0]["code"]) == (403, 403), path
    for key in (None, ""):
        (shown,) = await program.read(f"requests/{known}", api_key=key)
        assert (shown["status"], shown["description"], shown["address"]) == ("open", None, "东院"), "what is public"
        assert (shown["lat"], shown["long"]) == (36.104, 120.404), "the middle of the neighbourhood"
    for key in (None, "", "no key", "密钥"):
        assert (await program.get("requests.json", api_key=key)).status_code == (403 if key else 200)
        assert (await program.post("requests.json", {"service_code": LIFT, **HERE, "api_key": key})).status_code == 403
    logged = "".join(program.system.log(name) for name in ("portal", "intake", "workflow"))
    assert program.key not in logged
    assert wrong not in logged


async def test_check_8_jurisdictions_are_communities(program: Open311, known: str) -> None:
    assert len(await program.read("services", jurisdiction_id="test")) == len(await program.read("services"))
    status, _ = errors(await program.get("services.json", jurisdiction_id="elsewhere"))
    assert status == 404
    url = f"{program.system.urls['workflow']}/v1/communities/second"
    second = community(id="second", name="二街道").model_dump(mode="json")
    assert (await program.system.operator.put(url, json=second)).status_code == 200
    try:
        status, said = errors(await program.get("services.json"))
        assert (status, "jurisdiction_id" in said[0]["description"]) == (400, True)
        assert (await program.read("requests", jurisdiction_id="test"))[-1]
        assert (await program.get("requests.json", jurisdiction_id="second")).status_code == 404, "another's key"
        said_there = {"service_code": LIFT, "jurisdiction_id": "second", "description": "电梯", **HERE}
        assert (await program.post("requests.json", said_there)).status_code == 403
    finally:
        await program.system.operator.post(f"{url}:retire")
    assert len(await program.read("services")) == len(await program.read("services", jurisdiction_id="test"))


async def test_check_9_a_place_is_a_point_an_address_or_not_pinpointed(program: Open311) -> None:
    case = await program.dispatched(await program.report("有坐标"))
    assert case["location"] == {"lon": 120.405123, "lat": 36.105123}
    assert case["neighbourhood"] == "east", "found by its outline"
    nowhere = {"lat": None, "long": None}
    by_address = await program.dispatched(await program.report("有地址", address_string="东院3号楼", **nowhere))
    assert by_address["place"] == "东院3号楼"
    by_id = await program.dispatched(await program.report("有编号", address_id="42", **nowhere))
    assert by_id["place"] == "42"
    not_shown = await program.dispatched(await program.report("没点地图", address_string="#NOTPINPOINTED#", **nowhere))
    assert not_shown["place"] is None
    for wrong in ({}, {"lat": "36.1"}, {"lat": "95", "long": "120"}, {"lat": "north", "long": "120"}):
        status, said = errors(
            await program.post("requests.json", {"service_code": LIFT, "description": "哪里", **wrong})
        )
        assert (status, said[0]["code"]) == (400, 400), wrong


async def test_check_10_attributes_come_once_or_often_and_unknown_ones_are_kept(program: Open311) -> None:
    extended = {
        "attribute[neighbourhood]": "west",
        "attribute[trapped]": "true",
        "attribute[uprn]": "100012345",
        "attribute[easting]": "529090",
        "attribute[colour][]": ["red", "blue"],
        "attribute[floor]": ["3", "4"],
        "attribute[Long Story]": "很长" * 150,
    }
    case = await program.dispatched(await program.report("电梯困人", **extended))
    assert case["neighbourhood"] == "west"
    assert case["attributes"] == {
        "trapped": True,
        "uprn": "100012345",
        "easting": "529090",
        "colour": "red; blue",
        "floor": "3; 4",
    }
    assert case["rule"] == "trapped", "what a rule asks for is in the form that it compares"
    assert "Long Story: " + "很长" * 150 in case["text"], "what fits into no attribute is in the text"


async def test_check_11_who_asks_stays_in_intake_and_the_device_is_not_kept(program: Open311) -> None:
    who = {"first_name": "小明", "last_name": "王", "email": "wang@linli.example.com", "phone": "139 0000 0101"}
    description = "title: 电梯坏了\n\ndetail: " + "很慢" * 1_900
    id = await program.report(description, **who, device_id="d-4711", deviceid="d-4712", account_id="a-4713")
    submission = await program.system.get("intake", f"/v1/submissions/{id}")
    assert set(submission["reporter"]) >= {"name", "email", "phone"}
    case = await program.dispatched(id)
    assert (case["title"], case["text"]) == ("电梯坏了", description), f"{len(description)} letters, none lost"
    assert not any(each in str(case) + str(submission) for each in ("d-4711", "d-4712", "a-4713"))
    shown = str(await program.read(f"requests/{id}"))
    assert not any(each in shown for each in ("小明", "wang@", "0101"))


async def test_check_12_media_urls_come_often_and_go_out_as_text_or_list(program: Open311) -> None:
    one, two = "https://pictures.example/1.jpg", "https://pictures.example/2.jpg"
    with_one, with_two = await program.report(media_url=one), await program.report(media_url=[one, two])
    assert [(await program.read(f"requests/{id}"))[0]["media_url"] for id in (with_one, with_two)] == [one, [one, two]]
    assert texts(tree(await program.get(f"requests/{with_two}.xml")), "request", "media_url") == [one, two]


async def test_check_13_the_answer_has_an_id_and_no_token_and_what_is_sent_again_has_the_same(
    program: Open311,
) -> None:
    said = {"service_code": LIFT, "description": "电梯又坏了", **HERE, "attribute[fixmystreet_id]": "4711"}
    first, again = [await program.post("requests.json", said) for _ in range(2)]
    assert first.status_code == again.status_code == 201
    (answer,) = first.json()
    assert set(answer) == {"service_request_id", "service_notice", "account_id"}
    assert again.json() == [answer]
    other_key = {"api_key": await program_key(program.system)}
    other = (await program.post("requests.json", said | other_key)).json()[0]
    assert other["service_request_id"] != answer["service_request_id"], "another program's number is another one"
    status, errored = errors(await program.post("requests.json", said | {"description": "另一件事"}))
    assert (status, "fixmystreet_id" in errored[0]["description"]) == (400, True)
    without = {name: value for name, value in said.items() if "fixmystreet" not in name}
    ids = {(await program.post("requests.json", without)).json()[0]["service_request_id"] for _ in range(2)}
    assert len(ids) == 2


async def test_check_14_services_are_realtime_and_a_request_is_there_as_soon_as_it_is_sent(program: Open311) -> None:
    assert {service["type"] for service in await program.read("services")} == {"realtime"}
    answer = await program.post("requests.json", {"service_code": LIFT, "description": "刚发生", **HERE})
    id = answer.json()[0]["service_request_id"]
    assert await program.read(f"tokens/{id}") == [{"service_request_id": id, "token": id}], "asked at once"
    assert (await program.read(f"requests/{id}"))[0]["service_request_id"] == id
    assert (await program.get("tokens/none-such.json")).status_code == 404


async def test_check_15_services_have_what_clients_keep_of_them(program: Open311) -> None:
    found = await program.read("services")
    assert [service["service_code"] for service in found] == [LIFT, WATER], "no first levels, and nothing of disputes"
    assert found[0] == {
        "service_code": LIFT,
        "service_name": "电梯",
        "description": "电梯 / Lifts",
        "metadata": "true",
        "type": "realtime",
        "keywords": "",
        "group": "设施",
    }
    english = (await program.get("services.json", {"Accept-Language": "en"})).json()
    assert [(service["service_name"], service["group"]) for service in english] == [
        ("Lifts", "Facilities"),
        ("Water", "Water"),
    ]


async def test_check_16_a_definition_asks_what_the_community_s_data_ask(program: Open311) -> None:
    found = await program.read(f"services/{LIFT}")
    assert found["service_code"] == LIFT
    places, trapped = found["attributes"]
    assert set(places) == {
        *("variable", "code", "datatype", "required", "datatype_description", "order", "description", "values")
    }
    assert (places["code"], places["datatype"], places["order"]) == ("neighbourhood", "singlevaluelist", 1)
    assert places["values"] == [{"key": "east", "name": "东院"}, {"key": "west", "name": "西院"}]
    assert (trapped["code"], [each["key"] for each in trapped["values"]]) == ("trapped", ["true", "false"])
    assert {(each["variable"], each["required"]) for each in found["attributes"]} == {("true", "false")}
    assert [each["code"] for each in (await program.read(f"services/{WATER}"))["attributes"]] == ["neighbourhood"]
    for path in ("services/quarrel.json", "services/none-such.json"):
        assert (await program.get(path)).status_code == 404


async def test_check_17_requests_are_found_by_id_service_status_and_time(program: Open311, known: str) -> None:
    pipe = await program.report("厨房水管漏水", service_code=WATER)
    await program.resolve(pipe)

    async def ids(**asked: Any) -> list[str]:
        return [each["service_request_id"] for each in await program.read("requests", **asked)]

    assert await ids(service_request_id=f"{known},{pipe},none-such", status="open") == [pipe, known], "overrides all"
    many = ",".join(str(uuid4()) for _ in range(998))
    assert await ids(service_request_id=f"{many},{known},{pipe}") == [pipe, known], "a thousand in one address"
    assert (await program.get("requests.json", service_request_id=f"{many},1,2,3")).status_code == 400
    assert pipe in await ids(service_code=f"{WATER},none-such")
    assert known not in await ids(service_code=WATER)
    assert pipe in await ids(status="closed") and known not in await ids(status="closed")
    assert known in await ids(status="open,closed")
    (shown,) = await program.read(f"requests/{known}")
    asked_at = shown["requested_datetime"]
    assert known in await ids(start_date=asked_at, end_date="2090-01-01")
    assert known not in await ids(end_date="2026-01-01T00:00:00Z")
    assert known not in await ids(start_date="2090-01-01T00:00:00")
    (closed,) = await program.read(f"requests/{pipe}")
    assert pipe in await ids(updated_after=closed["updated_datetime"])
    everything = await ids()
    assert await ids(page=2, page_size=1) == everything[1:2]
    assert await ids(page=999) == []
    assert (await program.get("requests/none-such.json")).status_code == 404
    for wrong in ({"status": "lost"}, {"start_date": "yesterday"}, {"page": "0"}, {"page_size": "many"}):
        assert (await program.get("requests.json", **wrong)).status_code == 400, wrong


async def test_check_18_a_request_has_the_seventeen_fields_and_nothing_of_others_words(
    program: Open311, known: str
) -> None:
    (mine,) = await program.read(f"requests/{known}")
    assert list(mine) == SEVENTEEN
    assert (mine["status"], mine["description"], mine["address"]) == ("open", "三号楼电梯坏了", "3号楼")
    assert (mine["lat"], mine["long"], mine["agency_responsible"]) == (36.105123, 120.405123, "物业公司")
    (extended,) = await program.read(f"requests/{known}", extensions="true")
    assert extended["extended_attributes"]["neighbourhood"] == "东院"
    by_web = {"kind": "report", "title": "王女士家停水了", "category": WATER, "place": "3号楼2单元501"}
    id = (await program.system.submit(**by_web, location={"lon": 120.405678, "lat": 36.105678})).json()["id"]
    await program.dispatched(id)
    (theirs,) = await program.read(f"requests/{id}")
    assert [theirs[name] for name in ("description", "address", "lat", "long")] == [None, "东院", 36.106, 120.406]
    assert all(theirs[name] for name in ("service_request_id", "updated_datetime", "service_name", "status_notes"))
    unplaced = (await program.system.submit(kind="report", title="路灯", neighbourhood="east")).json()["id"]
    await program.dispatched(unplaced)
    assert (await program.read(f"requests/{unplaced}"))[0]["lat"], "without a point, the middle of its neighbourhood"
    quarrel = (await program.system.submit(kind="dispute", title="楼上太吵", neighbourhood="east")).json()["id"]
    await program.dispatched(quarrel)
    assert (await program.get(f"requests/{quarrel}.json")).status_code == 404


async def test_check_19_times_go_out_without_fractions_and_come_in_with_any_zone(program: Open311, known: str) -> None:
    (shown,) = await program.read(f"requests/{known}")
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert TIME.fullmatch(shown[name]), shown[name]
    for before in ("2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-01-01T08:00:00 08:00", "2026-01-01"):
        found = await program.read("requests", start_date=before, end_date="2090-01-01T00:00:00")
        assert known in [each["service_request_id"] for each in found], before


async def test_check_20_errors_are_lists_with_codes_that_every_client_takes_for_errors(program: Open311) -> None:
    cases = {
        ("requests.json", "service_code"): {"description": "电梯", **HERE},
        ("requests.json", "email"): {"service_code": LIFT, "description": "电梯", **HERE, "email": "nobody"},
        ("requests.xml", "nonsense"): {"service_code": "nonsense", **HERE},
        ("servicerequestupdates.json", "update_id"): {"service_request_id": "x", "description": "x"},
    }
    for (path, _), form in cases.items():
        answer = await program.post(path, form)
        assert answer.status_code in {400, 404}, answer.text
    status, said = errors(await program.post("requests.json", cases["requests.json", "email"]))
    assert (status, [set(each) for each in said], said[0]["code"]) == (400, [{"code", "description"}], 400)
    assert "email" in said[0]["description"], "people are shown it"
    xml = tree(await program.post("requests.xml", cases["requests.xml", "nonsense"]))
    assert texts(xml, "error", "code") == ["404"]
    for wrong in (b"\xff\xfe=1", b"&".join([b"a=1"] * 300), b"description=" + b"x" * 2_000_000):
        broken = await program.send("requests.json", wrong)
        assert (broken.status_code, broken.json()[0]["code"]) == (400, 400)
    huge = await program.post("requests.json", {"service_code": LIFT, **HERE, "description": "x" * 9_000})
    assert huge.status_code == 400
    assert (await program.get("requests.json", {"Accept-Language": "en"}, api_key="no key")).json() == [
        {"code": 403, "description": "The api_key is missing, or is none that counts here."}
    ]


async def test_updates_are_what_happened_within_a_time_and_each_comes_as_often_as_it_is_asked_for(
    program: Open311,
) -> None:
    id = await program.report("路灯不亮")
    await program.resolve(id, "灯泡已更换")
    await program.system.act(id, "reopen", message="又坏了")

    async def updates(**asked: Any) -> list[dict[str, Any]]:
        told = await program.read("servicerequestupdates", **asked)
        return [each for each in told if each["service_request_id"] == id]

    found = await updates()
    assert [each["status"] for each in found][-3:] == ["in_progress", "fixed", "open"]
    assert len({each["update_id"] for each in found}) == len(found)
    assert found[-2]["description"] == "灯泡已更换"
    fields = {"update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"}
    assert {frozenset(each) for each in found} == {frozenset(fields)}
    at = found[0]["updated_datetime"]
    assert await updates(start_date=at, end_date="2090-01-01T00:00:00Z") == await updates(), "the same come again"
    assert await updates(start_date="2026-01-01T00:00:00Z", end_date="2026-01-02T00:00:00Z") == []
    assert (await program.get("servicerequestupdates.json", start_date=at)).status_code == 400
    by_web = (await program.system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"]
    await program.dispatched(by_web)
    await program.resolve(by_web, "王女士您好，已恢复")
    told = [each for each in await program.read("servicerequestupdates") if each["service_request_id"] == by_web]
    assert told[-1]["status"] == "fixed"
    assert "王女士" not in str(told), "what is said to one reporter is nobody else's"


async def test_what_a_reporter_adds_is_noted_once_and_moves_nothing(program: Open311) -> None:
    id = await program.report("楼道灯坏了")
    said = {"service_request_id": id, "update_id": "u-1", "status": "FIXED", "description": "又亮了，13900000101"}
    said |= {"updated_datetime": "2026-11-29T08:00:00Z", "first_name": "小明", "email": "wang@linli.example.com"}
    for _ in range(2):
        answer = await program.post("servicerequestupdates.json", said)
        assert (answer.status_code, answer.json()) == (200, [{"update_id": "u-1"}])
    case = await program.dispatched(id)
    notes = [step["data"] for step in case["history"] if step["type"] == "linli.case.supplemented.v1"]
    assert [(note["by"], "又亮了" in note["message"], "FIXED" in note["message"]) for note in notes] == [
        ("resident", True, True)
    ]
    assert not any(each in str(case) for each in ("13900000101", "小明", "wang@")), "masked, or not kept"
    assert case["state"] == "dispatched"
    assert (await program.post("servicerequestupdates.json", said | {"description": "别的"})).status_code == 400
    for wrong in ({"status": "LOST"}, {"service_request_id": "none/such"}, {"update_id": None}):
        assert (await program.post("servicerequestupdates.json", said | wrong)).status_code == 400, wrong
    by_web = (await program.system.submit(kind="report", title="停水", neighbourhood="east")).json()["id"]
    await program.dispatched(by_web)
    theirs = said | {"service_request_id": by_web, "update_id": "u-2"}
    assert (await program.post("servicerequestupdates.json", theirs)).status_code == 404


async def test_a_program_s_key_has_its_scope_and_its_rate(program: Open311, known: str) -> None:
    reader = (await key_for(program.system, "service", scopes=["requests:read", "services:read"]))["key"]

    async def reads() -> bool:
        return (await program.get(f"requests/{known}.json", api_key=reader)).status_code == 200

    await until(reads)
    said = {"service_code": LIFT, "description": "电梯", **HERE, "api_key": reader}
    assert (await program.post("requests.json", said)).status_code == 403
    hotline = await program_key(program.system, channels=["hotline"])
    assert (await program.post("requests.json", said | {"api_key": hotline})).status_code == 403
    assert (await program.read(f"requests/{known}", api_key=hotline))[0]["description"] is None, "not its words"
