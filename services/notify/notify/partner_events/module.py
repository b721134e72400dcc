"""Partners' events: what each partner is told, in order, to be fetched by its own program or posted to its endpoint."""

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.workflow.order import OrderEvent
from linli.contracts.workflow.partner import PartnerChanged, UpdateReceived
from linli.privacy.retention import kept_since
from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.secret_store import SecretStore
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities
from notify.partner_events import api, endpoint_api, endpoint_secret_api, redelivery_api, standing_api
from notify.partner_events.endpoint_secrets import EndpointSecrets
from notify.partner_events.endpoint_store import TRIES, EndpointStore
from notify.partner_events.forwarding import AT_ONCE, Forwarding
from notify.partner_events.groups import GroupStore, Topics
from notify.partner_events.groups import routes as groups_routes
from notify.partner_events.handlers import Feeds
from notify.partner_events.partner_book import PartnerBook
from notify.partner_events.publishing import Publishing
from notify.partner_events.read_store import ReadStore
from notify.partner_events.standing import Endpoints, Pull, Standings
from notify.partner_events.store import FeedStore
from notify.partner_events.telling import Telling
from notify.partner_events.trying import Trying
from notify.partner_events.watching import Watch
from notify.settings import NotifySettings

PLACES = 32 * AT_ONCE
"""Calls under way at most: a partner that is slow takes its own, and no other's."""

READS = (OrderEvent, UpdateReceived, PartnerChanged)


def module(kit: Kit[NotifySettings]) -> Module:
    """An event gets its place among those of its partner in the transaction in which it is read."""
    settings, now = kit.settings, kit.clock.now
    store, endpoints = FeedStore(kit.database), EndpointStore(kit.database)
    groups = GroupStore(kit.database, now)
    reads = ReadStore(kit.database, now)
    standings = Standings(store, [Pull(reads), Endpoints(endpoints), Topics(groups, store)])
    deliveries = kit.given(DeliveryStore)
    telling = Telling(deliveries, kit.given(Communities), now)
    book = PartnerBook(settings.workflow_url, settings.secret("service.key"))
    secrets = EndpointSecrets(kit.given(SecretStore), deliveries.webhook_key)
    webhooks = Webhooks(settings.webhook_allowed_networks, settings.webhook_timeout, PLACES, now)
    forwarding = Forwarding(kit.database, store, endpoints, webhooks, secrets, telling, kit.member, now)
    publishing = Publishing(kit.database, store, kit.publisher, settings.topic_prefix, kit.member)
    trying = Trying(kit.database, store, endpoints, forwarding, kit.member)
    days = settings.retain_partner_events
    return Module(
        routes=[
            api.routes,
            endpoint_api.operators,
            endpoint_api.own,
            endpoint_secret_api.routes,
            redelivery_api.routes,
            standing_api.routes,
            groups_routes,
        ],
        provides=[store, groups, endpoints, reads, standings, secrets, forwarding, api.Waiting()],
        reactions=[Reaction(READS, Feeds(store).prepare)],
        erases=[store.forget],
        retains=[
            kept_since("partner_events", days, kit.database.partner_events, "at"),
            kept_since("partner_tries", days, kit.database[TRIES], "at"),
        ],
        background={
            "forwarding": forwarding.run,
            "watch_partners": Watch(standings, book, telling, now).run,
            "partner_topics": publishing.run,
            "trying": trying.run,
        },
        close=[webhooks.close, book.close],
    )
