"""Sets one sheet in type. `python -m neighbourhood.papers.setting BYTES SECONDS` does it in a process of its own.

A line of JSON says which template, when it was made and whether it is tagged; what stands in it follows. The PDF goes
to stdout; a sheet that cannot be set ends the process without a word, for an error would quote what stands in it.

A template never runs what it is given: words come in as data, and only letters, figures and pictures of ours are drawn.
Fonts are embedded, as far as they are used, so a paper looks the same on every machine.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

from linli.confined.child import confine
from neighbourhood.papers.qr import svg_of
from neighbourhood.papers.sheet import LARGEST, Sheet

TEMPLATES = Path(__file__).parent / "templates"
MOST_IN = LARGEST + 4096


def set_in_type(sheet: Sheet, format: Literal["pdf", "png"] = "pdf") -> list[bytes]:
    """The PDF, or a picture of each page."""
    made = typst.compile(
        str(TEMPLATES / f"{sheet.template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
        ignore_system_fonts=True,
        format=format,
        sys_inputs={"words": _with_codes(sheet.words)},
        timestamp=int(sheet.made_at.timestamp()),
        pdf_tags=sheet.tagged,
    )
    return made if isinstance(made, list) else [made]


def _with_codes(words: bytes) -> str:
    """With a picture in the place of each link."""
    if b'"link":' not in words:
        return words.decode()
    return json.dumps(_drawn(json.loads(words)), ensure_ascii=False)


def _drawn(value: Any) -> Any:
    match value:
        case {"link": str(link)} if len(value) == 1:
            return svg_of(link)
        case dict():
            return {name: _drawn(each) for name, each in value.items()}
        case list():
            return [_drawn(each) for each in value]
        case _:
            return value


def packed(sheet: Sheet) -> bytes:
    """As it goes to the process."""
    head = {"template": sheet.template, "made_at": int(sheet.made_at.timestamp()), "tagged": sheet.tagged}
    return json.dumps(head).encode() + b"\n" + sheet.words


def unpacked(work: bytes) -> Sheet:
    head, _, words = work.partition(b"\n")
    about = json.loads(head)
    return Sheet(about["template"], words, datetime.fromtimestamp(about["made_at"], UTC), about["tagged"])


def main() -> None:
    """For one sheet."""
    confine(int(sys.argv[1]), int(sys.argv[2]))
    [pdf] = set_in_type(unpacked(sys.stdin.buffer.read(MOST_IN)))
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
