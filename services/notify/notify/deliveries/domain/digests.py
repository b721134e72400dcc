"""Several notices of one kind to one recipient in one letter, so that an import does not flood anybody.

Notices of cases that wait for a decision are always gathered. Parties get single letters, unless very many come at
once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from linli.frozen import replace
from notify.deliveries.domain.deliveries import Delivery
from notify.notices.domain.kinds import Channel, NoticeKind

IN_ONE_LETTER = frozenset({NoticeKind.NODE_TRIAGED})
"""Kinds that wait for others of their kind, however few they are."""
MOST = 2_000
"""Notices in one letter."""
MINUTE = timedelta(minutes=1)
"""Within which letters are counted, and for which those that were too many wait at most."""
URGENT = timedelta(hours=1)
"""What is to be done within this, counted from the event, waits for nothing."""

Key: TypeAlias = tuple[str, NoticeKind, str]


def key(delivery: Delivery) -> Key | None:
    """What the notices of one letter share: community, kind, recipient. None for a notice with its own letter."""
    return _alike(delivery) if delivery.together else None


@dataclass(slots=True)
class Bursts:
    """How many letters of one kind each party was written within a minute, as one process sees it.

    Of more than `at_once` the rest comes in one letter; 0: each by itself, however many they are.
    """

    at_once: int
    _begun: dict[Key, datetime] = field(default_factory=dict)
    _letters: dict[Key, int] = field(default_factory=dict)

    def too_many(self, delivery: Delivery) -> bool:
        """Count one more, and say whether that is too many."""
        found, now = _alike(delivery), delivery.created_at
        if not now - MINUTE < self._begun.get(found, now - MINUTE) <= now:
            self._begun[found], self._letters[found] = now, 0
        self._letters[found] += 1
        return 0 < self.at_once < self._letters[found]


def made_to_wait(
    deliveries: Iterable[Delivery], bursts: Bursts, quiet: timedelta, at_most: timedelta
) -> list[Delivery]:
    """What came at once, with one of each letter due after `quiet`: that one gathers the others.

    The others come up by themselves only after `at_most`, should it be lost; if all were looked at, and put off, each
    look would cost a write for each that waits.
    """
    begun: set[Key] = set()

    def waiting(delivery: Delivery) -> Delivery:
        if delivery.due_at is None or not _may_wait(delivery, bursts):
            return delivery
        longest = patience(delivery.kind, at_most)
        wait = longest if _alike(delivery) in begun else min(quiet, longest)
        begun.add(_alike(delivery))
        return replace(delivery, together=True, due_at=delivery.due_at + wait)

    return [waiting(each) for each in deliveries]


def patience(kind: NoticeKind, at_most: timedelta) -> timedelta:
    """How long a notice may wait for others: what parties are to do, a minute."""
    return at_most if kind in IN_ONE_LETTER else min(at_most, MINUTE)


def not_before(first: datetime, last: datetime, quiet: timedelta, at_most: timedelta) -> datetime:
    """When to send those that came from `first` to `last`: after a pause without new ones, but not too late."""
    return min(last + quiet, first + at_most)


def _alike(delivery: Delivery) -> Key:
    return delivery.community, delivery.kind, delivery.recipient


def _may_wait(delivery: Delivery, bursts: Bursts) -> bool:
    if delivery.channel is not Channel.EMAIL or delivery.party is None:
        return False
    alone = _urgent(delivery) or delivery.facts.get("binding")  # that a case cannot be returned is said in its letter
    return delivery.kind in IN_ONE_LETTER or (not alone and bursts.too_many(delivery))


def _urgent(delivery: Delivery) -> bool:
    due = [delivery.facts[name] for name in ("accept_by", "act_by", "due") if name in delivery.facts]
    left = [datetime.fromisoformat(each) - delivery.event_time for each in due]
    return any(timedelta(0) < each <= URGENT for each in left)  # what is late already can wait a minute
