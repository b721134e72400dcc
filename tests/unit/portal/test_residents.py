"""What residents' pages make of forms, maps and news; and that nothing of staff's is passed on."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from linli.contracts.kinds import Language
from linli.text.coordinates import Crs, from_wgs84
from portal.residents.feeds import atom, entries_of, json_feed
from portal.residents.given import MapSettings, Office
from portal.residents.map import between, drawn, neighbourhood_of
from portal.residents.open_data_api import tables
from portal.residents.passing import WAYS, Way
from portal.residents.report import faults_of, matter_of, point_of, submission_of
from portal.residents.tracked import Tracked
from tests.e2e.access.test_access import rows
from tests.support.builders import NOON, square

EAST = {"id": "east", "name": "东院", "name_en": None, "outlines": [square(120.40, 36.10)]}
APART = {"id": "apart", "name": "两处", "name_en": None, "outlines": [square(120.50, 36.10), square(120.60, 36.10)]}
NOWHERE = {"id": "none", "name": "无界", "name_en": None, "outlines": []}
PLACES: list[dict[str, Any]] = [NOWHERE, EAST, APART]
INSIDE = (120.405, 36.105)


@pytest.mark.parametrize("crs", list(Crs))
def test_a_point_lies_where_it_lies_whatever_the_map_counts_in(crs: Crs) -> None:
    there = from_wgs84(INSIDE, crs)
    assert neighbourhood_of(there, PLACES, crs) == "east"
    assert neighbourhood_of(from_wgs84((120.605, 36.105), crs), PLACES, crs) == "apart"
    assert neighbourhood_of(from_wgs84((120.45, 36.105), crs), PLACES, crs) is None
    assert between(there, crs, Crs.WGS84) == pytest.approx(INSIDE)
    [east, apart] = drawn(PLACES, crs)
    assert east["rings"][0][0] == pytest.approx(from_wgs84((120.40, 36.10), crs), abs=1e-5)
    assert len(apart["rings"]) == 2


def test_tiles_may_be_loaded_from_their_own_host_and_no_other() -> None:
    tiles = MapSettings("https://{s}.tiles.example/{z}/{x}/{y}.png", "", Crs.GCJ02, Crs.WGS84)
    assert tiles.images == "'self' data: blob: https://*.tiles.example"
    assert MapSettings(None, "", Crs.WGS84, Crs.WGS84).images == "'self' data: blob:"


REFERENCE = "Ab-_" * 10 + "xyz"


def test_a_form_becomes_a_submission_without_what_was_left_empty() -> None:
    said = {"community": "test", "kind": "report", "title": "灯", "text": "", "lon": "120.4", "lat": "36.1"}
    said |= {"phone": "13900000101", "same_as": REFERENCE, "different": "1", "key": "k", "state": "closed"}
    assert submission_of(said, Crs.GCJ02, Language.EN) == {
        "community": "test",
        "kind": "report",
        "title": "灯",
        "location": {"lon": 120.4, "lat": 36.1, "crs": "gcj02"},
        "reporter": {"phone": "13900000101", "language": "en"},
        "same_as": REFERENCE,
        "different": True,
    }
    assert "same_as" not in submission_of(said | {"same_as": "2026-11-20 路灯不亮"}, Crs.GCJ02, Language.EN)
    assert "phone" not in str(matter_of(said, Crs.WGS84)), "who asks what is known does not say who they are"


@pytest.mark.parametrize("lon", ["", "x", "nan", "inf", "181"])
def test_what_is_no_point_is_left_out(lon: str) -> None:
    assert point_of({"lon": lon, "lat": "36.1"}) is None


def test_a_fault_stands_at_the_field_that_it_is_about() -> None:
    errors = [{"field": "reporter.phone", "message": "a"}, {"field": "location.lon", "message": "b"}]
    errors += [{"field": "title", "message": "c"}, {"field": "title", "message": "d"}]
    assert faults_of(errors) == {"phone": "a", "location": "b", "title": "c"}
    assert faults_of(None) == {}


def test_news_are_the_same_in_both_feeds_the_newest_first() -> None:
    announcement = {"id": "x", "title": "<停车>\x00", "text": "周六", "since": "2026-11-01"}
    off = {"party": "w", "outage_id": "1", "text_zh": "停水", "text_en": "off", "updated_at": "2026-11-20T00:00:00Z"}
    request = {"id": "c1", "service": "供水", "standing": "已办结", "standing_en": "dealt with"}
    request |= {"updated_at": "2026-11-10T00:00:00Z"}
    entries = entries_of({"announcements": [announcement]}, [off], [request])
    assert [each.id.partition(":")[0] for each in entries] == ["outage", "request", "announcement"]
    feed = ET.fromstring(atom("东院", "https://l.example/n", "https://l.example/f", entries, NOON))  # noqa: S314 - ours
    titles = [each.findtext("{*}title") for each in feed.iterfind("{*}entry")]
    told = json_feed("东院", "https://l.example/n", "https://l.example/f", entries)
    assert titles[:2] == [each["title"] for each in told["items"]][:2]
    assert titles[2] == "<停车>"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.method} {way.path}")
def test_nothing_is_passed_on_but_what_residents_may_ask(way: Way) -> None:
    def plain(path: str) -> str:
        return re.sub(r"\{\w+\}", "{}", path)

    admitted = {(method, plain(path)): roles for (method, path), roles in rows(way.to).items()}
    assert "resident" in admitted[way.method, plain(way.path)]


async def test_open_data_begin_with_the_month_that_it_is_in_the_office() -> None:
    shown: dict[str, Any] = {}

    class Everything:
        """Stands for the pages and for what everybody is shown."""

        async def communities(self) -> list[dict[str, Any]]:
            return []

        def page(self, *_: Any, **values: Any) -> None:
            shown.update(values)

    new_year_s_eve = datetime(2026, 12, 31, 20, tzinfo=UTC)
    office = Office("https://l.example", lambda: new_year_s_eve, ZoneInfo("Asia/Shanghai"))
    everything: Any = Everything()
    await tables(everything, everything, everything, office)
    assert shown["months"][:2] == ["2027-01", "2026-12"]
    assert len(shown["months"]) == 12


def test_news_is_told_from_what_is_shown_when_an_answer_has_as_many_steps_as_it_can() -> None:
    def tracked(first: int, last: int) -> Tracked:
        """As workflow answers: 200 steps at most, and from which on there are earlier ones."""
        steps = [
            {"at": NOON + timedelta(minutes=number), "type": "linli.case.progressed.v1", "state": "accepted"}
            for number in range(first, last)
        ]
        case = {"id": "c1", "title": "灯", "state": "accepted", "opened_at": NOON, "timeline": steps}
        return Tracked("CODE", case | {"earlier": first or None})

    shown = [tracked(max(0, last - 200), last).newest for last in (0, 1, 199, 200, 201, 202, 400)]
    assert len(set(shown)) == len(shown)
    assert tracked(1, 201).newest == tracked(1, 201).newest
