"""Logs as JSON lines, and the metrics that every service offers at `/metrics`."""

import asyncio
import contextlib
import logging
import sys
import time
import traceback
from collections import Counter as Counts
from collections.abc import Callable
from typing import Any, BinaryIO, cast

import orjson
import structlog
from prometheus_client import Counter, Gauge, Histogram

REPEATED_AFTER = 10.0
"""Seconds until a line of a kind is logged again."""
KINDS_KNOWN = 1_000
"""Of lines; some libraries put a number or an address into each."""
UNKNOWN = float("nan")
"""What a gauge without labels shows of what is not known: 0, or what was, would pass for how it is."""
PUBLISHED = Counter("linli_outbox_published_total", "Events that Kafka acknowledged", ["topic", "way"])
PUBLISH_FAILED = Counter(
    "linli_outbox_publish_failed_total", "Publications that Kafka did not acknowledge; retried", ["topic"]
)
UNSENT = Gauge("linli_outbox_unsent", "Events on disk that Kafka has not acknowledged yet")
UNSENT_AGE = Gauge("linli_outbox_unsent_age_seconds", "Age of the oldest unsent event")
BATCH_SIZE = Histogram(
    "linli_inbox_batch_records", "Records in one transaction", ["group"], buckets=(1, 5, 20, 50, 100, 200, 350, 500)
)
BATCH_SECONDS = Histogram("linli_inbox_batch_seconds", "Time of one transaction with all it holds", ["group"])
APPLIED = Counter("linli_inbox_applied_total", "Events that took effect", ["group", "type"])
REPEATED = Counter("linli_inbox_repeated_total", "Events that had taken effect before and were dropped", ["group"])
PARKED_TOTAL = Counter("linli_inbox_parkings_total", "Records that were parked", ["group", "reason"])
PARKED = Gauge("linli_inbox_parked", "Parked records that wait for an operator")
PARKED_BY_REASON = Gauge("linli_inbox_parked_by_reason", "The same by reason, of the thousand oldest", ["reason"])
PARKED_AGE = Gauge("linli_inbox_parked_age_seconds", "Age of the oldest parked record")
HELD = Gauge("linli_inbox_held", "Events that wait for an earlier one of their story")
HELD_AGE = Gauge("linli_inbox_held_age_seconds", "Age of the oldest held event")
LAG = Gauge("linli_consumer_lag", "Records not applied yet", ["group", "topic", "partition"])
POSITION = Gauge(
    "linli_consumer_position", "The offset up to which records took effect", ["group", "topic", "partition"]
)
TRAFFIC = Gauge(
    "linli_traffic_declared", "1 for each topic that this service declares to write or to read", ["topic", "how"]
)
HEARD = Counter("linli_copy_heard_total", "Records that a copy of a topic was told since the process began", ["topic"])
INFO = Gauge("linli_service_info", "1, with who this process is", ["service", "member", "version"])
CALLS = Counter("linli_http_calls_total", "Requests that this process made of another of Linli's", ["to", "outcome"])
ANSWERS = Counter("linli_http_answers_total", "Answers of this process, but to who asks how it is", ["status"])
ANSWER_SECONDS = Histogram(
    "linli_http_answer_seconds",
    "Time from a request's head until its answer begins",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
HELPER_CALLS = Counter(
    "linli_http_helper_calls_total", "Requests of Linli's helpers, which have no metrics of their own", ["by"]
)
CLIENT_DEATHS = Counter("linli_kafka_client_deaths_total", "Kafka clients that died and were built anew", ["group"])
NAMESAKE = Gauge("linli_member_namesake", "1 while another process calls itself as this one does")
PROCESSES = Gauge("linli_members", "Processes of this service by whether they were heard of in ten seconds", ["state"])
GROUP_MEMBERS = Gauge("linli_group_members", "Members of a consumer group, as Kafka has them", ["group"])
SERVERS = Gauge("linli_servers", "Brokers of Kafka and members of MongoDB's replica set that are there", ["server"])
SERVERS_EXPECTED = Gauge("linli_servers_expected", "As many as there are when all are there", ["server"])
COPIES_BEHIND = Gauge("linli_kafka_partitions_behind", "Partitions with a copy that is not in sync", ["topic"])
LEADERLESS = Gauge("linli_kafka_partitions_leaderless", "Partitions that no broker leads", ["topic"])
MONGODB_PRIMARY = Gauge("linli_mongodb_primary", "1 while MongoDB's replica set has a primary")
MONGODB_PING = Gauge("linli_mongodb_ping_seconds", "Time of one short answer of MongoDB")
SERVERS_SEEN = Gauge("linli_servers_seen_timestamp_seconds", "When the figures of a server were last taken", ["server"])
LOST_TO_RETENTION = Counter(
    "linli_consumer_expired_total", "Records that the topic dropped before they were read", ["group", "topic"]
)
SPANS_DROPPED = Counter("linli_spans_dropped_total", "Spans that found no room, or that the collector did not take")

MEASURED_EVERY = 2.0
"""Seconds between two looks at what is counted in a database."""


def forget(*gauges: Gauge) -> None:
    """These are not known now."""
    for gauge in gauges:
        gauge.set(UNKNOWN)


forget(UNSENT, UNSENT_AGE, PARKED, PARKED_AGE, HELD, HELD_AGE)  # until they have been counted
forget(MONGODB_PRIMARY, MONGODB_PING)  # until somebody has looked


def without_message(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception as its type and where it came from: its message may quote what somebody wrote."""
    given = entry.pop("exc_info", None)
    if given is True or (given and not isinstance(given, BaseException)):
        given = sys.exc_info()[1] if given is True else given[1]
    if isinstance(given, BaseException):
        entry["exception"] = describe(given)
    return entry


def describe(error: BaseException) -> str:
    """`Type at file:line function < file:line function …`, innermost first, for the error and what it holds.

    A server's code is told, its message is not: it may quote what somebody wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)[::-1][:12]
    where = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    inner = "".join(f" [{describe(each)}]" for each in (*held, *([error.__cause__] if error.__cause__ else ())))
    code = getattr(error, "code", None)
    number = f" {code}" if isinstance(code, int) else ""
    return f"{type(error).__name__}{number} at {where}{inner}"


class UnfailingFile:
    """A file to log to. What it does not take, since its disk is full, is lost, and nobody falls over it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._flushing = False

    def write(self, line: bytes) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._file.write(line)
        return len(line)

    def flush(self) -> None:
        """At the end of this turn of the loop: what is logged in one, for each of many requests, goes in one write."""
        if self._flushing:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._flush()
        else:
            self._flushing = True
            loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        with contextlib.suppress(OSError, ValueError):
            self._file.flush()


class Seldom(logging.Filter):
    """Of what a library says again and again, one line in `every` seconds, which counts those that were left out.

    Each client of a server that is away tells so ten times a second.
    """

    def __init__(self, every: float = REPEATED_AFTER, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._every, self._clock = every, clock
        self._last: dict[tuple[str, str], float] = {}
        self._left_out: Counts[tuple[str, str]] = Counts()

    def filter(self, record: logging.LogRecord) -> bool:
        kind, now = (record.name, str(record.msg)), self._clock()
        if now - self._last.get(kind, -self._every) < self._every:
            self._left_out[kind] += 1
            return False
        if len(self._last) >= KINDS_KNOWN:
            self._last.clear()
            self._left_out.clear()
        self._last[kind] = now
        if left_out := self._left_out.pop(kind, 0):
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more of this kind)", ()
        return True


def configure_logs(service: str, level: str) -> None:
    """One JSON object a line on stdout, from structlog and from the libraries alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            without_message,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(cast(BinaryIO, UnfailingFile(sys.stdout.buffer))),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.raiseExceptions = False  # what cannot be written is lost, without a word to the same full disk
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False),
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, without_message],
        )
    )
    handler.addFilter(Seldom())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
