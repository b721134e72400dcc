"""An observer does not end what it observes: the process that looks is the one that residents' pages come from."""

from collections.abc import Awaitable, Callable

import structlog

from linli.application.telemetry import describe
from linli.application.worker import repeatedly
from linli.storage import mongo

log = structlog.get_logger()


async def observe(
    name: str,
    look: Callable[[], Awaitable[None]],
    every: float,
    failed: Callable[[], None] = lambda: None,
    away: Callable[[], None] = lambda: None,
) -> None:
    """Repeat a look until cancelled; MongoDB may come and go, and `away` is called at each look while it is away.

    A look that fails otherwise is logged as `<name>_failed`, each kind of fault once, and `failed` is called.
    """
    told: set[str] = set()

    async def looked() -> None:
        try:
            await look()
        except Exception as error:
            if mongo.is_outage(error):
                raise
            if (kind := describe(error)) not in told:
                told.add(kind)
                log.exception(f"{name}_failed")
            failed()

    await repeatedly(name, looked, every, away)
