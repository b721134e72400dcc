"""Cases as they are compared, taken apart once: who opens cases of one neighbourhood compares with the same ones."""

import time
from collections import OrderedDict
from collections.abc import Callable

from linli.text.likeness import Matter
from workflow.cases.domain.case import Case
from workflow.cases.domain.repeats import matter_of

MOST = 2_000
"""Cases that are remembered: some 10 MB."""
KEPT_FOR = 600.0
"""Seconds: what has been erased since is not remembered for long."""


class TakenApart:
    """The words and places of cases, as long as nothing has happened to these. For one who compares at a time."""

    def __init__(self, counter: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._counter, self._most = counter, most
        self._kept: OrderedDict[str, tuple[float, int, Matter]] = OrderedDict()
        """By when they were taken apart."""

    def matter(self, case: Case) -> Matter:
        """What `matter_of` makes of it."""
        now = self._counter()
        kept = self._kept.get(case.id)
        if kept and kept[1] == case.version and now - kept[0] < KEPT_FOR:
            return kept[2]
        self._kept.pop(case.id, None)
        self._forget(now)
        matter = matter_of(case)
        self._kept[case.id] = (now, case.version, matter)
        return matter

    def _forget(self, now: float) -> None:
        while self._kept:
            at, _, _ = next(iter(self._kept.values()))
            if len(self._kept) < self._most and now - at < KEPT_FOR:
                return
            self._kept.popitem(last=False)
