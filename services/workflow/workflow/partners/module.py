"""Partners: parties with a system of their own, the orders that they have, and what they say of them."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.privacy.retention import kept_since
from workflow.cases.store import CaseStore
from workflow.community.store import CommunityStore
from workflow.partners.adding import Adding
from workflow.partners.api import routes
from workflow.partners.handlers import Orders, Updates
from workflow.partners.store import PartnerStore
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings]) -> Module:
    """Orders are written in the transactions in which their cases change."""
    store, cases = PartnerStore(kit.database, kit.events), kit.given(CaseStore)
    cases.followed_by(Orders(store).follow)
    return Module(
        routes=[routes.partners, routes.orders, routes.updates],
        provides=[
            store,
            Adding(kit.transactions, kit.given(CommunityStore), store),
            Updates(kit.transactions, cases, store),
        ],
        retains=[
            kept_since("partner_updates", kit.settings.retain_partner_updates, kit.database.partner_updates, "at")
        ],
    )
