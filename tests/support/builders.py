"""Values for tests, complete with what a test does not care about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, encode
from linli.contracts.intake.submission import SUBMITTED, SubmissionWithdrawn
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.community import Community
from linli.messaging.kafka import Place, Received
from workflow.cases.domain.case import Case

ZONE = ZoneInfo("Asia/Shanghai")
"""Where a community lies that says nothing else."""
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, on a Monday."""


def community(**changes: Any) -> Community:
    """A small community: one node on each level, two neighbourhoods, a property company, a water company, rules."""
    data: dict[str, Any] = {
        "id": "test",
        "name": "测试街道",
        "triage": "street",
        "roles": {"water": "water-co", "property": "estate"},
        "parties": [
            {"id": "street", "name": "街道党工委", "kind": "subdistrict", "email": "street@linli.example"},
            {"id": "village", "name": "社区党委", "kind": "community", "parent": "street", "email": "v@linli.example"},
            {"id": "grid-1", "name": "第一网格", "kind": "grid", "parent": "village", "email": "g1@linli.example"},
            {"id": "group-1", "name": "1号楼院", "kind": "building_group", "parent": "grid-1"},
            {"id": "house-1", "name": "党员中心户", "kind": "household", "parent": "group-1"},
            {"id": "estate", "name": "物业公司", "kind": "property", "parent": "grid-1", "email": "e@linli.example"},
            {"id": "water-co", "name": "水务公司", "kind": "water", "parent": "street", "email": "w@linli.example"},
        ],
        "neighbourhoods": [
            {"id": "east", "name": "东院", "grid": "grid-1", "outline": square(120.40, 36.10)},
            {"id": "west", "name": "西院", "grid": "grid-1", "roles": {"property": "estate"}},
        ],
        "categories": [
            {"id": "facilities", "name": "设施"},
            {"id": "facilities.lift", "name": "电梯", "kinds": ["demand", "report"]},
            {"id": "water", "name": "供水"},
        ],
        "rules": [
            {
                "id": "lift",
                "name": "电梯",
                "when": {"category": ["facilities"]},
                "role": "property",
                "accept_within": "2h",
                "resolve_within": "7d",
            },
            {
                "id": "water-words",
                "name": "停水",
                "when": {"words": ["停水", "水管"]},
                "role": "water",
                "accept_within": "1h",
                "resolve_within": "24h",
            },
            {
                "id": "dispute",
                "name": "纠纷",
                "when": {"kind": ["dispute"]},
                "role": "building_group",
                "accept_within": "1d",
                "resolve_within": "15d",
            },
        ],
    }
    return Community.model_validate(data | changes)


def two_branches(**changes: Any) -> Community:
    """The same with a second branch below the subdistrict: another node on each level, another property company."""
    second: list[dict[str, Any]] = [
        {"id": "village-2", "name": "社区二党委", "kind": "community", "parent": "street"},
        {"id": "grid-2", "name": "第二网格", "kind": "grid", "parent": "village-2"},
        {"id": "group-2", "name": "2号楼院", "kind": "building_group", "parent": "grid-2"},
        {"id": "house-2", "name": "党员中心户二", "kind": "household", "parent": "group-2"},
        {"id": "estate-2", "name": "物业公司二", "kind": "property", "parent": "grid-2"},
    ]
    first = [party.model_dump(mode="json") for party in community().parties]
    return community(**{"parties": [*first, *second]} | changes)


def altered(case: Case, **values: Any) -> Case:
    """A case that a test needs otherwise, by the names in its document, in whichever value they stand."""
    for name, value in values.items():
        if name in Case.__slots__:
            case = replace(case, **{name: value})
            continue
        (holder,) = (each for each in Case.__slots__ if name in getattr(getattr(case, each), "__slots__", ()))
        case = replace(case, **{holder: replace(getattr(case, holder), **{name: value})})
    return case


def square(lon: float, lat: float, side: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square with its south-west corner at a point."""
    corners = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat)]
    return {"type": "Polygon", "coordinates": [corners]}


def submitted(id: str, kind: Kind = Kind.REPORT, **fields: Any) -> Envelope[Event]:
    """The first event of a submission."""
    data = {
        "submission_id": id,
        "community": "test",
        "channel": Channel.WEB,
        "title": "楼道灯坏了",
        "submitted_at": NOON,
        "tracking_hash": f"{abs(hash(id)):064x}"[:64],
        "resident_id": "r-1",
    }
    return Envelope("linli/intake", id, 1, NOON, id, SUBMITTED[kind].model_validate(data | fields))


def withdrawn(id: str, sequence: int = 2) -> Envelope[Event]:
    """A submission's withdrawal."""
    return Envelope("linli/intake", id, sequence, NOON, id, SubmissionWithdrawn(submission_id=id, withdrawn_at=NOON))


def received(envelope: Envelope[Event], offset: int = 0, topic: str = "linli.intake") -> Received:
    """An event as it comes from Kafka."""
    message = encode(envelope)
    headers = tuple(message.headers.items())
    return Received(Place(topic, 0), offset, envelope.subject.encode(), message.value, headers)


def garbage(offset: int = 0, key: bytes | None = None, topic: str = "linli.intake") -> Received:
    """A record that is no event."""
    return Received(Place(topic, 0), offset, key, b"\xff\xfe not an event", ())
