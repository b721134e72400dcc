"""The base of every contract: frozen values, strict when produced, tolerant when consumed."""

from enum import Enum
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationInfo

from linli.contracts.topics import Topic

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
"""An identifier that a clerk may write and a URL may carry: lower-case letters, digits, `.`, `_`, `-`."""


ENTERING: Final = {"entering": True}
"""The context of a validation of what a person puts in force now: stricter than of what was taken before, which must
stay readable for ever."""


def is_entering(info: ValidationInfo) -> bool:
    """Whether a value is put in force now."""
    return bool((info.context or {}).get("entering"))


class Record(BaseModel):
    """A frozen value. An unknown field is an error; a consumer reads with `tolerant`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True, serialize_by_alias=True
    )
    WORDS: ClassVar[frozenset[str]] = frozenset()
    """Fields that hold what people wrote, or lead to a person: an erasure empties them (`contracts/erasure.py`)."""


class Scope(Enum):
    """How much of a subject's data is to be erased."""

    PERSON = "all that people wrote, and what leads to the reporter"
    STAFF = "what staff wrote"
    PART = "what staff wrote in a part of a case: its title and text as well"


DECLARED: dict[str, "type[Event]"] = {}
"""Event types by name, as far as their modules have been imported; `catalogue` imports all."""


class Event(Record):
    """The data of one event, in past tense. `TYPE` follows `linli.<noun>.<past verb>.v<N>`."""

    TYPE: ClassVar[str]
    STAFF_WORDS: ClassVar[frozenset[str]] = frozenset()
    """Those of its `WORDS` that staff wrote, or may have written."""
    FORGETS: ClassVar[Scope | None] = None
    """How much of its story is to be forgotten, of an event that says so."""

    SOURCE: ClassVar[str]
    """Which service says it."""
    TOPIC: ClassVar[Topic]
    """Where it is told."""
    MOST_BYTES: ClassVar[int] = 900_000
    """Of its JSON: below Kafka's default `max.message.bytes`, with room for headers."""

    @property
    def story(self) -> str:
        """Whose story it is a part of: the subject of its envelope, and the key of its record."""
        raise NotImplementedError

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if "TYPE" in vars(cls):
            other = DECLARED.setdefault(cls.TYPE, cls)
            if other is not cls:
                raise TypeError(f"{cls.TYPE} is declared twice: by {other.__name__} and by {cls.__name__}")

    def staff_words(self) -> frozenset[str]:
        """Of this one event, its fields that staff wrote, or may have written."""
        return self.STAFF_WORDS

    def forgets(self) -> Scope | None:
        """How much of its subject's data this event asks to erase."""
        return self.FORGETS

    def words(self, scope: Scope) -> frozenset[str]:
        """Of this one event, the fields that go when so much is forgotten."""
        match scope:
            case Scope.PERSON:
                return self.WORDS
            case Scope.STAFF:
                return self.staff_words()
            case Scope.PART:
                return self.staff_words() | self.WORDS & {"title", "text"}


def tolerant(model: type[Event], value: bytes) -> Event:
    """Read an event's JSON as a consumer does: a field that this version does not know is ignored.

    Raises `pydantic.ValidationError` when a field that it needs is missing or wrong.
    """
    return model.model_validate_json(value, extra="ignore")


def strict_json(event: Event) -> bytes:
    """An event's JSON as a producer writes it; fields that are None are left out to keep records small."""
    return event.model_dump_json(exclude_none=True).encode()
