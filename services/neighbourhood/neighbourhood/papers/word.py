"""A document as DOCX, for an office that still edits it before it hangs. Its fonts are the reader's own."""

from datetime import UTC
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from neighbourhood.papers.document import MOST_ROWS, Block, Document, Facts, Heading, Paragraph, Signatures, Table
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import Says, printable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SONG, LATIN = "宋体", "Times New Roman"
"""What offices there have."""


def docx_of(document: Document) -> bytes:
    """Raises `TooLong`. A thousand rows take a quarter of a second: call it in a thread."""
    if document.rows > MOST_ROWS:
        raise TooLong
    made: Any = docx.Document()
    made.core_properties.title = printable(document.title.zh)
    made.core_properties.author = "Linli 邻里"
    made.core_properties.created = made.core_properties.modified = document.made_at.astimezone(UTC).replace(tzinfo=None)
    _page(made, document)
    title = made.add_heading("", level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _say(title, document.title)
    for block in document.blocks:
        _block(made, block)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Any, document: Document) -> None:
    section = made.sections[0]
    sides = Mm(210), Mm(297)
    section.page_width, section.page_height = sides[::-1] if document.landscape else sides
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    for style in ("Normal", "Title", "Heading 2"):
        font = made.styles[style].font
        font.name = LATIN
        made.styles[style].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    made.styles["Normal"].font.size = Pt(10.5)
    footer = section.footer.paragraphs[0]
    _run(footer, printable(document.footer) + "  ", 8)
    _page_number(footer)


def _block(made: Any, block: Block) -> None:
    match block:
        case Heading(text):
            _say(made.add_heading("", level=2), text)
        case Paragraph(text, strong):
            _say(made.add_paragraph(), text, strong)
        case Facts(rows):
            _table(made, None, rows, (1, 2), ())
        case Table(head, rows, widths, figures):
            _table(made, head, rows, widths, figures)
        case Signatures(lines):
            for line in lines:
                paragraph = made.add_paragraph()
                _say(paragraph, line)
                _run(paragraph, "：________________________    年    月    日")


def _table(
    made: Any,
    head: tuple[Says, ...] | None,
    rows: tuple[tuple[Says, ...], ...],
    widths: tuple[int, ...],
    figures: tuple[int, ...],
) -> None:
    section = made.sections[0]
    whole = section.page_width - section.left_margin - section.right_margin
    every = (*((head,) if head else ()), *rows)
    table = made.add_table(rows=len(every), cols=len(widths))
    table.style = "Table Grid"
    for row, cells in zip(table.rows, every, strict=True):
        for at, (cell, said) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = whole * widths[at] // sum(widths)
            paragraph = cell.paragraphs[0]
            _say(paragraph, said, strong=head is not None and cells is head)
            if at in figures and cells is not head:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if head:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # on each page anew
    made.add_paragraph()


def _say(paragraph: Any, said: Says, strong: bool = False) -> None:
    """Chinese, and the English beside it."""
    zh, en = (said, "") if isinstance(said, str) else said
    _run(paragraph, printable(zh), strong=strong)
    if en:
        _run(paragraph, f"  {printable(en)}", 8.5)


def _run(paragraph: Any, text: str, size: float | None = None, strong: bool = False) -> None:
    run = paragraph.add_run(text)
    run.bold = strong or None
    if size:
        run.font.size = Pt(size)


def _page_number(paragraph: Any) -> None:
    """A field: the reader's program counts the pages."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        paragraph.add_run()._r.append(element)
