"""Partners that say nothing: how many of their orders wait for a first word beyond its time."""

from prometheus_client import Gauge

from linli.application.worker import repeatedly
from linli.contracts.workflow.partner import Standing
from linli.storage.clock import Now
from workflow.partners.store import PartnerStore

LOOK_EVERY = 15.0
"""Seconds between two looks."""
UNANSWERED = Gauge(
    "linli_workflow_partner_orders_unanswered",
    "Orders of which a partner has said nothing within their time",
    ["community", "party"],
)


class Silence:
    """For the metrics. `run` it as a background task."""

    def __init__(self, store: PartnerStore, now: Now) -> None:
        self._store, self._now = store, now

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("silence", self._look, LOOK_EVERY, UNANSWERED.clear)

    async def _look(self) -> None:
        found, partners = await self._store.unanswered(self._now()), await self._store.partners()
        UNANSWERED.clear()
        for partner in partners:
            if partner.standing is not Standing.ACTIVE:
                continue  # nothing is waited for
            waiting = found.get(partner.id)
            UNANSWERED.labels(partner.community, partner.party).set(waiting.orders if waiting else 0)
