"""From a row of somebody's table to the body of a submission: which column is what, dates, ids. Pure."""

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.contracts.community import Community
from linli.contracts.kinds import Channel, Kind
from linli_cli.tables import Row, header_fields

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
    ids_by_name: Mapping[str, str] = field(default_factory=dict)
    """Names of neighbourhoods and categories that stand for their ids."""


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


def names_of(community: Community) -> dict[str, str]:
    """Names of neighbourhoods and categories → ids, without the names that several share."""
    pairs = [(place.name, place.id) for place in community.neighbourhoods]
    pairs += [(category.name, category.id) for category in community.categories]
    names = [name for name, _ in pairs]
    return {name: id_ for name, id_ in pairs if names.count(name) == 1}


def submission_of(row: Row, width: int, columns: Columns, defaults: Defaults) -> dict[str, Any]:
    """The body of one submission; `width` is the header's. Raises `BadRow`."""
    if len(row.cells) > width:
        raise BadRow(
            f"the row has {len(row.cells)} cells, the header {width}; a comma or quote in a text is not escaped"
        )
    values = {name: row.cells[at] for name, at in columns.at.items() if at < len(row.cells) and row.cells[at]}
    body: dict[str, Any] = {
        "kind": _kind(values.get("kind"), defaults),
        "channel": defaults.channel.value,
        "external_id": values.get("id") or content_id(values),
        "title": values.get("title", ""),
        "text": values.get("text"),
        "community": defaults.community,
        "place": values.get("place"),
        "location": _location(values.get("lon"), values.get("lat")),
        "submitted_at": moment(values["submitted_at"], defaults.zone) if "submitted_at" in values else None,
        "reporter": {name: values[name] for name in ("name", "phone", "email", "language") if name in values} or None,
    }
    for name in ("neighbourhood", "category"):
        if name in values:
            body[name] = defaults.ids_by_name.get(values[name], values[name])
    if not body["title"]:
        raise BadRow("the title is empty")
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


def _kind(text: str | None, defaults: Defaults) -> str:
    if text is None:
        return defaults.kind.value
    try:
        return Kind(KINDS.get(text, text.lower())).value
    except ValueError as error:
        raise BadRow(f"'{text[:40]}' is no kind; the kinds are {', '.join(Kind)}") from error


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
