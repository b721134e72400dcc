"""Which rights on Kafka each partner's users are to have: for the metrics, so that whoever sees those that there are
can tell which were given by nobody."""

from prometheus_client import Gauge

from linli.application.worker import repeatedly
from linli.contracts.workflow.partner import Standing
from workflow.partners.domain.partner import Partner
from workflow.partners.store import PartnerStore

LOOK_EVERY = 5.0
"""Seconds between two looks."""
RIGHTS = Gauge(
    "linli_workflow_partner_rights",
    "1 for each user of a partner's that may read or write its topics; 0 while Kafka is being brought in line",
    ["community", "party", "user", "may"],
)


class RightsTold:
    """`run` it as a background task."""

    def __init__(self, store: PartnerStore) -> None:
        self._store = store

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("partner_rights", self._look, LOOK_EVERY, RIGHTS.clear)

    async def _look(self) -> None:
        partners = await self._store.partners()
        RIGHTS.clear()
        for partner in partners:
            for user, may in told(partner):
                RIGHTS.labels(partner.community, partner.party, user, may).set(partner.in_line)


def told(partner: Partner) -> list[tuple[str, str]]:
    """User and what it may: `reads`, `writes`; `none` of one that has nothing any more."""
    if not partner.generations:
        return []  # it never came by Kafka
    counts = {partner.username(login.user) for login in partner.logins} if not partner.is_revoked else set()
    may = ("reads", "writes") if partner.standing is Standing.ACTIVE else ("reads",)
    return [(user, each) for user in partner.usernames for each in (may if user in counts else ("none",))]
