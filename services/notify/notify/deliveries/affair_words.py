"""What a letter about common affairs says: the row of its event, with days and times as people write them."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.contracts.catalogue import event_named
from linli.contracts.kinds import Language
from notify.deliveries.domain.deliveries import Delivery
from notify.deliveries.names import DAYS, TIMES
from notify.notices.domain.affair_rules import AFFAIR_RULES, AffairRule
from notify.notices.domain.bulletin_rules import BULLETIN_RULES, BulletinRule
from notify.notices.domain.directory import Directory

_DAY, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT.+")


def affair_words(delivery: Delivery, language: Language, directory: Directory) -> dict[str, Any]:
    """What the template may use: what is said, in one line, and the words below it."""
    return _words(delivery, AFFAIR_RULES[_kind(delivery)][delivery.facts["rule"]], language, directory)


def bulletin_words(delivery: Delivery, language: Language, directory: Directory) -> dict[str, Any]:
    """The same to a reader of bulletins."""
    return _words(delivery, BULLETIN_RULES[_kind(delivery)], language, directory)


def _kind(delivery: Delivery) -> Any:
    kind = event_named(delivery.event_type)
    assert kind is not None, "it was written by a row of it"
    return kind


def _words(
    delivery: Delivery, rule: AffairRule | BulletinRule, language: Language, directory: Directory
) -> dict[str, Any]:
    zone = ZoneInfo(directory.community.timezone)
    values = {name: _written(value, language, zone) for name, value in delivery.facts.items()}
    values["neighbourhood"] = directory.name("neighbourhood", delivery.facts.get("neighbourhood"), language)
    quoted = delivery.facts.get(rule.quotes) if rule.quotes else None
    return {"said": rule.says(language).format_map(_Known(values)), "words": _listed(quoted)}


class _Known(dict[str, Any]):
    """What an event from before does not say is left out."""

    def __missing__(self, _: str) -> str:
        return "…"


def _written(value: Any, language: Language, zone: ZoneInfo) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value).strftime(DAYS[language])
    if isinstance(value, str) and _TIME.fullmatch(value):
        return datetime.fromisoformat(value).astimezone(zone).strftime(TIMES[language])
    return " ".join(value.split()) if isinstance(value, str) else value


def _listed(quoted: Any) -> str | None:
    """An agenda is a list of items with titles."""
    if isinstance(quoted, list):
        return "\n".join(f"{number}. {each['title']}" for number, each in enumerate(quoted, start=1))
    return quoted or None
