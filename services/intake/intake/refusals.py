"""Counting what is refused: why, and by which channel it would have come in."""

from typing import Any

from intake.metrics import REFUSED
from linli.contracts.kinds import Channel

UNKNOWN = "unknown"
"""Of what is no submission, and of what was refused before it was read."""
CHANNELS = frozenset(Channel)


def count_refused(slug: str, channel: object = None) -> None:
    """`channel` as it was said, whatever that is."""
    REFUSED.labels(slug, channel if isinstance(channel, str) and channel in CHANNELS else UNKNOWN).inc()


def channel_said(submission: Any) -> object:
    """Of a submission as it came: who does not say it uses the web's."""
    return submission.get("channel", Channel.WEB) if isinstance(submission, dict) else None
