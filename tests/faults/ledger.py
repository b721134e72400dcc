"""What the harness knows for itself: what it asked, what it was answered, what reached its sinks."""

import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

ALPHABET = str.maketrans("0123456789abcdef", "ghjkmnpqrsabcdef")


def new_key() -> str:
    """A key that is also written into the title: letters alone, since digits may be masked on the way."""
    return uuid4().hex.translate(ALPHABET)


@dataclass(slots=True)
class Entry:
    """One key, whatever was answered to it."""

    key: str
    mail: bool
    """Whether its reporter left an address."""
    sent: float
    """Monotonic, of the first try."""
    ids: set[str] = field(default_factory=set)
    """The submissions that a 201 has named; one, if all is well."""


@dataclass(slots=True)
class Ledger:
    """Everything that was asked and answered."""

    entries: dict[str, Entry] = field(default_factory=dict)
    accepted: dict[str, Entry] = field(default_factory=dict)
    """By submission id, for each 201, in the order of the answers."""
    told: set[str] = field(default_factory=set)
    """Stories that the harness itself put on the topic, without intake."""
    acted: dict[str, list[str]] = field(default_factory=dict)
    """Case → the types of the events of actions that were answered with 200."""
    photos: set[tuple[str, str]] = field(default_factory=set)
    """Submission and photo, for each that was answered with 201."""
    poisoned: set[str] = field(default_factory=set)
    """`<service>/<id>` of unreadable records that the harness has published: each reader must have parked its own."""
    statuses: Counter[int] = field(default_factory=Counter)

    def ask(self, mail: bool) -> Entry:
        entry = Entry(new_key(), mail, time.monotonic())
        self.entries[entry.key] = entry
        return entry

    def answered(self, entry: Entry, submission_id: str) -> None:
        entry.ids.add(submission_id)
        self.accepted[submission_id] = entry
