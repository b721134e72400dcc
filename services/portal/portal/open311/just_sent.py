"""Which requests this process has just sent on: intake has them, and workflow may not have heard of them yet."""

import time
from collections import OrderedDict

KEPT = 60.0
"""Seconds."""
MOST = 10_000


class JustSent:
    """Their ids. Another replica does not know them: there a request may be unknown for its first second."""

    def __init__(self) -> None:
        self._sent: OrderedDict[str, float] = OrderedDict()

    def add(self, id: str) -> None:
        self._sent[id] = time.monotonic()
        while len(self._sent) > MOST:
            self._sent.popitem(last=False)

    def __contains__(self, id: str) -> bool:
        return time.monotonic() - self._sent.get(id, float("-inf")) < KEPT
