"""A request of Open311 as a submission to intake: what its parameters become."""

import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from linli.contracts.kinds import Language
from portal.open311.errors import bad, missing
from portal.open311.parameters import Parameters

NOT_PINPOINTED = "#NOTPINPOINTED#"
"""FixMyStreet's word for a place that its user has not pointed out."""
SENT_AS = "fixmystreet_id"
NEIGHBOURHOOD = "neighbourhood"
MOST_ATTRIBUTES = 20
MOST_LETTERS = 200
MOST_TITLE = 200
MOST_OF_A_NAME = 80
MOST_WHOLE = 2**53 - 1
"""What a number in JSON carries without loss."""
DIFFERENT = "different"
"""Says that it is not the outage that is known there, but something else."""
_OWN = frozenset({"title", "description", NEIGHBOURHOOD, DIFFERENT})
"""Attributes that are fields of a submission."""
MEDIA = "media_url_"
"""How the attributes begin that hold addresses of pictures: nobody else may write them."""
_NOT_A_NAME = re.compile(r"[^a-z0-9_.-]+")
_HEADING = re.compile(r"^(?:title|标题)\s*[:：]\s*", re.IGNORECASE)


def submission(
    parameters: Parameters, service: Mapping[str, Any], community: str, language: Language | None
) -> dict[str, Any]:
    """The body for intake. Raises 400 for what is not complete or no place."""
    attributes = parameters.attributes()
    fitting, beside = _kept(attributes, service["questions"], parameters)
    description = parameters.get("description") or next(iter(attributes.get("description", [])), "")
    title = (next(iter(attributes.get("title", [])), None) or _first_line(description) or service["name"])[:MOST_TITLE]
    text = "\n\n".join(filter(None, (description if description != title else "", *beside)))
    found: dict[str, Any] = {
        "kind": service["kind"],
        "channel": "open311",
        "community": community,
        "category": service["code"],
        "title": title,
        "text": text,
        "attributes": fitting,
        **_where(parameters),
    }
    if place := next(iter(attributes.get(NEIGHBOURHOOD, [])), None):
        found[NEIGHBOURHOOD] = place
    if attributes.get(DIFFERENT, [])[:1] == ["true"]:
        found[DIFFERENT] = True
    if reporter := _reporter(parameters, language):
        found["reporter"] = reporter
    return found


def key_of(parameters: Parameters) -> str | None:
    """By what a repetition is recognised, besides who sends it: its sender's own number, if it says one."""
    number = next(iter(parameters.attributes().get(SENT_AS, [])), None) or parameters.get(SENT_AS)
    return f"open311-{sha256(number.encode()).hexdigest()[:40]}" if number else None


def media_of(parameters: Parameters) -> list[str]:
    """Addresses of pictures. They are kept and given back, and not fetched."""
    return [url for url in parameters.all("media_url") if leads_to_web(url)]


def leads_to_web(url: Any) -> bool:
    """Whether it may be given out as an address: `javascript:` and the like may not."""
    return isinstance(url, str) and re.match(r"https?://", url, re.IGNORECASE) is not None


def _first_line(description: str) -> str:
    line = next((line.strip() for line in description.splitlines() if line.strip()), "")
    return _HEADING.sub("", line)


def _where(parameters: Parameters) -> dict[str, Any]:
    lat, lon = parameters.degrees("lat", 90), parameters.degrees("long", 180)
    address, number = parameters.get("address_string"), parameters.get("address_id")
    if (lat is None) != (lon is None):
        raise missing("lat" if lat is None else "long")
    if lat is None and not address and not number:
        raise bad(
            "Say where it is: lat and long, or address_string, or address_id.",
            "请说明位置：lat 和 long，或 address_string，或 address_id。",
        )
    words = [each for each in (address, number) if each and each != NOT_PINPOINTED]
    found: dict[str, Any] = {"place": words[0][:MOST_LETTERS]} if words else {}
    return found | ({"location": {"lon": lon, "lat": lat, "crs": "wgs84"}} if lat is not None else {})


def _reporter(parameters: Parameters, language: Language | None) -> dict[str, Any]:
    """Who asks, where somebody says so. What names their telephone, or their account elsewhere, is not kept."""
    names = [name for part in ("first_name", "last_name") if (name := parameters.get(part))]
    found = {"name": " ".join(names), "email": parameters.get("email"), "phone": parameters.get("phone")}
    reporter: dict[str, Any] = {name: value for name, value in found.items() if value}
    return reporter | ({"language": language.value} if language and reporter else {})


def _kept(
    attributes: Mapping[str, Sequence[str]], questions: Sequence[Mapping[str, Any]], parameters: Parameters
) -> tuple[dict[str, Any], list[str]]:
    """Attributes by name, the known ones first; and what does not fit into any, as lines of text. Nothing is lost."""
    asked = {question["code"]: question for question in questions}
    said = {code: values for code, values in attributes.items() if code not in _OWN}
    pictures = {f"{MEDIA}{number}": [url] for number, url in enumerate(media_of(parameters), 1)}
    fitting: dict[str, Any] = {}
    beside = []
    for code, values in (*sorted(said.items(), key=lambda each: each[0] not in asked), *pictures.items()):
        name, value = _NOT_A_NAME.sub("-", code.lower()).strip("-._"), "; ".join(values)
        ours = pictures.get(code) is values
        if _is_free(name, fitting) and (ours or not name.startswith(MEDIA)) and len(value) <= MOST_LETTERS:
            fitting[name] = _typed(value, asked.get(code))
        else:
            beside.append(f"{code}: {value}")
    return fitting, beside


def _is_free(name: str, taken: Mapping[str, Any]) -> bool:
    return 0 < len(name) <= MOST_OF_A_NAME and name not in taken and len(taken) < MOST_ATTRIBUTES


def _typed(value: str, question: Mapping[str, Any] | None) -> str | bool | int | float:
    """As the rules compare it that ask for it."""
    if question is None:
        return value
    if {each["key"] for each in question["choices"]} == {"true", "false"} and value in {"true", "false"}:
        return value == "true"
    if question["datatype"] == "number":
        return _number(value)
    return value


def _number(text: str) -> str | int | float:
    """What is none, or is too large for JSON or a database, stays text."""
    try:
        number = float(text) if "." in text else int(text)
    except ValueError:
        return text
    fits = math.isfinite(number) if isinstance(number, float) else abs(number) <= MOST_WHOLE
    return number if fits else text
