"""A household's answers: as a form names them, and as the service does."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_STEP = re.compile(r"-?\d{1,4}", re.ASCII)
MOST_FIELDS = 60 * 51 + 10
"""Of a form: sixty questions, each with fifty options at most."""


def answers_of(questions: Sequence[Mapping[str, Any]], said: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a form says to each question; nothing of those that were left out."""
    answers = [_answer(each, said) for each in questions]
    return [each for each in answers if len(each) > 1]


def with_photos(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], photos: Sequence[str]
) -> list[dict[str, Any]]:
    """The same answers with the form's photos, at the questions that ask for some, as many as each takes. What is too
    much for all goes to the last, so that it is refused and not lost."""
    found = {each["question"]: dict(each) for each in answers}
    left, asking = list(photos), [each for each in questions if each["photos"]]
    for question in asking:
        most = len(left) if question is asking[-1] else question["photos"]
        if left[:most]:
            found.setdefault(question["id"], {"question": question["id"]})["photos"] = left[:most]
        left = left[most:]
    return list(found.values())


def fields_of(questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The form that says these answers."""
    kinds = {each["id"]: each["kind"] for each in questions}
    fields: dict[str, str] = {}
    for each in answers:
        id, kind = each["question"], kinds.get(each["question"])
        match kind:
            case "single":
                fields |= {f"q-{id}": option for option in each["chosen"]}
            case "multiple":
                fields |= {f"c-{id}-{option}": "yes" for option in each["chosen"]}
            case "ranking":
                fields |= {f"r-{id}-{option}": str(place) for place, option in enumerate(each["chosen"], start=1)}
            case "scale":
                fields |= {f"q-{id}": str(each["value"])} if each["value"] is not None else {}
            case _:
                pairs = {f"q-{id}": each["text"], f"place-{id}": each["place"]}
                fields |= {name: text for name, text in pairs.items() if text}
                fields |= {f"consent-{id}": "yes"} if each["consent"] else {}
    return fields


def said_before(view: Mapping[str, Any]) -> dict[str, str]:
    """The form that says what a household has answered."""
    return fields_of(view["questions"], view["answers"])


def _answer(question: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    id, kind = question["id"], question["kind"]
    answer: dict[str, Any] = {"question": id}
    one = said.get(f"q-{id}", "")
    options = [each["id"] for each in question["options"]]
    match kind:
        case "single" if one in options:
            answer["chosen"] = [one]
        case "multiple" if chosen := [each for each in options if f"c-{id}-{each}" in said]:
            answer["chosen"] = chosen
        case "ranking" if ranked := _ranked(id, options, said):
            answer["chosen"] = ranked
        case "scale" if _STEP.fullmatch(one):
            answer["value"] = int(one)
        case "text" if one:
            answer["text"] = one
            if place := said.get(f"place-{id}"):
                answer["place"] = place
            if f"consent-{id}" in said:
                answer["consent"] = True
    return answer


def _ranked(id: str, options: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Those that have a place, by it; of two with the same place the one that stands first in the question."""
    places = {each: said.get(f"r-{id}-{each}", "") for each in options}
    known = {each: int(place[:3]) for each, place in places.items() if place.isascii() and place.isdecimal()}
    return sorted(known, key=lambda each: known[each])
