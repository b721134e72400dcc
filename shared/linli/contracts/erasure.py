"""An event as it is kept when somebody is to be forgotten: what happened stays, what was written goes."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from linli.contracts.base import Event, strict_json, tolerant
from linli.contracts.catalogue import event_named
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseErased, CaseRedacted, CaseSplit

E = TypeVar("E", bound=Event)

ERASED = {Language.ZH: "（内容已删除）", Language.EN: "(erased)"}
"""Stands where there has to be a text."""


class Scope(Enum):
    """What is to be forgotten of a story."""

    PERSON = "all that people wrote, and what leads to the reporter"
    STAFF = "what staff wrote"
    PART = "what staff wrote in a part of a case: its title and text as well"

    def words(self, event: Event) -> frozenset[str]:
        """The fields of an event that go."""
        match self:
            case Scope.PERSON:
                return event.WORDS
            case Scope.STAFF:
                return event.staff_words()
            case Scope.PART:
                return event.staff_words() | event.WORDS & {"title", "text"}


@dataclass(frozen=True, slots=True)
class Forgetting:
    """How much of a story is to be forgotten."""

    scope: Scope
    before: int | None = None
    """The sequence of the event that says so, after which nothing goes; None: it goes from all."""

    def reaches(self, sequence: int | None) -> bool:
        """Whether an event of the story, by its sequence if that is known, loses what it said."""
        return self.before is None or sequence is None or sequence < self.before


def forgetting(event: Envelope[Event]) -> Forgetting | None:
    """What an event says is to be forgotten of its story; None for every other event."""
    match event.data:
        case ResidentErased() | CaseErased():
            return Forgetting(Scope.PERSON)
        case CaseRedacted(part_of=part_of):
            return Forgetting(Scope.PART if part_of else Scope.STAFF, event.sequence)
        case _:
            return None


def erased_text(language: Language) -> str:
    return ERASED[language]


def nobodys_hash(id: str) -> str:
    """In place of a tracking code's hash: unique, as the databases want it, and no code has it."""
    return f"erased:{id}"


def emptied(event: E, scope: Scope) -> E:
    """The event without so much of what it said."""
    language = getattr(event, "language", Language.ZH)
    subject = event.story
    return event.model_copy(update={name: _emptied(event, name, language, subject) for name in scope.words(event)})


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
    if isinstance(event, CaseSplit) and name == "parts":
        nothing = dict.fromkeys(("what", "title"), erased_text(language))
        return tuple(part.model_copy(update=nothing) for part in event.parts)
    field = type(event).model_fields[name]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return erased_text(language)
