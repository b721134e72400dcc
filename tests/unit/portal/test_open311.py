"""What the portal makes of what programs send, and what it writes."""

import math
import re
import xml.etree.ElementTree as ET
from ipaddress import IPv4Network
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from linli.web.origin import Origins
from linli.web.problems import Problem
from portal.main import build
from portal.open311 import times
from portal.open311.errors import status_of
from portal.open311.formats import Format, written
from portal.open311.parameters import Parameters
from portal.open311.routing import PREFIX
from portal.open311.submission import key_of, submission
from portal.open311.told import shown
from portal.services import Caller, Services
from portal.settings import PortalSettings

SERVICE: dict[str, Any] = {"code": "water", "kind": "report", "name": "供水", "questions": []}


def said(**fields: str) -> Parameters:
    return Parameters((("lat", "36.1"), ("long", "120.4"), *fields.items()))


def body(parameters: Parameters, **service: Any) -> dict[str, Any]:
    return submission(parameters, SERVICE | service, "test", None)


@pytest.mark.parametrize(
    ("description", "title", "text"),
    [
        ("停水了", "停水了", ""),
        ("停水了\n从早上起", "停水了", "停水了\n从早上起"),
        ("title: 停水了\n\ndetail: 从早上起", "停水了", "title: 停水了\n\ndetail: 从早上起"),
        ("水" * 300, "水" * 200, "水" * 300),
        ("", "供水", ""),
    ],
)
def test_a_title_is_the_first_line_and_no_word_is_lost(description: str, title: str, text: str) -> None:
    found = body(said(description=description))
    assert (found["title"], found["text"]) == (title, text)


def test_what_no_attribute_can_hold_is_in_the_text() -> None:
    pairs = tuple((f"attribute[a{number:02}]", "x") for number in range(25))
    found = body(Parameters((("address_string", "东门"), ("description", "停水"), *pairs)))
    assert len(found["attributes"]) == 20
    assert found["text"].count("a2") == 5


def test_an_attribute_that_rules_compare_has_their_type() -> None:
    asked = [
        {"code": "trapped", "datatype": "singlevaluelist", "choices": [{"key": "true"}, {"key": "false"}]},
        {"code": "floor", "datatype": "number", "choices": []},
        {"code": "note", "datatype": "string", "choices": []},
    ]
    pairs = {"attribute[trapped]": "false", "attribute[floor]": "3", "attribute[note]": "3"}
    assert body(said(**pairs), questions=asked)["attributes"] == {"trapped": False, "floor": 3, "note": "3"}
    assert body(said(**{"attribute[floor]": "top"}), questions=asked)["attributes"] == {"floor": "top"}


@pytest.mark.parametrize("text", ["1.0e999", "-1.0e999", "9" * 30, "top", "1e5"])
def test_a_number_that_json_or_a_database_cannot_hold_stays_text(text: str) -> None:
    asked = [{"code": "floor", "datatype": "number", "choices": []}]
    assert body(said(**{"attribute[floor]": text}), questions=asked)["attributes"] == {"floor": text}


@pytest.mark.parametrize("code", ["media_url_1", "MEDIA_URL_2", "-media_url_3", "media_url_x"])
def test_addresses_of_pictures_come_from_media_url_alone(code: str) -> None:
    url = "https://example.org/1.jpg"
    found = body(said(**{"media_url": url, f"attribute[{code}]": "javascript:alert(1)"}))
    assert found["attributes"] == {"media_url_1": url}
    assert "javascript:alert(1)" in found["text"]  # nothing is lost


def test_what_is_no_address_of_the_web_is_not_given_out_as_a_picture() -> None:
    attributes = {"media_url_1": "javascript:alert(1)", "media_url_2": "HTTPS://example.org/1.jpg", "media_url_3": True}
    found = dict.fromkeys(("answer", "expected_at", "location", "neighbourhood", "party", "place", "standing", "text"))
    at = {"requested_at": "2026-11-29T08:00:00Z", "updated_at": "2026-11-29T08:00:00Z"}
    words = {"id": "1", "open": True, "service": "供水", "category": "water", "title": "停水", "state": "open"}
    given = shown({**found, **at, **words, "attributes": attributes}, Parameters((("extensions", "true"),)))
    assert given["media_url"] == "HTTPS://example.org/1.jpg"
    assert given["extended_attributes"].keys() == {"state", "neighbourhood"}


def test_a_code_that_is_too_long_for_an_attribute_is_in_the_text() -> None:
    code = "a" * 90
    found = body(said(**{f"attribute[{code}]": "x"}))
    assert (found["attributes"], found["text"]) == ({}, f"{code}: x")


def test_a_number_that_was_given_elsewhere_makes_a_key_and_none_makes_none() -> None:
    one, two = (key_of(said(**{"attribute[fixmystreet_id]": number})) for number in ("1", "2"))
    assert one and two and one != two and one.isascii() and 8 <= len(one) <= 255
    assert key_of(said(fixmystreet_id="1")) == one
    assert key_of(said()) is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-29T08:00:00Z", "2026-11-29T08:00:00+00:00"),
        ("2026-11-29T08:00:00+08:00", "2026-11-29T00:00:00+00:00"),
        ("2026-11-29T08:00:00 08:00", "2026-11-29T00:00:00+00:00"),
        ("2026-11-29T08:00:00.123456", "2026-11-29T08:00:00+00:00"),
        ("2026-11-29", "2026-11-29T00:00:00+00:00"),
    ],
)
def test_times_are_read_with_any_zone_and_written_without_fractions(text: str, utc: str) -> None:
    assert times.written(times.read(text)) == utc


@pytest.mark.parametrize("name", ["start_date", "lat", "page"])
def test_what_is_no_time_or_number_is_refused(name: str) -> None:
    wrong = Parameters(((name, "nonsense"),))
    ask: dict[str, Any] = {
        "start_date": wrong.time,
        "lat": lambda each: wrong.degrees(each, 90),
        "page": lambda each: wrong.count(each, 1, 10),
    }
    with pytest.raises(Problem) as refused:
        ask[name](name)
    assert refused.value.status == 400


def test_xml_says_what_is_in_a_list_and_cannot_be_broken_by_what_people_write() -> None:
    value = [{"description": "<b>&\x00\ud800", "media_url": ["1", "2"], "zipcode": None, "extra": {"on": True}}]
    answer = written(Format.XML, "service_requests", value)
    (request,) = ET.fromstring(bytes(answer.body))  # noqa: S314 - our own
    assert [(each.tag, each.text) for each in request] == [
        ("description", "<b>&"),
        ("media_url", "1"),
        ("media_url", "2"),
        ("zipcode", None),
        ("extra", None),
    ]
    assert request.findtext("extra/on") == "true"


@pytest.mark.parametrize(
    ("code", "element"),
    [
        ("1abc", "_1abc"),
        ("xmlns", "_xmlns"),
        ("XML-x", "_XML-x"),
        ("-a", "_-a"),
        ("a:b", "a_b"),
        ("a b/><c>", "a_b___c_"),
        ("楼层", "__"),
        ("", "_"),
        ("x.m-l_1", "x.m-l_1"),
    ],
)
def test_xml_can_be_read_whatever_the_codes_of_attributes_are(code: str, element: str) -> None:
    answer = written(
        Format.XML, "service_requests", [{"extended_attributes": {code: "\x01\x1b[2J\ufffe]]>&\U0001f6b0"}}]
    )
    ((attributes,),) = ET.fromstring(bytes(answer.body))  # noqa: S314 - our own
    assert [(each.tag, each.text) for each in attributes] == [(element, "[2J]]>&\U0001f6b0")]


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8:1:2:3:4:5:6"])
def test_a_service_that_trusts_the_portal_counts_its_callers_by_their_own_addresses(address: str) -> None:
    def of(client: str, headers: dict[str, str], trusted: tuple[IPv4Network, ...]) -> str:
        sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        return Origins(trusted, "").of(HTTPConnection({"type": "http", "client": (client, 1), "headers": sent}))

    origin = of(address, {}, ())
    assert of("172.18.0.9", Caller(None, origin).headers(), (IPv4Network("172.18.0.9/32"),)) == origin


async def test_a_body_that_json_cannot_hold_is_a_fault_of_ours_and_not_a_service_that_is_away() -> None:
    services = Services.from_settings(PortalSettings())
    try:
        with pytest.raises(ValueError, match="JSON"):
            await services.send("intake", "/v1/submissions", {"floor": math.inf}, Caller(None, "127.0.0.1"))
    finally:
        await services.close()


async def test_the_portal_s_document_names_every_resource_with_its_formats_and_parameters() -> None:
    service = build(PortalSettings())
    try:
        paths = service.app.openapi()["paths"]
    finally:
        await service.close()
    of_open311 = {path.removeprefix(PREFIX): operations for path, operations in paths.items() if PREFIX in path}
    assert {(method, path) for path, operations in of_open311.items() for method in operations} == {
        ("get", "/discovery.{format}"),
        ("get", "/services.{format}"),
        ("get", "/services/{code}.{format}"),
        ("get", "/requests.{format}"),
        ("post", "/requests.{format}"),
        ("get", "/requests/{id}.{format}"),
        ("get", "/tokens/{token}.{format}"),
        ("get", "/servicerequestupdates.{format}"),
        ("post", "/servicerequestupdates.{format}"),
    }
    for path, operations in of_open311.items():
        for operation in operations.values():
            named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))
    assert of_open311["/requests.{format}"]["post"]["responses"].keys() >= {"201", "400", "403", "404", "503"}


def test_clients_that_take_422_and_429_for_success_never_see_them() -> None:
    assert {status_of(status) for status in range(400, 600)} == {400, 403, 404, 503}
