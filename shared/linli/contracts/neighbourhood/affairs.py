"""What all events of a place's common affairs have in common. Topic `linli.neighbourhood`, key: the id of what they
tell of (a round, an answer, a notice, a plan), in order of `sequence`.

Households, owners and staff are opaque ids here; no event has a name.
"""

from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from linli.contracts.base import Event, Record
from linli.contracts.topics import Topic

NEIGHBOURHOOD = Topic(name="neighbourhood", key="aggregate's id")
"""The common affairs of a place: rounds, plans, votes, works, covenants."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,119}$")]
"""What a program calls something or somebody; nobody can be read in it."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, in hex."""


class Wording(Record):
    """A text of the office's for all to read. The Chinese one holds; the English one may be missing."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    en: Annotated[str, StringConstraints(max_length=8000)] = ""


class Affair(Event):
    """One thing that happened in a place's common affairs."""

    SOURCE = "linli/neighbourhood"
    TOPIC = NEIGHBOURHOOD

    at: AwareDatetime
    """When it was decided, by the service's clock: what follows from it is counted from here, also in a replay."""
    by: Id
    """Who did it: a member of staff, a household, or `linli` for a rule."""

    @property
    def correlation(self) -> str:
        """What its way through the services is known by: the affair's id, unless it is a part of another."""
        return self.story
