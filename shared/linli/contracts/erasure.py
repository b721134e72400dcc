"""An event after an erasure: the facts stay, the text goes."""

from dataclasses import dataclass
from typing import Any, TypeVar

from linli.contracts.base import Event, Record, Scope, strict_json, tolerant
from linli.contracts.catalogue import event_named
from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Language

E = TypeVar("E", bound=Event)

ERASED = {Language.ZH: "（内容已删除）", Language.EN: "(erased)"}
"""Stands where there has to be a text."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """How much of a subject's data is to be erased."""

    scope: Scope
    before: int | None = None
    """The sequence of the event that says so, after which nothing goes; None: it goes from all."""

    def reaches(self, sequence: int | None) -> bool:
        """Whether an event of the story, by its sequence if that is known, loses what it said."""
        return self.before is None or sequence is None or sequence < self.before


def forgetting(event: Envelope[Event]) -> Forgetting | None:
    """What an event says is to be forgotten of its story; None for every other event.

    A person is forgotten in all of it; of what staff wrote goes what they wrote until then.
    """
    scope = event.data.forgets()
    if scope is None:
        return None
    return Forgetting(scope, None if scope is Scope.PERSON else event.sequence)


def erased_text(language: Language) -> str:
    return ERASED[language]


def nobodys_hash(id: str) -> str:
    """In place of a tracking code's hash: unique, as the databases want it, and no code has it."""
    return f"erased:{id}"


def emptied(event: E, scope: Scope) -> E:
    """The event without that much of its text."""
    language = getattr(event, "language", Language.ZH)
    subject = event.story
    return event.model_copy(update={name: _emptied(event, name, language, subject) for name in event.words(scope)})


def value_emptied(type: str, value: bytes, scope: Scope) -> bytes:
    """The same for an event's JSON as it is stored or came from Kafka; empty when it cannot be read."""
    model = event_named(type)
    if model is None:
        return b""
    try:
        return strict_json(emptied(tolerant(model, value), scope))
    except Exception:  # it may be anything that anybody has sent; an erasure takes effect whatever is in its way
        return b""


def _emptied(event: Event, name: str, language: Language, subject: str) -> Any:
    if name == "tracking_hash":
        return nobodys_hash(subject)
    if isinstance(value := getattr(event, name), tuple):  # of records, each of which keeps what nobody wrote
        return tuple(_record_emptied(each, language) for each in value)
    field = type(event).model_fields[name]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return erased_text(language)


def _record_emptied(record: Record, language: Language) -> Record:
    """One of an event's records; of a list in it, each of those."""
    left = {
        name: tuple(_record_emptied(each, language) for each in value)
        if isinstance(value := getattr(record, name), tuple)
        else erased_text(language)
        for name in record.WORDS
    }
    return record.model_copy(update=left)
