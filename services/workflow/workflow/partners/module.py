"""Partners: parties with a system of their own, the orders that they have, and what they say of them."""

from functools import cache, partial

from linli.application.context import Module
from linli.application.kit import Kit
from linli.messaging.inbox_store import InboxStore
from linli.photos.files import PhotoFiles
from linli.privacy.retention import kept_since
from workflow.cases.store import CaseStore
from workflow.community.store import CommunityStore
from workflow.partners.api import contact, partners, photos, routes, watching
from workflow.partners.changing import Changing
from workflow.partners.handlers import Orders, Updates
from workflow.partners.photo_shelf import PhotoShelf
from workflow.partners.reporters import Reporters
from workflow.partners.rights_told import RightsTold
from workflow.partners.sandbox import Sandbox, SandboxCases
from workflow.partners.silence import Silence
from workflow.partners.store import PartnerStore
from workflow.partners.taking import GROUP, Taking
from workflow.partners.topics import Reading
from workflow.settings import WorkflowSettings

SANDBOX_DAYS = 30
"""So long what is only for trying is kept."""
PARTNERS_KEY = "partners.key"


def module(kit: Kit[WorkflowSettings]) -> Module:
    """Orders are written in the transactions in which their cases change."""
    store, cases = PartnerStore(kit.database, kit.events), kit.given(CaseStore)
    shelf = PhotoShelf(kit.database, PhotoFiles(kit.database))
    link_key = photos.LinkKey(kit.settings.secret("service.key").encode())
    settings, communities = kit.settings, kit.given(CommunityStore)
    reporters = Reporters(settings.intake_url, settings.secret("service.key"))
    cases.followed_by(Orders(communities, store, shelf).follow)
    updates = Updates(kit.transactions, cases, store, shelf)
    tried = PartnerStore(kit.database, kit.events, sandbox=True)
    tried_cases = SandboxCases(kit.database, communities, Orders(communities, tried, shelf))
    for_trying = Updates(kit.transactions, tried_cases, tried, shelf)
    taking = Taking(
        transactions=kit.transactions,
        inbox=InboxStore(kit.client, kit.database, GROUP),
        store=store,
        updates=updates,
        sandbox=for_trying,
    )
    reading = Reading(
        client=kit.client,
        database=kit.database,
        taking=taking,
        kafka=settings.kafka,
        prefix=settings.topic_prefix,
        owner=kit.member,
    )
    return Module(
        routes=[
            *(partners.routes, partners.internal, routes.orders, routes.updates),
            *(photos.orders, photos.uploads, contact.routes, watching.routes),
        ],
        provides=[
            *(store, taking, shelf, link_key, reporters),
            Changing(kit.transactions, communities, store),
            updates,
            Sandbox(kit.transactions, tried_cases, tried, for_trying),
            partners.Kafka(
                kit.settings.partner_bootstrap, cache(partial(kit.settings.secret, PARTNERS_KEY)), kit.topic
            ),
        ],
        close=[reporters.close],
        background={
            "partner_topics": reading.run,
            "silence": Silence(store, kit.clock.now).run,
            "partner_rights": RightsTold(store).run,
        },
        retains=[
            shelf.kept(),
            kept_since("partner_updates", settings.retain_partner_updates, kit.database.partner_updates, "at"),
            kept_since("sandbox_updates", SANDBOX_DAYS, kit.database.sandbox_partner_updates, "at"),
            kept_since("sandbox_orders", SANDBOX_DAYS, kit.database.sandbox_orders, "updated_at"),
            kept_since("sandbox_cases", SANDBOX_DAYS, kit.database.sandbox_cases, "updated_at"),
        ],
    )
