"""Papers, and how they are read back: their words, their fonts, the QR codes on them as a phone's camera has them."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.rounds import Option, Question, QuestionKind
from neighbourhood.papers.letters import Door, RoundLetters
from neighbourhood.papers.setting import set_in_type
from neighbourhood.papers.sheet import Sheet
from neighbourhood.papers.text import Both
from tests.support.builders import ZONE

LINK = "https://linli.example/a/"


def printed(sheet: Sheet) -> PdfReader:
    [pdf] = set_in_type(sheet)
    return PdfReader(BytesIO(pdf))


def pages(pdf: PdfReader) -> list[str]:
    """The words of each page, without white space."""
    return [squeezed(page.extract_text()) for page in pdf.pages]


def words(sheet: Sheet) -> str:
    return "".join(pages(printed(sheet)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def fonts(pdf: PdfReader) -> set[tuple[str, bool]]:
    """Each font's name, and whether it is in the file."""
    found = set()
    for page in pdf.pages:
        named: Any = page["/Resources"]
        for font in named.get("/Font", {}).values():
            [inner] = font.get_object()["/DescendantFonts"]
            about = inner.get_object()["/FontDescriptor"].get_object()
            embedded = any(name in about for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            found.add((str(about["/FontName"]).partition("+")[2], embedded))
    return found


def is_read_aloud(pdf: PdfReader) -> bool:
    """Whether it is tagged, and in which language it is known."""
    root: Any = pdf.trailer["/Root"]
    return bool(root.get("/MarkInfo", {}).get("/Marked")) and root.get("/Lang") == "zh-CN"


def qr_codes(sheet: Sheet) -> list[list[str]]:
    """What each page's QR codes say."""
    pictures = [Image.open(BytesIO(png)) for png in set_in_type(sheet, "png")]
    return [[each.text for each in zxingcpp.read_barcodes(picture)] for picture in pictures]


def asked(id: str, kind: QuestionKind, zh: str, en: str = "", **other: object) -> Question:
    options = () if kind in {QuestionKind.SCALE, QuestionKind.TEXT} else ("加装电梯", "修路")
    chosen = tuple(Option(id=f"o{at}", text=Wording(zh=each)) for at, each in enumerate(options))
    said = {"id": id, "kind": kind, "text": Wording(zh=zh, en=en), "options": chosen, **other}
    return Question.model_validate(said)


def a_stairwell(doors: int = 3, title: str = "“一小区一方案”需求征集") -> RoundLetters:
    return RoundLetters(
        title=Both(title, "What does our yard need?"),
        about=Both("请告诉我们最需要改造什么。", "Tell us what to renew first."),
        neighbourhood=Both("槐荫里", "Huaiyinli"),
        office=Both("居委会一楼，工作日 9:00–17:00，电话 0532-00000000。", "Committee, ground floor."),
        address="https://linli.example/a",
        closes_at=datetime(2026, 11, 16, tzinfo=ZONE),
        zone=ZONE,
        questions=(
            asked("first", QuestionKind.SINGLE, "最需要什么？", "What first?"),
            asked("all", QuestionKind.MULTIPLE, "还需要什么？", most=2),
            asked("now", QuestionKind.SCALE, "现在满意吗？", least=1, most=5),
            asked("order", QuestionKind.RANKING, "先做什么？"),
            asked("else", QuestionKind.TEXT, "其他需求", needs=True),
        ),
        digest="5" * 64,
        doors=tuple(Door(f"3号楼1单元{at}01", f"k7qmx2p{at}", f"{LINK}k7qmx2p{at}") for at in range(1, doors + 1)),
        printed_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
    )
