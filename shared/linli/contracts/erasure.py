"""An event as it is kept when the person it tells of is to be forgotten: what happened stays, what was written goes."""

from typing import Any, TypeVar

from linli.contracts.base import Event, strict_json, tolerant
from linli.contracts.case import CaseErased, CaseEvent, CaseSplit
from linli.contracts.catalogue import BY_TYPE
from linli.contracts.kinds import Language
from linli.contracts.submission import ResidentErased, Submitted

E = TypeVar("E", bound=Event)

ERASED = {Language.ZH: "（内容已删除）", Language.EN: "(erased)"}
"""Stands where there has to be a text."""
ERASURES = (ResidentErased, CaseErased)
"""Events that say: forget."""


def erased_text(language: Language) -> str:
    return ERASED[language]


def nobodys_hash(id: str) -> str:
    """In place of a tracking code's hash: unique, as the databases want it, and no code has it."""
    return f"erased:{id}"


def without_person(event: E) -> E:
    """The event with the fields that its type calls `WORDS` emptied."""
    language = getattr(event, "language", Language.ZH)
    subject = _subject(event)
    emptied = {name: _emptied(event, name, language, subject) for name in type(event).WORDS}
    return event.model_copy(update=emptied)


def value_without_person(type: str, value: bytes) -> bytes:
    """The same for an event's JSON as it is stored or came from Kafka; empty when it cannot be read."""
    model = BY_TYPE.get(type)
    if model is None:
        return b""
    try:
        return strict_json(without_person(tolerant(model, value)))
    except ValueError:
        return b""


def _emptied(event: Event, name: str, language: Language, subject: str) -> Any:
    if name == "tracking_hash":
        return nobodys_hash(subject)
    if isinstance(event, CaseSplit) and name == "parts":
        nothing = dict.fromkeys(("what", "title"), erased_text(language))
        return tuple(part.model_copy(update=nothing) for part in event.parts)
    field = type(event).model_fields[name]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return erased_text(language)


def _subject(event: Event) -> str:
    match event:
        case Submitted():
            return event.submission_id
        case CaseEvent():
            return event.case_id
        case _:
            return ""
