"""A neighbourhood's news as feeds: Atom (RFC 4287) and JSON Feed 1.1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.pages.language import gettext
from portal.residents.naming import called

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news."""

    id: str
    title: str
    text: str
    at: datetime
    """When it last changed."""


def entries_of(
    place: Mapping[str, Any], outages: Sequence[Mapping[str, Any]], requests: Sequence[Mapping[str, Any]]
) -> list[Entry]:
    """The newest first."""
    english = ANSWER_IN.get() is Language.EN
    found = [
        Entry(f"announcement:{each['id']}", called(each, "title"), called(each, "text"), _read(each["since"]))
        for each in place["announcements"]
    ]
    for each in outages:
        text = each["text_en" if english else "text_zh"]
        found.append(Entry(f"outage:{each['party']}/{each['outage_id']}", text, text, _read(each["updated_at"])))
    for each in requests:
        service = called(each, "service") or gettext("Not named")
        standing = each["standing_en" if english else "standing"]
        found.append(Entry(f"request:{each['id']}", f"{service} · {standing}", standing, _read(each["updated_at"])))
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def atom(title: str, page: str, own: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """`page` is where people read the same, `own` where the feed is."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    newest = max((each.at for each in entries), default=now)
    for name, text in (("id", page), ("title", title), ("updated", _written(newest))):
        ET.SubElement(feed, f"{{{ATOM}}}{name}").text = text
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=own)
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="alternate", href=page)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    ET.SubElement(author, f"{{{ATOM}}}name").text = gettext("Linli")
    for each in entries:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        told = (("id", f"{page}#{each.id}"), ("title", each.title), ("updated", _written(each.at)))
        for name, text in (*told, ("content", each.text)):
            ET.SubElement(entry, f"{{{ATOM}}}{name}").text = _plain(text)
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=page)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(title: str, page: str, own: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": page,
        "feed_url": own,
        "language": ANSWER_IN.get().value,
        "items": [
            {
                "id": f"{page}#{each.id}",
                "url": page,
                "title": each.title,
                "content_text": each.text,
                "date_modified": _written(each.at),
            }
            for each in entries
        ],
    }


def _plain(text: str) -> str:
    """What XML 1.0 may hold."""
    return "".join(each for each in text if each.isprintable() or each in "\t\n")


def _read(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
