"""A document of headings, paragraphs, facts and tables: the same values become a PDF and a DOCX."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from neighbourhood.papers.sheet import Sheet, TooLong, sheet
from neighbourhood.papers.text import Both, Says

MOST_ROWS = 5_000
"""In all tables of a document; a longer list is printed building by building."""
TAGGED_ROWS = 500


@dataclass(frozen=True, slots=True)
class Heading:
    KIND: ClassVar[str] = "heading"
    text: Says


@dataclass(frozen=True, slots=True)
class Paragraph:
    KIND: ClassVar[str] = "paragraph"
    text: Says
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, a line each."""

    KIND: ClassVar[str] = "facts"
    rows: tuple[tuple[Says, Says], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are of its columns, as shares; `figures` names the columns with numbers."""

    KIND: ClassVar[str] = "table"
    head: tuple[Says, ...]
    rows: tuple[tuple[Says, ...], ...]
    widths: tuple[int, ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines on which somebody signs."""

    KIND: ClassVar[str] = "signatures"
    lines: tuple[Says, ...]


Block: TypeAlias = Heading | Paragraph | Facts | Table | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """`footer` stands below each page: what the paper is of, by its hash."""

    title: Both
    blocks: tuple[Block, ...]
    footer: str
    made_at: datetime
    landscape: bool = False

    @property
    def rows(self) -> int:
        return sum(len(each.rows) for each in self.blocks if isinstance(each, Table))


def as_sheet(document: Document) -> Sheet:
    """Raises `TooLong`."""
    if document.rows > MOST_ROWS:
        raise TooLong
    words = {
        "title": document.title,
        "footer": document.footer,
        "landscape": document.landscape,
        "blocks": [_block(each) for each in document.blocks],
    }
    return sheet("document", words, document.made_at, tagged=document.rows <= TAGGED_ROWS)


def _block(block: Block) -> dict[str, Any]:
    return {"kind": block.KIND, **asdict(block)}
