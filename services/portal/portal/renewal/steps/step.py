"""One step of an affair: who may take it and when, what it asks, and what it tells the service."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from portal.addresses import at
from portal.renewal.forms import Field
from portal.renewal.given import StaffVisit
from portal.signin.person import Person

Affair: TypeAlias = Mapping[str, Any]
Body: TypeAlias = dict[str, Any]
HOLD, TAKE_PART = "affairs:hold", "affairs:take-part"


@dataclass(frozen=True, slots=True)
class Known:
    """What a form is made from: the affair as it is now, and what of it the step is about."""

    here: StaffVisit
    affair: Affair
    of: str = ""
    key: str = ""
    """Of the form that was sent."""

    def fresh(self, what: str) -> str:
        """An id for something new, the same each time that this form is sent."""
        return f"{what}-{self.key[:12]}"

    @property
    def today(self) -> str:
        return self.here.visit.office.today.isoformat()

    @property
    def place(self) -> dict[str, Any]:
        return {name: self.affair[name] for name in ("community", "neighbourhood")}

    def at(self, moment: str) -> str:
        """A moment as a field has it, in the office's zone."""
        return datetime.fromisoformat(moment).astimezone(self.here.zone).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True, slots=True)
class Asks:
    """What a step asks for."""

    fields: Sequence[Field] = ()
    follows: str = ""
    """What comes of it, for who is about to take it."""
    also: Mapping[str, Any] = field(default_factory=dict)
    """Of the body, what nobody has to say."""
    made: Callable[[Body], Body] = lambda said: said
    """The body of what was said, where it is not that itself. Raises `Wrong`."""


class Wrong(Exception):
    """What is wrong, by the name of its field."""

    def __init__(self, **faults: str) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is the verb of the service, where `path` or `verb` say nothing else."""

    name: str
    title: Callable[[], str]
    asks: Callable[[Known], Awaitable[Asks]]
    when: Callable[[Affair], bool] = lambda affair: True
    permission: str = HOLD
    of_one: bool = False
    """It is about one thing of the affair, which its address names."""
    path: str = "/v1/{kind}/{id}:{step}"
    verb: str | None = None

    def open_to(self, affair: Affair, person: Person) -> bool:
        """Whether it is worth showing. The service decides."""
        return person.may(self.permission) and self.when(affair)

    def where(self, kind: str, id: str) -> str:
        return at(self.path, kind=kind, id=id, step=self.verb or self.name)


@dataclass(frozen=True, slots=True)
class Kind:
    """The affairs of one kind."""

    name: str
    """As the services' addresses have it."""
    steps: Sequence[Step]
    begin: Step | None = None
    """How a new one begins in a neighbourhood; what it is asked of is the place."""
    home: Callable[[Affair], str] | None = None
    """The page of one."""

    def page_of(self, affair: Affair) -> str:
        return self.home(affair) if self.home else at("/desk/{kind}/{id}", kind=self.name, id=affair["id"])

    def named(self, step: str) -> Step | None:
        return next((each for each in self.steps if each.name == step), None)

    def open_to(self, affair: Affair, person: Person) -> list[Step]:
        """Those of the whole affair."""
        return [each for each in self.steps if not each.of_one and each.open_to(affair, person)]

    def of_one(self, affair: Affair, person: Person) -> set[str]:
        """The names of those of one thing of it."""
        return {each.name for each in self.steps if each.of_one and each.open_to(affair, person)}


def in_state(*states: str) -> Callable[[Affair], bool]:
    return lambda affair: (affair.get("state") or affair.get("stage")) in states


async def just_so(known: Known) -> Asks:
    """A step that asks nothing."""
    return Asks()
