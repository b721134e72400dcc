"""YAML as clerks write it: read as it is written, or a fault with its line; never a traceback."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli_cli.community.located_yaml import UnreadableYaml, read_yaml


def read(tmp_path: Path, content: str | bytes) -> Any:
    file = tmp_path / "rules.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(file)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("08", "08"),
        ("010", "010"),
        ("0532", "0532"),
        ("-07", "-07"),
        ("00.5", "00.5"),
        ("0", 0),
        ("0.5", 0.5),
        ("-8", -8),
        ("12", 12),
        ("12:30", "12:30"),
        ("22:00:00", "22:00:00"),
        ("2026-11-28", "2026-11-28"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("true", True),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("~", None),
        ("１２", "１２"),
    ],
)
def test_a_bare_value_is_what_it_looks_like(tmp_path: Path, written: str, meant: object) -> None:
    found = read(tmp_path, f"floor: {written}").value["floor"]
    assert (found, type(found)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("- id: a\n- &a {x: *a}", 2, "holds that alias itself"),
        ("a: 1\nb: &b [*b]", 2, "holds that alias itself"),
        ("a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
        ), None, "aliases"),
        ("a: 1\n\tb: 2", 2, "tab"),
        ("a: 1\na: 2", 2, "stands twice"),
        ("a: 1\n? [x, y]\n: 2", 2, "one word"),
        ("a: 1\nb: !!int abc", 2, "quotes"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tag"),
        ("a: 1\nb: !secret abc", 2, "tag"),
        ("a: 1\nb: " + "9" * 5000, 2, "quotes"),
        ("a: 1\nb: \x07", 2, "U+0007"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: 1\nb: *nobody", 2, "undefined alias"),
        ("[" * 5000, None, "deeply"),
        ("", None, "empty"),
        ("# 只有说明\n", None, "empty"),
        ("a: 1\nb: 物业".encode("gb18030"), 2, "UTF-8"),
        ("a: 1\nb: 停水".encode("utf-16"), 1, "UTF-8"),
        (b"a: 1\nb: \xff\xfe", 2, "UTF-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, content: str | bytes, line: int | None, words: str
) -> None:
    with pytest.raises(UnreadableYaml) as caught:
        read(tmp_path, content)
    assert words in str(caught.value)
    assert line in {None, caught.value.line}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path, ending: str, mark: bytes) -> None:
    assert read(tmp_path, mark + f"a: 1{ending}b: 停水{ending}".encode()).value == {"a": 1, "b": "停水"}


def test_an_alias_that_is_used_a_few_times_is_read(tmp_path: Path) -> None:
    document = read(tmp_path, "a: &a {x: 1}\nb: *a\nc: *a")
    assert document.value == {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1}}


@given(st.text(st.sampled_from("ab:-&*{}[]?!|>#%@`'\"\n\t 0128.,~停")) | st.binary(max_size=40))
def test_no_file_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    try:
        read(tmp_path_factory.getbasetemp(), content)
    except UnreadableYaml as error:
        assert str(error)
