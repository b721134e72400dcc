"""Several notices of one kind to one recipient, told in one letter: an import would drown who decides."""

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


def not_before(first: datetime, last: datetime, now: datetime, quiet: timedelta, at_most: timedelta) -> datetime:
    """When those that came from `first` to `last` are told: once nothing has come for a while, and not too late.

    While more comes it is looked at more and more seldom: each look costs a write for each that waits.
    """
    told = last + quiet
    if told > now:
        told = max(told, now + (now - first) / 2)
    return min(told, first + at_most)
