"""A process of its own that reads one sheet of a workbook, within bounds, and writes its rows as lines of JSON.

A workbook of a few kilobytes may ask for all memory that there is, and the library that reads it ends the process then.
Here it ends this one. `python -m linli_cli.importing.tables.sheet_child FILE [SHEET]`; the first line is about the
workbook, each other `[row, cells, across]`. What cannot be read is `{"refused": …}`, and exit code 3.
"""

import contextlib
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import python_calamine

MEMORY = 1024 * 1024 * 1024
SECONDS = 120
OUTPUT = 2 * 1024 * 1024 * 1024
UNPACKED = 768 * 1024 * 1024
"""Bytes of a workbook's parts; a hundred thousand rows of a hotline have about a tenth."""
PARTS = 10_000
REFUSED = 3
CHUNK = 1024 * 1024
UNCALCULATED_SHOWN = 1_000
_NOT_CALCULATED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*'
    rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_DATES_OF_1904 = re.compile(rb'<workbookPr\b[^>]*\bdate1904="(?:1|true)"')
Merged = tuple[tuple[int, int], tuple[int, int]]


class Refused(Exception):
    """The message says what to do: a template and its fields, for who reads it to say it in their language."""

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template)
        self.template = template
        self.fields = fields


def main() -> int:
    _bounded()
    path, wanted = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    try:
        lines = _lines(path, wanted)
        for line in lines:
            sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
        sys.stdout.buffer.flush()
    except Refused as refused:
        return _refuse(refused.template, **refused.fields)
    except python_calamine.PasswordError:
        return _refuse("the workbook is protected by a password; save it without one")
    except (python_calamine.CalamineError, OSError, zipfile.BadZipFile) as error:
        return _refuse("the workbook cannot be opened: {error}; save it as XLSX and try again", error=str(error))
    return 0


def _refuse(template: str, **fields: object) -> int:
    sys.stdout.buffer.flush()
    sys.stderr.buffer.write(b"\n" + orjson.dumps({"refused": template, "fields": fields}) + b"\n")
    return REFUSED


def _bounded() -> None:
    bounds = (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, OUTPUT)
    for what, most in (*bounds, (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # not everywhere is there each of them
            resource.setrlimit(what, (most, most))


def _lines(path: Path, wanted: str | None) -> Iterator[Any]:
    parts = _parts(path)
    with python_calamine.load_workbook(path) as workbook:
        name, others = _sheet_name(workbook, wanted)
        sheet = workbook.get_sheet_by_name(name)
        merged = [found for found in sheet.merged_cell_ranges or [] if found[0] != found[1]]
        yield {
            "sheet": name,
            "others": others,
            "from_1904": parts is not None and _says(path, "xl/workbook.xml", _DATES_OF_1904),
            "not_calculated": _not_calculated(path, workbook.sheet_names.index(name)) if parts else [],
        }
        yield from _rows(sheet, merged)


def _parts(path: Path) -> list[str] | None:
    """The parts of a zip file, None if it is none. Raises `Refused` for one that would unpack to too much."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as package:
        listed = package.infolist()
        unpacked = sum(part.file_size for part in listed)
    if len(listed) > PARTS or unpacked > UNPACKED:
        raise Refused(
            "the workbook unpacks to {size} MB, at most {most} are read; save the rows as CSV, or as several workbooks",
            size=f"{unpacked // 1024 // 1024:,}",
            most=UNPACKED // 1024 // 1024,
        )
    return [part.filename for part in listed]


def _sheet_name(workbook: python_calamine.CalamineWorkbook, wanted: str | None) -> tuple[str, list[str]]:
    """The sheet that was asked for, or the first one that is seen and has rows; and the others that have."""
    tables = [about for about in workbook.sheets_metadata if about.typ == python_calamine.SheetTypeEnum.WorkSheet]
    names = [about.name for about in tables]
    if wanted is not None:
        if wanted in names:
            return wanted, []
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(names):
            return names[int(wanted) - 1], []
        sheets = ", ".join(names) or "-"
        raise Refused("there is no sheet '{wanted}'; the sheets are {sheets}", wanted=wanted[:40], sheets=sheets)
    seen = [about.name for about in tables if about.visible == python_calamine.SheetVisibleEnum.Visible] or names
    if not seen:
        raise Refused("the workbook has no sheet with cells")
    filled = [name for name in seen if len(seen) == 1 or workbook.get_sheet_by_name(name).start is not None]
    return (filled or seen)[0], filled[1:]


def _rows(sheet: python_calamine.CalamineSheet, merged: list[Merged]) -> Iterator[Any]:
    """The rows that hold something, merged cells filled with what stands in the first of them."""
    begins: dict[int, list[Merged]] = {}
    for each in merged:
        begins.setdefault(each[0][0], []).append(each)
    left = sheet.start[1] if sheet.start else 0
    top = sheet.start[0] if sheet.start else 0
    open_ranges: list[tuple[Merged, Any]] = []
    for number, read in enumerate(sheet.iter_rows(), start=top):
        cells: list[Any] = [""] * left + [_plain(cell) for cell in read]
        filled = [at for at, cell in enumerate(cells) if cell != ""]
        starting = begins.get(number, [])
        across = len(filled) == 1 and any(one[0][1] == filled[0] < one[1][1] for one in starting)
        open_ranges = [one for one in open_ranges if one[0][1][0] >= number]
        open_ranges += [(one, cells[one[0][1]] if one[0][1] < len(cells) else "") for one in starting]
        for (first, last), value in open_ranges:
            for at in range(first[1], min(last[1] + 1, len(cells))):
                cells[at] = cells[at] if cells[at] != "" else value
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield [number + 1, cells, across]


def _plain(cell: Any) -> Any:
    """For JSON: text and numbers as they are, what has a type of its own as `{type: text}`."""
    match cell:
        case bool():
            return str(cell).upper()
        case str():
            return cell.strip()
        case datetime() | date() | time():
            return {"at": cell.isoformat()}
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return {"at": f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"}
        case _:
            return cell


def _says(path: Path, part: str, what: re.Pattern[bytes]) -> bool:
    with zipfile.ZipFile(path) as package:
        if part not in package.namelist():
            return False
        with package.open(part) as read:
            return what.search(read.read(CHUNK)) is not None


def _not_calculated(path: Path, index: int) -> list[str]:
    """The cells of an XLSX sheet with a formula and no result: a program wrote it, no spreadsheet has opened it."""
    found: list[str] = []
    with zipfile.ZipFile(path) as package:
        part = _part_of_sheet(package, index)
        if part is None:
            return found
        with package.open(part) as read:
            rest = b""
            while (chunk := read.read(CHUNK)) and len(found) < UNCALCULATED_SHOWN:
                text = rest + chunk
                if b"<f" in text:
                    found += [match[1].decode() for match in _NOT_CALCULATED.finditer(text)]
                    rest = text[text.rfind(b"<c ") :][:CHUNK]
                else:
                    rest = text[-4096:]
    return list(dict.fromkeys(found))


def _part_of_sheet(package: zipfile.ZipFile, index: int) -> str | None:
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    with package.open("xl/workbook.xml") as read:
        ids = re.findall(rb'<(?:\w+:)?sheet\b[^>]*\br?\w*:?id="([^"]+)"', read.read(CHUNK))
    with package.open("xl/_rels/workbook.xml.rels") as read:
        links = re.findall(rb"<Relationship\b[^>]*>", read.read(CHUNK))
    targets = {_attribute(link, b"Id"): _attribute(link, b"Target") for link in links}
    target = targets.get(ids[index].decode(), "") if index < len(ids) else ""
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1].decode("utf-8", "replace") if found else ""


if __name__ == "__main__":
    sys.exit(main())
