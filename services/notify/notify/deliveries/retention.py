"""What notify keeps, and how long: deliveries that have ended, of cases that have ended."""

from collections.abc import Sequence

from linli.privacy.retention import Kept, audit_log, decided_parked
from linli.storage import mongo
from notify.deliveries.store import DeliveryStore
from notify.settings import NotifySettings


def kept_by_notify(settings: NotifySettings, store: DeliveryStore, database: mongo.Database) -> Sequence[Kept]:
    """The public timeline goes with its case."""
    return (
        Kept(
            "deliveries",
            settings.retain_deliveries,
            store.oldest_ended,
            store.count_ended,
            store.let_go_of_deliveries,
        ),
        decided_parked(database, settings.retain_parked),
        audit_log(database, settings.retain_audit),
    )
