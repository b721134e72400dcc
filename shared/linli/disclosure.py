"""Somebody was shown personal data in full: the one place where that is accounted for.

Every route that shows a name, a number, an address or a whole record unmasked awaits `disclosed` before it answers.
"""

from collections.abc import Sequence

import structlog

from linli.principals import Principal

log = structlog.get_logger()


async def disclosed(who: Principal, what: str, ids: Sequence[str], reason: str | None = None) -> None:
    """`who` is about to see `what` (`contact`, `export`, `photo` …) of the objects `ids`; `reason` is what they said.

    The log takes no reason: people write names into it.
    """
    log.info("disclosed", by=who.id, what=what, ids=list(ids), reason_given=reason is not None)
