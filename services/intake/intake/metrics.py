"""Intake's own metrics."""

from prometheus_client import Counter, Gauge, Histogram

ACCEPTED = Counter("linli_intake_accepted_total", "Submissions on disk", ["kind", "channel"])
REFUSED = Counter(
    "linli_intake_refused_total",
    "Requests and batch items refused, by the problem's slug and what is known of the channel",
    ["slug", "channel"],
)
PHOTOS = Counter("linli_intake_photos_total", "Photos kept")
TOLD_OF_OUTAGE = Counter("linli_intake_told_of_outage_total", "Reporters who were told that an outage is known")
OUTAGES_KNOWN = Gauge("linli_intake_outages_known", "Outages that are running or planned, as intake has heard of them")
INSERTED = Histogram("linli_intake_insert_batch", "Submissions in one insert", buckets=(1, 2, 5, 10, 20, 50, 100, 500))
INSERT_SECONDS = Histogram("linli_intake_insert_seconds", "Time until an insert is on the disks of a majority")


def inserted(together: int, seconds: float) -> None:
    """Submissions that went together, and how long that took."""
    INSERTED.observe(together)
    INSERT_SECONDS.observe(seconds)
