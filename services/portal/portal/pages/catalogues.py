"""Brings catalogues in line with what templates and code say: `python -m portal.pages.catalogues [--write]`.

English stands in the templates, Chinese in `<face>/zh_CN.po`. Only what `pages` says is shared: the same English may be
another thing at another face. Without `--write` it says what is missing or left over.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.pages import language
from portal.pages.rendering import PORTAL

METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
]
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
SHARED = PORTAL / language.SHARED


def faces() -> list[Path]:
    """Each face that says something."""
    return sorted({path.parent for path in PORTAL.glob("*/templates")})


def said_by(face: Path) -> Catalog:
    """What a face says, as a catalogue without translations."""
    catalog = Catalog(locale="zh_CN", charset="utf-8")
    for name, line, message, _, context in extract_from_dir(
        face, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=(), directory_filter=lambda _: True
    ):
        catalog.add(message, None, [(name, line)], context=context)
    return catalog


def kept_by(face: Path) -> Catalog:
    path = face / "zh_CN.po"
    with io.BytesIO(path.read_bytes() if path.exists() else b"") as file:
        return read_po(file, locale="zh_CN")


def faults() -> list[str]:
    """What is not translated, and what is translated and said nowhere."""
    wrong = []
    translated = {face: kept_by(face) for face in faces()}
    for face in faces():
        said = {message.id for message in said_by(face) if message.id}
        known = {m.id for each in (face, SHARED) for m in translated[each] if m.id and m.string}
        wrong += [f"{face.name}: not translated: {_shown(each)}" for each in sorted(said - known, key=_shown)]
        kept = {message.id for message in translated[face] if message.id}
        wrong += [f"{face.name}: said nowhere: {_shown(each)}" for each in sorted(kept - said, key=_shown)]
    return wrong


def write() -> None:
    """Add what is missing, untranslated, and take away what nobody says."""
    shared = {m.id for m in kept_by(SHARED) if m.id and m.string}
    for face in faces():
        said, kept = said_by(face), kept_by(face)
        catalog = Catalog(locale="zh_CN", charset="utf-8", fuzzy=False)
        for message in said:
            if not message.id:
                continue
            old = kept.get(message.id)
            if old is None and message.id in shared:
                continue
            catalog.add(message.id, old.string if old else None)
        with (face / "zh_CN.po").open("wb") as file:
            write_po(file, catalog, omit_header=True, sort_output=True, width=120)


def _shown(message: object) -> str:
    return message[0] if isinstance(message, tuple) else str(message)


def main() -> None:
    if "--write" in sys.argv[1:]:
        write()
    if wrong := faults():
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
