"""Several notices of one kind to one recipient, told in one letter: an import would drown who decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from notify.domain.deliveries import Delivery
from notify.domain.kinds import Channel, NoticeKind

IN_ONE_LETTER = frozenset({NoticeKind.NODE_TRIAGED})
"""Kinds that may wait for others of their kind. Another one needs an index as `m011_waiting` makes it."""
MOST = 2_000
"""Notices in one letter."""


def gathered_kind(kind: NoticeKind, channel: Channel) -> bool:
    """Whether a notice waits for others of its kind."""
    return channel is Channel.EMAIL and kind in IN_ONE_LETTER


Key: TypeAlias = tuple[str, NoticeKind, str]


def key(delivery: Delivery) -> Key | None:
    """What those have in common that one letter tells: community, kind, recipient. None for what is told alone."""
    if not gathered_kind(delivery.kind, delivery.channel):
        return None
    return delivery.community, delivery.kind, delivery.recipient


def made_to_wait(deliveries: Iterable[Delivery], quiet: timedelta, at_most: timedelta) -> list[Delivery]:
    """What came at once, with one of each letter due after `quiet`: that one gathers the others.

    The others come up by themselves only after `at_most`, should it be lost; if all were looked at, and put off, each
    look would cost a write for each that waits.
    """
    begun: set[Key] = set()

    def waiting(delivery: Delivery) -> Delivery:
        found = key(delivery)
        if found is None or delivery.due_at is None:
            return delivery
        wait = at_most if found in begun else min(quiet, at_most)
        begun.add(found)
        return replace(delivery, due_at=delivery.due_at + wait)

    return [waiting(each) for each in deliveries]


def not_before(first: datetime, last: datetime, quiet: timedelta, at_most: timedelta) -> datetime:
    """When those that came from `first` to `last` are told: once nothing has come for a while, and not too late."""
    return min(last + quiet, first + at_most)
