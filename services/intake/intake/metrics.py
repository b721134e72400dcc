"""Intake's own metrics."""

from prometheus_client import Counter

ACCEPTED = Counter("linli_intake_accepted_total", "Submissions on disk", ["kind", "channel"])
REFUSED = Counter("linli_intake_refused_total", "Requests and batch items refused, by the problem's slug", ["slug"])
PHOTOS = Counter("linli_intake_photos_total", "Photos kept")
