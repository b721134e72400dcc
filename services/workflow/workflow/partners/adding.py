"""What operators do with partners."""

import structlog

from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.localized import no_community, no_party, sentence_of
from linli.web.problems import Problem
from workflow.community.store import CommunityStore
from workflow.partners.domain.partner import Partner
from workflow.partners.store import PartnerStore

log = structlog.get_logger()


class Adding:
    """Adds partners."""

    def __init__(self, transactions: Transactions, communities: CommunityStore, store: PartnerStore) -> None:
        self._transactions, self._communities, self._store = transactions, communities, store

    async def add(self, community: str, party: str, by: Principal) -> Partner:
        """The partner, as it was added first. Raises 422 for a party that there is not."""
        directory = await self._communities.directory(community)
        if directory is None:
            raise Problem("unknown_community", 422, sentence_of(no_community(community)))
        if directory.party(party) is None:
            raise Problem("unknown_party", 422, no_party(party, community))

        async def work(session: mongo.Session) -> tuple[Partner, list[Unsent]]:
            wanted = Partner(community, party, self._communities.now(), by.id)
            return await self._store.add(wanted, session), []

        partner = await self._transactions.run(work)
        log.info("partner_added", partner=partner.id)
        return partner
