"""What a resident may see of earlier reports: that they exist, and nothing about their reporters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.submissions.domain.known import known_of
from intake.submissions.domain.request import NewMatter, Reporter
from intake.submissions.domain.submission import impersonal
from linli.contracts.kinds import Kind
from linli.text.likeness import Likeness, Matter, most_like

SHOWN_KINDS = (Kind.REPORT, Kind.DEMAND)
"""Never a dispute, which is between people, nor an alarm, which tells how a place is watched."""
SHOWN_FOR = timedelta(days=60)
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier submission as it is compared; of it only kind, neighbourhood, time and masked title are shown."""

    id: str
    """Never shown: who is asked says it by a reference (`same_as.py`)."""
    kind: Kind
    received_at: datetime
    matter: Matter
    reporter: Reporter | None = None
    """Only so that what is known of them can be masked."""

    @property
    def title(self) -> str:
        """As strangers may read it: masked as it travels."""
        return impersonal(self.matter.title, known_of(self.reporter))


def matter_of(new: NewMatter, now: datetime) -> Matter:
    """What somebody is about to report, as it is compared."""
    return Matter(new.title, now, new.text, new.place, new.neighbourhood, new.category, new.location)


def alike(matter: Matter, earlier: Iterable[Earlier]) -> list[tuple[Earlier, Likeness]]:
    """The earlier ones that are likely the same matter, the likeliest first."""
    return most_like(matter, ((each, each.matter) for each in earlier), MOST_SHOWN)
