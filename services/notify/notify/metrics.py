"""Notify's own metrics."""

from prometheus_client import Counter, Gauge, Histogram

from linli.application.telemetry import forget

DELIVERED = Counter("linli_notify_delivered_total", "Deliveries that the other end took", ["channel"])
FAILED = Counter("linli_notify_failed_total", "Deliveries given up", ["channel"])
TO_PARTIES = Counter(
    "linli_notify_party_deliveries_total",
    "Deliveries to a party, by whether the other end took them",
    ["community", "party", "channel", "outcome"],
)
RETRIED = Counter("linli_notify_retried_total", "Tries that failed and will be repeated", ["channel"])
SKIPPED = Counter(
    "linli_notify_skipped_total", "Deliveries to residents without an address, or without a server for it", ["channel"]
)
GIVEN_UP = Gauge(
    "linli_notify_given_up", "Deliveries given up or without a channel in the last seven days", ["channel", "reason"]
)
REFUSING = Gauge("linli_notify_endpoints_refusing", "Parties' endpoints that refuse what they are sent")
DUE = Gauge("linli_notify_due", "Deliveries that wait for their time or are under way")
SECONDS = Histogram("linli_notify_send_seconds", "Time of one try", ["channel"])
STREAMS = Gauge("linli_notify_streams", "Live streams that are open")

forget(DUE, REFUSING)  # until they have been counted
