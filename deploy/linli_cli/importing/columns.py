"""Which column of somebody's table holds which field of a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli_cli.importing.tables import header_fields
from linli_cli.importing.tables.headers import NOT_TAKEN
from linli_cli.terminal.language import say

FIELDS: dict[str, tuple[str, ...]] = {
    "id": (
        *(
            "external_id",
            "工单编号",
            "工单号",
            "工单流水号",
            "留言编号",
            "诉求编号",
            "受理编号",
            "受理单号",
            "事件编号",
            "案件编号",
        ),
        *("ticket_number", "case_id", "case_enquiry_id", "service_request_id", "unique_key", "编号", "流水号", "id"),
    ),
    "kind": ("kind", "事项类型", "诉求类型", "类型"),
    "title": (
        *("title", "标题", "留言主题", "留言标题", "诉求标题", "工单标题", "事项标题", "主题"),
        *("case_title", "complaint_type", "service_name", "summary", "subject"),
    ),
    "text": (
        *("text", "body", "留言内容", "留言详情", "诉求内容", "工单内容", "问题描述", "内容", "正文", "详情", "描述"),
        *("description", "content", "details", "descriptor"),
    ),
    "submitted_at": (
        *("submitted_at", "留言时间", "来电时间", "诉求时间", "登记时间", "受理时间", "提交时间", "创建时间", "时间"),
        *("created_at", "created_date", "requested_datetime", "open_dt", "received", "time"),
    ),
    "day": ("留言日期", "来电日期", "诉求日期", "登记日期", "受理日期", "提交日期", "创建日期", "日期", "date"),
    "neighbourhood": ("neighbourhood", "neighborhood", "estate", "小区名称", "所在小区", "小区"),
    "category": ("category", "诉求类别", "事项类别", "类别", "分类"),
    "place": (
        *("place", "事发地址", "事发地点", "详细地址", "地点", "位置", "地址"),
        *("incident_address", "location_street_name", "address", "where"),
    ),
    "lon": ("lon", "lng", "long", "longitude", "经度"),
    "lat": ("lat", "latitude", "纬度"),
    "name": ("name", "reporter", "姓名", "来电人", "诉求人", "反映人", "联系人"),
    "phone": ("phone", "telephone", "mobile", "来电号码", "联系电话", "手机号", "手机号码", "手机", "电话"),
    "email": ("email", "e-mail", "电子邮箱", "邮箱"),
    "home": ("home", "home_address", "家庭住址", "居住地址", "联系地址", "住址"),
    "language": ("language", "语言"),
}
"""Field of a submission → the column names that are taken for it, the surest first. 序号 and the like count the rows of
one file, begin anew in the next, and are no id."""

COLUMN_FIELDS = {name: field_name for field_name, names in FIELDS.items() for name in names}


class ColumnsUnclear(Exception):
    """The table's columns cannot be matched with a submission's fields; the message says what to do."""


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, and the columns that nothing is taken from."""

    at: Mapping[str, int]
    unused: tuple[str, ...]


def match_columns(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Match a header with the fields; `chosen` (field → column, or `-`) comes first. Raises `ColumnsUnclear`."""
    listed = ", ".join(name for name in header if name)
    if unknown := chosen.keys() - FIELDS.keys():
        raise ColumnsUnclear(
            say(
                "--map: there is no field '{field}'; the fields are {fields}",
                field=min(unknown),
                fields=", ".join(FIELDS),
            )
        )
    try:
        at = header_fields(header, COLUMN_FIELDS, chosen)
    except KeyError as error:
        raise ColumnsUnclear(
            say("--map: there is no column '{column}'; the columns are {columns}", column=error.args[0], columns=listed)
        ) from error
    if "title" not in at:
        hint = say("say --map title=COLUMN, and --header-row N if another row names the columns")
        raise ColumnsUnclear(
            say("which column holds the title? The columns are {columns}; {hint}", columns=listed, hint=hint)
        )
    taken = set(at.values())
    return Columns(at, tuple(name for index, name in enumerate(header) if index not in taken and name))


def wanted_columns(chosen: Mapping[str, str]) -> list[str]:
    """The columns that the user named."""
    return [column for column in chosen.values() if column != NOT_TAKEN]
