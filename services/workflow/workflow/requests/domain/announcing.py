"""Which announcements a neighbourhood's residents read today."""

from collections.abc import Iterable, Iterator
from datetime import date

from linli.contracts.workflow.community import Announcement


def shown_there(announcements: Iterable[Announcement], neighbourhood: str, today: date) -> Iterator[Announcement]:
    """The newest first."""
    for each in sorted(announcements, key=lambda each: each.since, reverse=True):
        there = not each.neighbourhoods or neighbourhood in each.neighbourhoods
        if there and each.since <= today and (each.until is None or today <= each.until):
            yield each
