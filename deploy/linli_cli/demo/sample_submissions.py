"""The submissions that come with a community's folder: `demands.csv` and `disputes.csv`."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import phonenumbers
from pydantic import EmailStr, Field, field_validator, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.community import Community
from linli_cli.community.faults import CommunityFaults, Entry, Fault, Reading
from linli_cli.community.files import load_community, table_entries

FILES = {"demands.csv": Kind.DEMAND, "disputes.csv": Kind.DISPUTE}
COLUMNS = {
    "标题": "title",
    "内容": "text",
    "小区": "neighbourhood",
    "类别": "category",
    "经度": "lon",
    "纬度": "lat",
    "位置": "place",
    "姓名": "name",
    "电话": "phone",
    "邮箱": "email",
    "语言": "language",
}


class SampleSubmission(Record):
    """One row."""

    title: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=8_000)
    neighbourhood: Slug | None = None
    category: Slug | None = None
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    place: str | None = Field(default=None, max_length=200)
    name: str | None = Field(default=None, max_length=80)
    phone: str | None = None
    email: EmailStr | None = None
    language: Language = Language.ZH

    @field_validator("phone")
    @classmethod
    def _dialable(cls, phone: str | None) -> str | None:
        try:
            if phone is None or phonenumbers.is_valid_number(phonenumbers.parse(phone, "CN")):
                return phone
        except phonenumbers.NumberParseException:
            pass
        raise ValueError(f"'{phone}' is no telephone number; in China they look like 139 0000 0101")

    @model_validator(mode="after")
    def _both_coordinates(self) -> "SampleSubmission":
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat belong together; one of them is empty")
        return self

    def body(self, kind: Kind, community: str) -> dict[str, Any]:
        """The body of `POST /v1/submissions`; what is empty is left out."""
        reporter = {"name": self.name, "phone": self.phone, "email": self.email, "language": self.language}
        body = {
            "kind": kind,
            "title": self.title,
            "text": self.text,
            "community": community,
            "neighbourhood": self.neighbourhood,
            "category": self.category,
            "location": None if self.lon is None else {"lon": self.lon, "lat": self.lat},
            "place": self.place,
            "reporter": {name: str(value) for name, value in reporter.items() if value is not None},
        }
        return {name: value for name, value in body.items() if value is not None}


def load_submissions(folder: Path) -> list[dict[str, Any]]:
    """The bodies of all submissions of a folder, demands first. Raises `CommunityFaults`."""
    community, reading, bodies = load_community(folder), Reading(), []
    for file, kind in FILES.items():
        for row, entry in reading.models(SampleSubmission, table_entries(folder / file, COLUMNS, reading)):
            reading.faults += _reference_faults(row, entry, kind, community)
            bodies.append(row.body(kind, community.id))
    if reading.faults:
        raise CommunityFaults(reading.faults)
    return bodies


def _reference_faults(row: SampleSubmission, entry: Entry, kind: Kind, community: Community) -> list[Fault]:
    faults = []
    places = [place.id for place in community.neighbourhoods]
    if row.neighbourhood and row.neighbourhood not in places:
        faults.append(entry.fault(("neighbourhood",), _unknown("neighbourhood", row.neighbourhood, places)))
    categories = {category.id: category for category in community.categories}
    if row.category:
        category = categories.get(row.category)
        if category is None:
            faults.append(entry.fault(("category",), _unknown("category", row.category, list(categories))))
        elif category.kinds and kind not in category.kinds:
            faults.append(entry.fault(("category",), f"'{category.id}' ({category.name}) is not meant for a {kind}"))
    return faults


def _unknown(what: str, name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"there is no {what} '{name}'" + (f"; is '{close[0]}' meant?" if close else "")
