"""The form for a register: a workbook with headings, an example, and what to write where."""

from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter

from linli.text.spreadsheet_cells import WORKBOOK_OPTIONS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOURCES = ("不动产登记簿", "实测", "买卖合同")
HEADINGS = ("楼号", "单元", "房号", "专有部分面积（㎡）", "面积来源", "业主姓名或名称", "证件号码", "备注")
EXAMPLE = (
    "3（示例，请删除）",
    "1",
    "402",
    "59.87",
    SOURCES[0],
    "王伟、李娟",
    "370202198001010015、370202198202020023",
    "",
)
LINES = 20_000
"""For which the choice of sources is offered."""
HOW = (
    "每套房屋（专有部分）一行；楼号、单元、房号三列合起来不能重复。",
    "面积填数字，最多两位小数；先用不动产登记簿的面积，没有的用实测，再没有的用买卖合同。",
    "共有的房屋，业主和证件号都用“、”隔开写在一格里，算一个业主；几套房屋同一业主的，每行照写，人数只算一人。",
    "证件号只用来区分同名的人，加密后比对，不进入投票记录；未交付的房屋填建设单位及其统一社会信用代码。",
    "证件号一列必须是文本格式：变成数字后，后几位会丢失，导入时会指出是第几行。",
    "最后可以加一行“合计”填总面积，导入时会核对。",
    "One line a unit. Area with two decimals at most; owners in common stand in one cell, parted by 、: one head.",
)
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def form() -> bytes:
    """The same bytes each time."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**WORKBOOK_OPTIONS, "in_memory": True}) as book:
        book.set_properties({"title": "业主名册", "author": "Linli 邻里", "created": _MADE})
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        text, example = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "italic": True})
        sheet = book.add_worksheet("业主名册")
        for at, width in enumerate((16, 8, 10, 18, 16, 24, 44, 16)):
            sheet.set_column(at, at, width, text)
        sheet.write_row(0, 0, HEADINGS, head)
        sheet.write_row(1, 0, EXAMPLE, example)
        sheet.freeze_panes(1, 0)
        sheet.data_validation(1, 4, LINES, 4, {"validate": "list", "source": list(SOURCES)})
        told = book.add_worksheet("填写说明")
        told.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
        told.write_column(0, 0, HOW)
    return out.getvalue()
