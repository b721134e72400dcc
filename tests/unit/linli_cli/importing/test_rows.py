"""Other people's tables become submissions: columns, encodings, dates, ids."""

import re
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.community import Neighbourhood
from linli_cli.community.known_names import KnownNames, UnknownName
from linli_cli.importing.columns import COLUMN_FIELDS, ColumnsUnclear, match_columns
from linli_cli.importing.files import rejections_names
from linli_cli.importing.rows import BadRow, Defaults, submission_of
from linli_cli.importing.tables import Row, Table, UnreadableTable, read_table
from tests.support.workbooks import Cell, write_workbook

NEIGHBOURHOODS = KnownNames.of(
    "neighbourhood",
    [
        Neighbourhood(id="huaiyin-li", name="槐荫里", name_en="Huaiyin Li", grid="grid-1"),
        Neighbourhood(id="shiliu-yuan", name="石榴园", grid="grid-1"),
        Neighbourhood(id="shiliu-yuan-2", name="石榴园", grid="grid-2"),
    ],
)
HOTLINE = """\
工单编号,标题,内容,受理时间,小区,联系电话,处理部门
77,楼道灯不亮,三楼的灯坏了,2024/5/6 8:01:02,槐荫里,13900000001,三科
"""


def submissions(table: Table, chosen: dict[str, str] | None = None, **defaults: object) -> list[dict[str, object]]:
    columns = match_columns(table.header, chosen or {})
    return [
        submission_of(row, len(table.header), columns, Defaults(**defaults)).body  # type: ignore[arg-type]
        for row in table.rows
    ]


def table(*lines: str) -> Table:
    rows = [Row(number, tuple(line.split(","))) for number, line in enumerate(lines, start=1)]
    return Table(rows[0].cells, tuple(rows[1:]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_chinese_table_is_read_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "hotline.csv"
    file.write_text(HOTLINE, encoding=encoding)

    assert submissions(read_table(file), neighbourhoods=NEIGHBOURHOODS) == [
        {
            "kind": "report",
            "channel": "hotline",
            "external_id": "77",
            "title": "楼道灯不亮",
            "text": "三楼的灯坏了",
            "submitted_at": "2024-05-06T00:01:02Z",
            "neighbourhood": "huaiyin-li",
            "reporter": {"phone": "13900000001"},
        }
    ]


def test_a_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    at = datetime(2019, 4, 25, 9, 32, 9)  # noqa: DTZ001 - a sheet's dates have no zone
    rows: list[list[Cell]] = [["编号", "标题", "时间", "小区"], [2549, "下水道堵了", at, None]]
    write_workbook(tmp_path / "hotline.xlsx", rows)

    [submission] = submissions(read_table(tmp_path / "hotline.xlsx"))

    assert (submission["external_id"], submission["submitted_at"]) == ("2549", "2019-04-25T01:32:09Z")


def test_the_documents_name_every_header_that_is_known() -> None:
    page = (Path(__file__).parents[4] / "docs" / "cli.md").read_text(encoding="utf-8")
    told = set(re.split(r"[^\w-]+", page))

    assert set(COLUMN_FIELDS) - told == set()


def test_columns_that_nothing_is_taken_from_are_named() -> None:
    columns = match_columns(["id", "user", "title", "created_at", "body", "reply", "replied_at"], {})

    assert set(columns.at) == {"id", "title", "submitted_at", "text"}
    assert columns.unused == ("user", "reply", "replied_at")


def test_a_column_that_the_user_picks_comes_before_its_namesakes() -> None:
    [submission] = submissions(table("标题,主题", "无用,路灯坏了"), {"title": "主题"})

    assert submission["title"] == "路灯坏了"


@pytest.mark.parametrize(
    ("header", "chosen", "words"),
    [
        (["编号", "事由"], {}, "--map title=COLUMN"),
        (["编号", "事由"], {"title": "主题"}, "no column '主题'; the columns are 编号, 事由"),
        (["编号", "标题"], {"title": "-"}, "--map title=COLUMN"),
        (["编号", "事由"], {"titel": "事由"}, "no field 'titel'; the fields are id, kind, title"),
    ],
)
def test_what_cannot_be_matched_says_what_to_do(header: list[str], chosen: dict[str, str], words: str) -> None:
    with pytest.raises(ColumnsUnclear, match=words):
        match_columns(header, chosen)


def test_a_row_without_an_id_gets_one_from_its_content() -> None:
    first, again, other = submissions(table("标题,内容", "路灯坏了,三楼", "路灯坏了,三楼", "路灯坏了,四楼"))
    [swapped] = submissions(table("内容,标题", "三楼,路灯坏了"))

    assert first["external_id"] == again["external_id"] == swapped["external_id"] != other["external_id"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",内容,,", "title is empty"),
        ("标题,内容,,,还有", "5 cells, the header 4"),
        ("路灯坏了,#REF!,120.4,36.1", "a spreadsheet's error"),
    ],
)
def test_a_bad_row_says_why(line: str, words: str) -> None:
    with pytest.raises(BadRow, match=words):
        submissions(table("标题,编号,经度,纬度", line))


SEVERAL_FAULTS = table(
    "标题,小区,电话,邮箱,类型,类别,经度,纬度,语言", "路灯坏了,不存在的小区,123,nobody,投诉,管道,120.4,,火星文"
)


def test_a_row_is_taken_without_the_cells_that_say_nothing_here_and_keeps_their_words() -> None:
    [submission] = submissions(SEVERAL_FAULTS, neighbourhoods=NEIGHBOURHOODS)

    assert {name: submission[name] for name in ("title", "kind")} == {"title": "路灯坏了", "kind": "report"}
    assert submission.keys() & {"neighbourhood", "category", "location", "reporter"} == set()
    assert submission["attributes"] == {
        "as_written.kind": "投诉",
        "as_written.neighbourhood": "不存在的小区",
        "as_written.category": "管道",
        "as_written.location": "120.4, ",
        "as_written.phone": "123",
        "as_written.email": "nobody",
        "as_written.language": "火星文",
    }


def test_a_strict_import_names_all_that_is_wrong_with_a_row() -> None:
    with pytest.raises(BadRow) as raised:
        submissions(SEVERAL_FAULTS, neighbourhoods=NEIGHBOURHOODS, strict=True)

    assert str(raised.value).split("; ") == [
        "'投诉' is no kind",
        "the kinds are demand, report, dispute, alarm",
        "there is no neighbourhood 不存在的小区",
        "known: huaiyin-li 槐荫里, shiliu-yuan 石榴园, shiliu-yuan-2 石榴园",
        "there is no category 管道",
        "known: none",
        "'120.4, ' is no longitude and latitude in degrees",
        "the phone '123' is no telephone number",
        "the email 'nobody' is no e-mail address",
        "'火星文' is no language",
        "the languages are zh-CN, en",
    ]


@pytest.mark.parametrize("nothing", ["无", "/", "-", "N/A", "不详", "未知"])
def test_what_stands_for_nothing_is_nothing(nothing: str) -> None:
    [submission] = submissions(table("标题,小区,电话,类别,时间,编号", f"路灯坏了{f',{nothing}' * 5}"))

    assert submission.keys() == {"kind", "channel", "external_id", "title"}
    assert str(submission["external_id"]).startswith("sha256-")


def test_the_first_number_of_a_cell_is_taken_and_the_rest_is_kept_as_it_may_travel() -> None:
    [two, local] = submissions(table("标题,电话", "灯,13900000101/13900000102(家属)", "灯,87654321"))

    assert two["reporter"] == {"phone": "13900000101"}
    assert two["attributes"] == {"as_written.phone": "139****0101/139****0102(家属)"}
    assert "reporter" not in local
    assert local["attributes"] == {"as_written.phone": "87****21"}


def test_a_day_and_a_time_in_two_columns_are_one_moment() -> None:
    [both, day] = submissions(table("标题,来电日期,来电时间", "灯,2026/11/3,下午3点", "灯,2026/11/3,"))

    assert (both["submitted_at"], day["submitted_at"]) == ("2026-11-03T07:00:00Z", "2026-11-02T16:00:00Z")


def test_deadlines_count_from_the_call_only_where_the_import_is_asked_to() -> None:
    calls = table("标题,来电时间", "路灯坏了,2026/10/31 23:50", "灯,")

    assert [row.get("due_from_call") for row in submissions(calls, due_from_call=True)] == [True, True]
    assert all("due_from_call" not in row for row in submissions(calls))


def test_the_number_of_a_row_in_its_file_is_no_id_unless_the_user_says_so() -> None:
    october, november = table("序号,标题", "1,路灯"), table("序号,标题", "1,燃气")

    ids = {str(submissions(month)[0]["external_id"]) for month in (october, november)}
    [picked] = submissions(october, {"id": "序号"})

    assert len(ids) == 2
    assert picked["external_id"] == "1"


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (["case_enquiry_id", "open_dt", "case_title", "subject", "neighborhood"], {"id": 0, "title": 2}),
        (["Unique Key", "Created Date", "Complaint Type", "Descriptor"], {"id": 0, "title": 2, "text": 3}),
        (
            ["＊工单编号", "标题（必填）", "联系电话:", "来电 时间"],
            {"id": 0, "title": 1, "phone": 2, "submitted_at": 3},
        ),
        (["主题", "标题", "留言内容"], {"title": 1, "text": 2}),
    ],
)
def test_the_surest_of_several_columns_is_taken(header: list[str], taken: dict[str, int]) -> None:
    assert taken.items() <= dict(match_columns(header, {}).at).items()


def test_a_column_is_let_go_when_the_user_says_so() -> None:
    columns = match_columns(["title", "neighborhood"], {"neighbourhood": "-"})

    assert (columns.at, columns.unused) == ({"title": 0}, ("neighborhood",))


@pytest.mark.parametrize("said", ["huaiyin-li", "槐荫里", " 槐 荫里", "HUAIYIN LI", "Ｈuaiyin li"])
def test_an_id_and_each_of_its_names_mean_the_same_place(said: str) -> None:
    assert NEIGHBOURHOODS.id_of(said) == "huaiyin-li"


def test_a_name_that_two_places_have_is_not_guessed() -> None:
    with pytest.raises(UnknownName, match="may be shiliu-yuan or shiliu-yuan-2; write the id"):
        NEIGHBOURHOODS.id_of("石榴园")


def test_a_category_of_another_kind_is_told_before_it_is_sent() -> None:
    about = {"categories": KnownNames("category", {"lift": ("lift",)}), "kinds_of": {"lift": (Kind.DEMAND,)}}

    [taken] = submissions(table("标题,类别,类型", "电梯,lift,报事"), **about)

    assert ("category" in taken, taken["attributes"]) == (False, {"as_written.category": "lift"})
    with pytest.raises(BadRow, match="lift is not meant for a report, but for: demand"):
        submissions(table("标题,类别,类型", "电梯,lift,报事"), strict=True, **about)


def test_where_a_row_names_no_kind_it_has_the_only_one_that_its_category_is_for() -> None:
    about = {"categories": KnownNames("category", {"lift": ("lift",), "noise": ("noise",)})}
    about["kinds_of"] = {"lift": (Kind.DEMAND,), "noise": (Kind.DISPUTE, Kind.DEMAND)}

    lift, noise = submissions(table("标题,类别", "电梯,lift", "吵,noise"), **about)

    assert (lift["kind"], lift["category"]) == ("demand", "lift")
    assert (noise["kind"], "category" in noise) == ("report", False)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("a.csv", ["a.csv.rejected.csv", "a.csv.rejected-2.csv", "a.csv.rejected-3.csv"]),
        ("a.csv.rejected.csv", ["a.csv.rejected-2.csv", "a.csv.rejected-3.csv", "a.csv.rejected-4.csv"]),
        ("a.csv.rejected-9.csv", ["a.csv.rejected-10.csv", "a.csv.rejected-11.csv", "a.csv.rejected-12.csv"]),
    ],
)
def test_what_is_rejected_goes_to_a_file_that_comes_after(file: str, names: list[str]) -> None:
    assert list(islice(rejections_names(file), 3)) == names


def test_a_short_row_is_taken_with_its_last_cells_empty() -> None:
    [submission] = submissions(table("标题,内容,经度,纬度", "路灯坏了"), channel=Channel.DESK, kind=Kind.DEMAND)

    assert (submission["title"], submission["channel"], submission["kind"]) == ("路灯坏了", "desk", "demand")


def test_a_workbook_is_known_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    write_workbook(tmp_path / "hotline.xlsx", [["标题"], ["下水道堵了"]])
    called_csv = (tmp_path / "hotline.xlsx").rename(tmp_path / "hotline.csv")

    assert read_table(called_csv).rows[0].cells == ("下水道堵了",)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.xlsx"
    file.write_bytes(b"no workbook")

    with pytest.raises(UnreadableTable, match="cannot be opened"):
        read_table(file)
