"""From a row of somebody's table to the body of a submission: which column is what, dates, ids. Pure."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import validate_email
from pydantic_core import PydanticCustomError

from linli.contracts.community import Community
from linli.contracts.kinds import Channel, Kind
from linli_cli.known_names import KnownNames, UnknownName, categories_of, neighbourhoods_of
from linli_cli.tables import Row, header_fields

R = TypeVar("R")

FIELDS: dict[str, tuple[str, ...]] = {
    "id": (
        "id",
        "external_id",
        "number",
        "no",
        "编号",
        "序号",
        "工单号",
        "工单编号",
        "留言编号",
        "诉求编号",
        "受理编号",
    ),
    "kind": ("kind", "类型", "事项类型", "诉求类型"),
    "title": (
        "title",
        "subject",
        "summary",
        "标题",
        "主题",
        "留言主题",
        "留言标题",
        "诉求标题",
        "工单标题",
        "事项标题",
    ),
    "text": (
        *("text", "body", "content", "description", "details", "内容", "正文", "详情", "描述"),
        *("留言内容", "留言详情", "诉求内容", "工单内容", "问题描述"),
    ),
    "submitted_at": (
        *("submitted_at", "created_at", "time", "date", "received", "时间", "日期", "留言时间", "提交时间"),
        *("创建时间", "登记时间", "受理时间", "来电时间", "诉求时间"),
    ),
    "neighbourhood": ("neighbourhood", "neighborhood", "estate", "小区", "小区名称", "所在小区"),
    "category": ("category", "类别", "分类", "诉求类别", "事项类别"),
    "place": ("place", "address", "where", "地点", "位置", "地址", "详细地址", "事发地址"),
    "lon": ("lon", "lng", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "name": ("name", "reporter", "姓名", "联系人", "来电人", "诉求人", "反映人"),
    "phone": ("phone", "telephone", "mobile", "电话", "手机", "手机号", "联系电话", "来电号码"),
    "email": ("email", "e-mail", "邮箱", "电子邮箱"),
    "home": ("home", "home_address", "住址", "家庭住址", "居住地址", "联系地址"),
    "language": ("language", "语言"),
}
"""Field of a submission → the column names that are taken for it."""

COLUMN_FIELDS = {name: field_name for field_name, names in FIELDS.items() for name in names}

KINDS = {"需求": Kind.DEMAND, "报事": Kind.REPORT, "纠纷": Kind.DISPUTE, "矛盾纠纷": Kind.DISPUTE, "告警": Kind.ALARM}

_LOCAL_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?秒?|分)?)?"
)


class ColumnsUnclear(Exception):
    """The table's columns cannot be matched with a submission's fields; the message says what to do."""


class BadRow(Exception):
    """One row cannot become a submission; the message is the reason."""


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, and the columns that nothing is taken from."""

    at: Mapping[str, int]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Defaults:
    """What holds for every row of an import."""

    channel: Channel = Channel.HOTLINE
    kind: Kind = Kind.REPORT
    community: str | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """The zone of times that name none."""
    neighbourhoods: KnownNames = field(default_factory=partial(KnownNames, "neighbourhood"))
    categories: KnownNames = field(default_factory=partial(KnownNames, "category"))
    kinds_of: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    """Category id → the kinds that it is meant for, where it is not meant for all."""


def match_columns(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Match a header with the fields; `chosen` (field → column) comes first. Raises `ColumnsUnclear`."""
    listed = ", ".join(header)
    if unknown := chosen.keys() - FIELDS.keys():
        raise ColumnsUnclear(f"--map: there is no field '{min(unknown)}'; the fields are {', '.join(FIELDS)}")
    try:
        at = header_fields(header, COLUMN_FIELDS, chosen)
    except KeyError as error:
        raise ColumnsUnclear(f"--map: there is no column '{error.args[0]}'; the columns are {listed}") from error
    if "title" not in at:
        raise ColumnsUnclear(f"which column holds the title? The columns are {listed}; say --map title=COLUMN")
    return Columns(at, tuple(name for index, name in enumerate(header) if index not in at.values() and name))


def defaults_for(community: Community, channel: Channel, kind: Kind) -> Defaults:
    """What holds for every row that goes to this community: its data say its zone and what its names stand for."""
    return Defaults(
        channel=channel,
        kind=kind,
        community=community.id,
        zone=ZoneInfo(community.timezone),
        neighbourhoods=neighbourhoods_of(community),
        categories=categories_of(community),
        kinds_of={category.id: category.kinds for category in community.categories if category.kinds},
    )


def submission_of(row: Row, width: int, columns: Columns, defaults: Defaults) -> dict[str, Any]:
    """The body of one submission; `width` is the header's. Raises `BadRow` with all that is wrong with the row."""
    if len(row.cells) > width:
        raise BadRow(
            f"the row has {len(row.cells)} cells, the header {width}; a comma or quote in a text is not escaped"
        )
    values = {name: row.cells[at] for name, at in columns.at.items() if at < len(row.cells) and row.cells[at]}
    faults: list[str] = []

    def read(name: str, reading: Callable[[str], R]) -> R | None:
        try:
            return reading(values[name]) if name in values else None
        except (BadRow, UnknownName) as error:
            faults.append(str(error))
            return None

    body: dict[str, Any] = {
        "kind": read("kind", _kind) or defaults.kind.value,
        "channel": defaults.channel.value,
        "external_id": values.get("id") or content_id(values),
        "title": values.get("title"),
        "text": values.get("text"),
        "community": defaults.community,
        "neighbourhood": read("neighbourhood", defaults.neighbourhoods.id_of),
        "category": read("category", defaults.categories.id_of),
        "place": values.get("place"),
        "location": None,
        "submitted_at": read("submitted_at", lambda text: moment(text, defaults.zone)),
        "reporter": _reporter(values) or None,
    }
    if "title" not in values:
        faults.insert(0, "the title is empty")
    try:
        body["location"] = _location(values.get("lon"), values.get("lat"))
    except BadRow as error:
        faults.append(str(error))
    kinds = defaults.kinds_of.get(body["category"] or "")
    if kinds and body["kind"] not in kinds:
        faults.append(f"the category {body['category']} is not meant for a {body['kind']}, but for: {', '.join(kinds)}")
    read("phone", _dialable)
    read("email", _reachable)
    if faults:
        raise BadRow("; ".join(faults))
    return {name: value for name, value in body.items() if value is not None}


def content_id(values: Mapping[str, str]) -> str:
    """An id for a row without one: the same content has the same id, whatever the columns' order."""
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return "sha256-" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def moment(text: str, zone: ZoneInfo) -> str:
    """RFC 3339 in UTC of `2019/4/25 9:32:09`, `2019年4月25日 9时32分`, a date alone or ISO 8601. Raises `BadRow`."""
    try:
        if found := _LOCAL_TIME.fullmatch(text):
            at = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type] # noqa: DTZ001
        else:
            at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError) as error:
        raise BadRow(f"'{text[:40]}' is no time; write it like 2019-04-25 09:32:09") from error


def _reporter(values: Mapping[str, str]) -> dict[str, str]:
    """`address` names a column of places, as hotlines have it; where the reporter lives is `home` here."""
    reporter = {name: values[name] for name in ("name", "phone", "email", "language") if name in values}
    return reporter | ({"address": values["home"]} if "home" in values else {})


def _kind(text: str) -> str:
    try:
        return Kind(KINDS.get(text, text.lower())).value
    except ValueError as error:
        raise BadRow(f"'{text[:40]}' is no kind; the kinds are {', '.join(Kind)}") from error


def _dialable(text: str) -> None:
    """As intake will look at it; here so that a row with several faults names all of them."""
    try:
        valid = phonenumbers.is_valid_number(phonenumbers.parse(text, "CN"))
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        raise BadRow(f"the phone '{text[:40]}' is no telephone number")


def _reachable(text: str) -> None:
    try:
        validate_email(text)
    except PydanticCustomError as error:
        raise BadRow(f"the email '{text[:40]}' is no e-mail address") from error


def _location(lon: str | None, lat: str | None) -> dict[str, float] | None:
    if lon is None and lat is None:
        return None
    try:
        point = {"lon": float(lon or ""), "lat": float(lat or "")}
    except ValueError:
        point = {}
    if not point or not all(map(math.isfinite, point.values())):
        raise BadRow(f"'{lon or ''}', '{lat or ''}' is no longitude and latitude in degrees")
    return point
