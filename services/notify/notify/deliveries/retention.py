"""What notify keeps, and how long: deliveries that have ended, of cases that have ended."""

from collections.abc import Sequence

from linli.privacy.retention import Kept
from notify.deliveries.store import DeliveryStore
from notify.settings import NotifySettings


def kept_by_notify(settings: NotifySettings, store: DeliveryStore) -> Sequence[Kept]:
    """The public timeline goes with its case."""
    return (
        Kept(
            "deliveries",
            settings.retain_deliveries,
            store.oldest_ended,
            store.count_ended,
            store.let_go_of_deliveries,
        ),
    )
