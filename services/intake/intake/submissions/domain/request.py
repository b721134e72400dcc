"""The body of a submission, and which fields only an operator may set."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind, Language
from linli.text.fields import Line, Paragraphs
from linli.web.localized import Localized
from linli.web.rfc3339 import RFC3339

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""What was said before is no matter of today; it is a slip of the pen or of a time zone."""
_MOST_FIELDS = 40
_MOBILE = re.compile(r"(?:\+86 ?)?(1[38][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})", re.ASCII)
"""A mobile number of China as most people write one: the library takes each of these, and makes the same of it."""
_NO_ENDING = "|".join(SPECIAL_USE_DOMAIN_NAMES)
_ADDRESS = re.compile(
    rf"[a-z0-9_+-]{{1,30}}(?:\.[a-z0-9_+-]{{1,30}})?@(?:[a-z0-9]{{1,50}}\.){{1,3}}(?!(?:{_NO_ENDING})\Z)[a-z]{{2,10}}",
    re.ASCII,
)
"""An e-mail address as most people have one: the library takes each of these, and leaves it as it is."""


def _few_fields(value: Any) -> Any:
    """A body of ten thousand unknown fields is refused as one mistake, not as ten thousand."""
    if isinstance(value, dict) and len(value) > _MOST_FIELDS:
        raise ValueError("there are more fields here than there can be")
    return value


def _dialable(value: Any) -> Any:
    """E.164 of a telephone number as it is written in China, or abroad with its +."""
    if isinstance(value, str):
        if found := _MOBILE.fullmatch(value):  # nearly all are, and the library takes as long as all the rest of a body
            return "+86" + "".join(found.groups())
        try:
            number = phonenumbers.parse(value, "CN")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise ValueError("this is no telephone number; in China they look like 139 0000 0101 or 0532-8765 4321")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value


def _deliverable(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """As the library has it, which is asked where an address is not plainly one."""
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else check(value)


class _Bounded(Record):
    """Text from outside."""

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, value: Any) -> Any:
        return _few_fields(value)


class Location(Point, _Bounded):
    """Degrees; numbers only."""

    model_config = ConfigDict(strict=True)

    crs: Literal["wgs84", "gcj02", "bd09"] | None = None
    """What they are counted in: `gcj02` as Amap 高德 and Tencent have it, `bd09` as Baidu, `wgs84` as GPS and GeoJSON.

    Unless said, what the community's data say, which is WGS 84 unless they say otherwise. It is kept in WGS 84.
    """


class Reporter(_Bounded):
    """Whom to tell; all of it may be left out. Stays in intake."""

    name: Annotated[str, Line(80, 1)] | None = None
    phone: Annotated[str, Field(max_length=40), BeforeValidator(_dialable)] | None = None
    """Becomes E.164."""
    email: Annotated[EmailStr, Field(max_length=254), WrapValidator(_deliverable)] | None = None
    language: Language = Language.ZH
    """Of the messages that are sent."""
    address: Annotated[str, Line(200, 1)] | None = None
    """Where the reporter lives, if the desk has to know; where the matter is goes into `place`."""


_Text = Annotated[str, Line(200)]
_Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Whole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
"""What JSON carries without loss everywhere (RFC 8259, section 6)."""
Attribute = Annotated[bool, Field(strict=True)] | _Whole | _Number | _Text


class NewMatter(_Bounded):
    """What a submission would be about, as somebody asks whether it was reported before; nobody says who they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "report", "title": "3号楼2单元门口的灯坏了", "neighbourhood": "huaiyin-li"}]
        }
    )

    kind: Kind = Kind.REPORT
    """Only to see that the category is one for it."""
    title: Annotated[str, Line(200, 1)]
    text: Annotated[str, Paragraphs(8_000)] = ""
    community: Slug | None = None
    neighbourhood: Slug | None = None
    category: Slug | None = None
    location: Location | None = None
    place: Annotated[str, Line(200, 1)] | None = None


class NewSubmission(_Bounded):
    """A demand, report, dispute or alarm as it comes in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "report",
                    "title": "3号楼2单元门口路灯不亮",
                    "text": "晚上完全看不见台阶，已经一周了。",
                    "neighbourhood": "huaiyin-li",
                    "place": "3号楼2单元门口",
                    "reporter": {"name": "王女士", "phone": "139 0000 0101", "language": "zh-CN"},
                }
            ]
        }
    )

    kind: Kind
    title: Annotated[str, Line(200, 1)]
    text: Annotated[str, Paragraphs(8_000)] = ""
    channel: Channel = Channel.WEB
    """Any other than `web` needs the operator key."""
    external_id: Annotated[str, Line(128, 1)] | None = None
    """The submission's id where it comes from, unique within community and channel; needs the operator key."""
    community: Slug | None = None
    """Needed only where several are served and the neighbourhood does not tell which."""
    neighbourhood: Slug | None = None
    category: Slug | None = None
    location: Location | None = None
    place: Annotated[str, Line(200, 1)] | None = None
    """Where the matter is, in words."""
    attributes: Annotated[dict[Slug, Attribute], BeforeValidator(_few_fields), Field(max_length=20)] = Field(
        default_factory=dict
    )
    submitted_at: Annotated[AwareDatetime, RFC3339, Field(ge=EARLIEST)] | None = None
    """When it was said, if before it came in here; needs the operator key."""
    due_from_call: bool = False
    """Whether its deadlines count from `submitted_at`, not from when it came in here; needs the operator key."""
    different: bool = False
    """It is not the outage that is known there (`known_outage` in a receipt), but something else."""
    same_as: Annotated[str, Field(max_length=64)] | None = None
    """The `reference` of an earlier one (`/v1/submissions:similar`) that its reporter takes for the same matter.

    Staff see it and may merge the two; nothing is merged by itself.
    """
    reporter: Reporter | None = None

    @model_validator(mode="after")
    def _from_a_device(self) -> "NewSubmission":
        if self.channel is Channel.DEVICE and self.kind is not Kind.ALARM:
            english = "what comes through the channel 'device' is of kind 'alarm'"
            raise ValueError(Localized(english, "渠道为 device 时，类型必须是 alarm（告警）"))
        return self

    def operators_fields(self) -> list[str]:
        """The fields that say what only an operator may say: a resident could pass for the hotline with them."""
        return [
            name
            for name, given in (
                ("kind", self.kind is Kind.ALARM),
                ("channel", self.channel is not Channel.WEB),
                ("external_id", self.external_id is not None),
                ("submitted_at", self.submitted_at is not None),
                ("due_from_call", self.due_from_call),
            )
            if given
        ]
