"""A delivery's text: a letter or a text message in the recipient's language, or the body of a webhook."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import orjson

from linli.contracts.kinds import Kind, Language
from notify.deliveries.affair_words import affair_words, bulletin_words
from notify.deliveries.changes import changes
from notify.deliveries.domain.deliveries import Delivery
from notify.deliveries.names import HEADINGS, KINDS, OWED, TIMES, WAITING
from notify.deliveries.short import PARTY_AT_MOST, cut, fitted, harmless, without_links
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import ABOUT_PARTNERS, OF_BULLETINS, NoticeKind

SUBJECT_AT_MOST = 120
RULE = "rule"
"""Which row of `affair_rules` a letter says; no field of its event."""
FROM_THE_REPORTER = frozenset(
    {
        NoticeKind.PARTY_NOT_SATISFIED,
        NoticeKind.NODE_NOT_SATISFIED,
        NoticeKind.PARTY_WITHDRAWN,
        NoticeKind.PARTY_SUPPLEMENTED,
        NoticeKind.PARTY_FEWER_WAIT,
    }
)
"""Of these the message is a resident's, and not staff's."""
JOINED_AT_MOST = 10
"""Cases that a letter names of those that have joined another."""
LISTED_AT_MOST = 50
"""Cases that a digest lists; of the rest it says how many."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The addressee of a letter. The tracking code and its link are for residents."""

    name: str | None
    language: Language
    code: str | None = None
    link: str | None = None
    answered: bool = False
    """Whether somebody reads what is answered to a letter."""
    letters: str | None = None
    """Where a resident says whether letters are welcome."""
    quoted: bool = True
    """Whether the reporter's own words may go there: anybody may leave another's address."""
    photos: int = 0
    """How many the reporter has sent, where the recipient may see them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's words; the subject is one line."""

    language: Language
    subject: str
    text: str
    html: str
    stop: str | None = None
    """Where who gets it can say that no more are to come."""


class _Templates(jinja2.Environment):
    """With globals that are one dictionary: the library's own are three, copied for each of a letter's seven parts."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


_TEMPLATES = _Templates(
    loader=jinja2.PackageLoader("notify.deliveries"),
    autoescape=jinja2.select_autoescape(["html"]),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def letter(delivery: Delivery, to: Addressee, directory: Directory) -> Letter:
    """The letter of a delivery. In each text template the first line is the subject."""
    if delivery.kind is NoticeKind.AFFAIR:
        return _letter(str(delivery.kind), _of_affair(delivery, to, directory), to)
    if delivery.kind in OF_BULLETINS:
        return _letter(str(delivery.kind), _of_bulletins(delivery, to, directory), to)
    words = _of_partner if delivery.kind in ABOUT_PARTNERS else _words
    return _letter(str(delivery.kind), words(delivery, to, directory), to)


def digest(deliveries: Sequence[Delivery], to: Addressee, directory: Directory) -> Letter:
    """One letter for several deliveries of a kind to one recipient, the oldest first."""
    kind = deliveries[0].kind
    items = [_words(delivery, to, directory) for delivery in deliveries[:LISTED_AT_MOST]]
    words = items[0] | {"items": items, "number": len(deliveries), "more": len(deliveries) - len(items)}
    if kind in HEADINGS[to.language]:
        return _letter("many", words | {"heading": HEADINGS[to.language][kind]}, to)
    return _letter(f"{kind}_digest", words, to)


def _letter(template: str, words: Mapping[str, Any], to: Addressee) -> Letter:
    name = f"{to.language}/{template}"
    subject, _, text = _TEMPLATES.get_template(f"{name}.txt").render(words).partition("\n")
    text += "\n\n" + _TEMPLATES.get_template(f"{to.language}/_footer.txt").render(words)
    html = _TEMPLATES.get_template(f"{name}.html").render(words)
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return Letter(to.language, _shortened(subject), text, html, to.letters)


def text_message(delivery: Delivery, to: Addressee, directory: Directory) -> str:
    """The words of a text message, in two parts at most; the only link in it is ours."""
    words = _words(delivery, to, directory)
    words["party"] = cut(words["party"], PARTY_AT_MOST)
    template = _TEMPLATES.get_template(f"{to.language}/{delivery.kind}.sms")
    return fitted(lambda title: template.render(words | {"title": title}).strip(), words["title"])


def _words(delivery: Delivery, to: Addressee, directory: Directory) -> dict[str, Any]:
    """What the templates may use; all but `message`, `text` and `reason` is one line."""
    facts = delivery.facts

    def named(section: str, field: str) -> str | None:
        name = directory.name(section, facts.get(field), to.language)
        return name and _line(name)

    def local(field: str) -> str | None:
        if field not in facts:
            return None
        moment = datetime.fromisoformat(facts[field]).astimezone(ZoneInfo(directory.community.timezone))
        return moment.strftime(TIMES[to.language])

    return {
        "language": to.language.value,
        "answered": to.answered,
        "letters": to.letters,
        "quoted": to.quoted,
        "name": to.name and _line(to.name),
        "recipient": directory.name("party", delivery.party, to.language),
        "code": to.code,
        "link": to.link,
        "case_id": delivery.case_id,
        "title": without_links(_called(delivery)) if to.quoted else _unquoted(delivery, to, directory),
        "kind": KINDS[to.language][Kind(facts["kind"])],
        "place": facts.get("place") and without_links(facts["place"]),
        "party": named("party", "party") or directory.community.name,
        "returned_by": named("party", "returned_by"),
        "missed_by": named("party", "missed_by"),
        "among": [_line(directory.name("party", part["party"], to.language) or "") for part in facts.get("parts", ())],
        "neighbourhood": named("neighbourhood", "neighbourhood"),
        "category": named("category", "category"),
        "called": local("submitted_at"),
        "outside": facts.get("external_id"),
        "accept_by": local("accept_by"),
        "resolve_by": local("resolve_by"),
        "owed": OWED[to.language].get(facts.get("deadline", "")),
        "due": local("due"),
        "act_by": local("act_by"),
        "decide_by": local("decide_by"),
        "message": harmless(facts.get("message")) if delivery.kind in FROM_THE_REPORTER else facts.get("message"),
        "text": harmless(facts.get("text")),
        "reason": facts.get("reason"),
        "binding": facts.get("binding", False),
        "photos": len(facts.get("evidence", ())),
        "sent_photos": to.photos,
        "why": facts.get("reason"),
        "waiting": WAITING[to.language].get(facts.get("waiting_for", "")),
        "residents": 1 + len(facts.get("also", ())),
        "joined": [each for each in (facts.get("joined"), *facts.get("also", ())) if each][:JOINED_AT_MOST],
        "parted": facts.get("parted"),
        "changes": changes(facts, directory, to.language),
        **{answer: facts.get(answer) for answer in ("contacted", "solved", "satisfied")},
    }


def _of_partner(delivery: Delivery, to: Addressee, directory: Directory) -> dict[str, Any]:
    """The same of what is told of a partner's system: no case and nobody's words."""
    facts = delivery.facts
    zone = ZoneInfo(directory.community.timezone)

    def local(name: str) -> str | None:
        moment = facts.get(name)
        return moment and datetime.fromisoformat(moment).astimezone(zone).strftime(TIMES[to.language])

    return {
        "language": to.language.value,
        "answered": to.answered,
        "letters": to.letters,
        "quoted": to.quoted,
        "recipient": directory.name("party", delivery.party, to.language),
        "partner": _line(directory.name("party", facts["partner"], to.language) or ""),
        "partner_id": facts["partner"],
        "since": local("since"),
        "until": local("until"),
        "why": facts.get("reason"),
        "number": facts.get("number"),
    }


def _of_affair(delivery: Delivery, to: Addressee, directory: Directory) -> dict[str, Any]:
    """The same of what is told of common affairs: what the row of its event says."""
    return affair_words(delivery, to.language, directory) | {
        "language": to.language.value,
        "answered": to.answered,
        "letters": to.letters,
        "quoted": to.quoted,
        "recipient": directory.name("party", delivery.party, to.language),
    }


def _of_bulletins(delivery: Delivery, to: Addressee, directory: Directory) -> dict[str, Any]:
    """The same to a resident who reads a neighbourhood's bulletins, or is asked whether they are welcome."""
    said = bulletin_words(delivery, to.language, directory) if delivery.kind is NoticeKind.BULLETIN else {}
    return said | {
        "language": to.language.value,
        "answered": to.answered,
        "letters": to.letters,
        "quoted": True,
        "neighbourhood": directory.name("neighbourhood", delivery.facts.get("neighbourhood"), to.language),
        "link": to.link,
    }


def _called(delivery: Delivery) -> str:
    """The matter's title; in what goes to its reporter the reporter's own, whatever staff have made of it."""
    own = delivery.facts.get("reported_title") if delivery.party is None else None
    return str(own or delivery.facts["title"])


def _unquoted(delivery: Delivery, to: Addressee, directory: Directory) -> str:
    """What a matter is called where its title is not to be quoted."""
    where = directory.name("neighbourhood", delivery.facts.get("neighbourhood"), to.language)
    kind = KINDS[to.language][Kind(delivery.facts["kind"])]
    where = where or directory.community.name
    return f"{_line(where)}的{kind}" if to.language is Language.ZH else f"{kind} ({_line(where)})"


def webhook_body(delivery: Delivery) -> bytes:
    """The body of a webhook as Standard Webhooks has it, the same at every try."""
    without = {RULE} if delivery.kind is NoticeKind.AFFAIR else set()
    data = {name: value for name, value in delivery.facts.items() if name not in without}
    return orjson.dumps(
        {"type": delivery.event_type, "timestamp": delivery.event_time, "data": data},
        option=orjson.OPT_UTC_Z,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortened(subject: str) -> str:
    line = _line(subject)
    return line if len(line) <= SUBJECT_AT_MOST else line[: SUBJECT_AT_MOST - 1] + "…"
