"""Several notices of one kind to one recipient, told in one letter: an import would drown who decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from notify.domain.deliveries import Delivery
from notify.domain.kinds import Channel, NoticeKind

IN_ONE_LETTER = frozenset({NoticeKind.NODE_TRIAGED})
"""Kinds that may wait for others of their kind."""
MOST = 2_000
"""Notices in one letter."""


def gathered_kind(kind: NoticeKind, channel: Channel) -> bool:
    """Whether a notice waits for others of its kind."""
    return channel is Channel.EMAIL and kind in IN_ONE_LETTER


def key(delivery: Delivery) -> tuple[str, NoticeKind, str] | None:
    """What those have in common that one letter tells: community, kind, recipient. None for what is told alone."""
    if not gathered_kind(delivery.kind, delivery.channel):
        return None
    return delivery.community, delivery.kind, delivery.recipient


def not_before(gathered: Sequence[Delivery], quiet: timedelta, at_most: timedelta) -> datetime:
    """When they are told: once nothing has come for a while, and not later than so long after the first one."""
    first = min(each.created_at for each in gathered)
    last = max(each.created_at for each in gathered)
    return min(last + quiet, first + at_most)
