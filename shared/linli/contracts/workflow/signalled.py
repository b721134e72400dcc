"""What `GET /v1/changes` says to whoever asks: the portal, which listens to it for all its viewers, has no key."""

from linli.contracts.workflow.timeline import NOT_PUBLIC

SIGNALLED = frozenset({"case", "outage"})
"""Kinds of which nobody guesses an id, or of which everybody may read. A partner's id, and a community's, is a name."""
AMONG_STAFF = frozenset(event.TYPE for event in NOT_PUBLIC)
"""What is nobody else's business, not even that it happened."""


def signalled(type: str) -> str | None:
    """The kind that is said when an event of this type happens; None: nothing is."""
    kind = type.split(".")[1]  # linli.case.accepted.v1
    return kind if kind in SIGNALLED and type not in AMONG_STAFF else None
