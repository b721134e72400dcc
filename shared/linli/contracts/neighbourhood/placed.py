"""What the events of works, covenants and the task force have beside what all affairs have: where, and for whom.

What people wrote travels with telephone numbers and the like masked, and is listed in `WORDS`.
"""

from typing import Annotated

from pydantic import StringConstraints

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Affair
from linli.text.fields import Impersonal, Line, Paragraphs

Title = Annotated[str, Line(200, 1), Impersonal]
FilingNumber = Annotated[str, StringConstraints(pattern=r"^\S{1,100}$")]
"""What an authority calls what was filed with it."""
Words = Annotated[str, Paragraphs(4000, 1), Impersonal]


class PlacedAffair(Affair):
    """An affair of one neighbourhood, done by somebody for a party or for themselves."""

    community: Slug
    neighbourhood: Slug
    party: Slug | None = None
    """For which party they did it; None of a resident, and of a rule."""
