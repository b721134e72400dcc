"""Text files as people have them: encodings, separators, quotes, line ends."""

import io
import os
import threading
from pathlib import Path

import pytest

from linli_cli.importing.columns import COLUMN_FIELDS
from linli_cli.importing.tables import UnreadableTable
from linli_cli.importing.tables.encodings import encoding_of
from linli_cli.importing.tables.reading import Asked, open_table
from linli_cli.importing.tables.rows import Row

CHINESE = "编号,标题\r\n1,路灯不亮\r\n"
KOREAN = "id,title\r\n1,가로등이 고장났습니다\r\n"
JAPANESE = "id,title\r\n1,街灯が壊れている\r\n"
TAIWANESE = "編號,標題\r\n1,路燈不亮請維修\r\n"
GERMAN = "id;title\r\n1;Straßenlampe übermäßig defekt\r\n"


def read(tmp_path: Path, content: bytes, asked: Asked | None = None) -> tuple[tuple[str, ...], list[Row]]:
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    with open_table(file, COLUMN_FIELDS, asked=asked) as table:
        return table.header, list(table.rows())


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8"),
        (b"\xef\xbb\xbf" + CHINESE.encode("utf-8-sig"), "utf-8"),
        (CHINESE.encode("gbk"), "gb18030"),
        ("标题\n㐀𠀀路灯不亮".encode("gb18030"), "gb18030"),
        (CHINESE.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("utf-32"), "utf-32-le"),
        (b"id,title\n1,x\n", "utf-8"),
    ],
)
def test_the_encodings_of_chinese_offices_are_found(tmp_path: Path, content: bytes, encoding: str) -> None:
    assert encoding_of(io.BytesIO(content)) == encoding
    assert read(tmp_path, content)[0][-1] in {"标题", "title"}


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (KOREAN, "euc-kr", "cp949"),
        (JAPANESE, "shift-jis", "cp932"),
        (JAPANESE.replace("id,title", "番号,件名"), "euc-jp", "euc-jp"),
        (TAIWANESE, "big5", "cp950"),
        (GERMAN, "windows-1252", "cp1252"),
        (GERMAN, "iso8859-1", "cp1252"),
    ],
)
def test_another_encoding_is_named_and_read_when_the_user_says_so(
    tmp_path: Path, text: str, encoding: str, named: str
) -> None:
    content = text.encode(encoding)

    with pytest.raises(UnreadableTable, match=f"--encoding {named}"):
        encoding_of(io.BytesIO(content))

    _, [row] = read(tmp_path, content, Asked(encoding=encoding))
    assert row.cells[1] in text


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "is empty"),
        (b"title\nx\0y", None, "binary data"),
        (b"id,title\n" + b"1,lamp\n" * 50 + b"2,la\0mp\n", 52, "NUL"),
        (b"%PDF-1.7\n1 0 obj", None, "no CSV or XLSX file"),
        (bytes(range(256)) * 4, None, "no CSV or XLSX file"),
        (b"\x80\x81\xff\xff\xfe", None, "is not UTF-8"),
        (("编号,标题\n" + "1,路灯不亮\n" * 9).encode() + b"2,\xc2\xb7\xb5\xff\n", 11, "begins as UTF-8"),
        ("编号,标题\n1,路灯不亮\n".encode("utf-16") + b"\x00", 3, "begins as utf-16"),
    ],
)
def test_an_unreadable_file_says_where_and_what_to_do(
    tmp_path: Path, content: bytes, line: int | None, words: str
) -> None:
    with pytest.raises(UnreadableTable, match=words) as raised:
        read(tmp_path, content)
    assert raised.value.line == line


@pytest.mark.parametrize("encoding", ["klingon", "base64", "utf-8\0"])
def test_an_encoding_that_is_none_is_told(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UnreadableTable, match="there is no encoding"):
        read(tmp_path, CHINESE.encode(), Asked(encoding=encoding))


def test_a_file_that_is_not_in_the_encoding_that_was_said_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="begins as utf-8"):
        read(tmp_path, CHINESE.encode("gbk"), Asked(encoding="utf-8"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_and_the_line_ends_are_found(tmp_path: Path, separator: str, end: str) -> None:
    lines = ["编号", "标题"], ["1", "路灯坏了"], ["2", "漏水"]
    header, rows = read(tmp_path, end.join(separator.join(line) for line in lines).encode("gbk"))

    assert header == ("编号", "标题")
    assert [(row.line, row.cells) for row in rows] == [(2, ("1", "路灯坏了")), (3, ("2", "漏水"))]


def test_a_long_file_is_read_to_its_end(tmp_path: Path) -> None:
    _, rows = read(tmp_path, "编号,标题\n".encode() + "".join(f"{n},路灯{n}\n" for n in range(5_000)).encode())

    assert (len(rows), rows[-1]) == (5_000, Row(5_001, ("4999", "路灯4999")))


def test_line_ends_of_several_kinds_and_the_line_that_names_the_separator_are_read(tmp_path: Path) -> None:
    header, rows = read(tmp_path, "\ufeffsep=;\r\n编号;标题\n1;路灯坏了\r2;漏水\r\n".encode())

    assert header == ("编号", "标题")
    assert [(row.line, row.cells[0]) for row in rows] == [(3, "1"), (4, "2")]


def test_commas_in_the_texts_of_a_table_with_semicolons_do_not_matter(tmp_path: Path) -> None:
    _, rows = read(
        tmp_path, b"id;title;text\n1;Lamp, broken;dark, since May, really\n2;Leak, cellar;wet, very, indeed\n"
    )

    assert [row.cells[1] for row in rows] == ["Lamp, broken", "Leak, cellar"]


HEAD = "编号,标题,内容\n1,路灯,坏了\n"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('2,路灯,"坏了三天\n3,燃气,闻到味\n4,停水,""\n', 3),
        ('2,路灯,"坏了三天\n3,燃气,闻到味\n', 3),
        ('2,路灯,"坏了三天\n3,燃气,闻到味\n4,停水,"\n5,电梯,困人\n', 3),
        ('2,路灯,"坏了三天\n3,电梯,"快来"\n', 3),
        ('2,路灯,"3号"楼\n', 3),
    ],
)
def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path: Path, rows: str, line: int) -> None:
    with pytest.raises(UnreadableTable, match="quote") as raised:
        read(tmp_path, (HEAD + rows).encode())
    assert raised.value.line == line


def test_a_first_row_whose_quote_swallows_the_second_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="quote") as raised:
        read(tmp_path, '编号,标题,内容\n1,路灯,"坏了\n2,燃气,"\n3,电梯,困人\n'.encode())
    assert raised.value.line == 2


def test_line_breaks_and_quotes_within_a_cell_are_kept(tmp_path: Path) -> None:
    cell = "第一,坏了\n第二,还没修,\n2号楼,也是,吗\n他说“快来”"
    _, rows = read(tmp_path, f'{HEAD}2,路灯,"{cell}"\n3,燃气,"他说""快来"""\n'.encode())

    assert [(row.line, row.cells[2]) for row in rows] == [(2, "坏了"), (3, cell), (7, '他说"快来"')]


def test_the_mark_that_keeps_a_cell_from_a_spreadsheet_is_taken_away(tmp_path: Path) -> None:
    _, [row] = read(tmp_path, "编号,标题\n'370202202611030123,'=1+1\n".encode())

    assert row.cells == ("370202202611030123", "=1+1")


def test_a_file_that_can_be_read_only_once_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CHINESE.encode(),))
    writer.start()
    with open_table(pipe, COLUMN_FIELDS) as table:
        assert [row.cells for row in table.rows()] == [row.cells for row in table.rows()] == [("1", "路灯不亮")]
    writer.join()
