"""Assembles notify from its contexts."""

from functools import partial

from linli.application import assembly
from linli.application.context import Context, Module
from linli.application.kit import Kit
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.messaging import inbox_sharding
from linli.messaging.event_store import EVENTS
from linli.security import known_keys
from notify.deliveries import module as deliveries
from notify.deliveries import sharding as deliveries_sharding
from notify.migrations import HISTORY
from notify.notices import module as notices
from notify.notices import sharding as notices_sharding
from notify.partner_events import migrations as partner_events_migrations
from notify.partner_events import module as partner_events
from notify.partner_events import sharding as partner_events_sharding
from notify.settings import NotifySettings
from notify.timeline import module as timeline
from notify.timeline import sharding as timeline_sharding
from notify.timeline.store import TimelineStore

DESCRIPTION = """Tells everyone whom a case or a common affair concerns: by e-mail, text message, webhook, live stream.

What comes in: `linli.cases`, `linli.subscriptions`, `linli.neighbourhood`, `linli.mediations`, `linli.orders`,
`linli.receipts`, `linli.community`, `linli.principals`. What goes out: `linli.notices`."""


def _deliveries(kit: Kit[NotifySettings]) -> Module:
    return deliveries.module(kit, kit.given(TimelineStore).over)


CONTEXTS: tuple[Context[NotifySettings], ...] = (
    Context("known_keys", known_keys.module, reads=known_keys.READS),
    Context("notices", notices.module, sharding=notices_sharding.SHARDING, reads=notices.READS),
    Context("timeline", timeline.module, sharding=timeline_sharding.SHARDING, reads=timeline.READS),
    Context("deliveries", _deliveries, sharding=deliveries_sharding.SHARDING, reads=deliveries.READS),
    Context(
        "partner_events",
        partner_events.module,
        partner_events_migrations.MIGRATIONS,
        partner_events_sharding.SHARDING,
        reads=partner_events.READS,
    ),
)
MIGRATIONS = assembly.with_those_of(HISTORY, CONTEXTS)
SHARDING = assembly.sharding_of(CONTEXTS, *inbox_sharding.SHARDING)


def build(settings: NotifySettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    kit = Kit("notify", settings, settings.notify_port, outboxes=[EVENTS])
    return assembly.assemble(kit, CONTEXTS, description=DESCRIPTION, ask_of_keys=settings.workflow_url)


async def migrate(settings: NotifySettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    return await assembly.migrate(settings, "notify", MIGRATIONS)


def main() -> None:
    """`python -m notify [migrate]`."""
    settings = NotifySettings()
    run_service("notify", settings.log_level, partial(build, settings), partial(migrate, settings))
