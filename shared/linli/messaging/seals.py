"""Authenticates records on Kafka: the services seal each one, and refuse those without a seal.

Kafka has no users here, so whoever reaches its port can write to any topic: without a seal, a record there could make
a key, send a party's letters elsewhere, or erase a resident (docs/adr/0021). A seal is an HMAC over the whole record,
in the CloudEvents extension attribute `seal`; its key is derived from the service key, which only they have.
"""

import hmac
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache, partial

from linli.application.settings import Settings
from linli.application.worker import until_done
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, Unreadable
from linli.contracts.erasure import forgetting
from linli.frozen import replace
from linli.messaging.kafka import Outgoing, Received
from linli.messaging.story import Arrival, read
from linli.storage import mongo

HEADER = "ce_seal"
NOT_AUTHENTIC = "not_authentic"
GRACE = timedelta(days=1)
"""How long after the upgrade from a version without seals the stories that it left on the topics are still taken."""
_STATE = {"_id": "unsealed"}


class Seals:
    """Seals what goes out and reads what comes in. The first key seals, each of them opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [hmac.digest(key.encode(), b"linli seal of events", "sha256") for key in keys]
        self._unsealed_until = 0.0
        """By the clock that only counts on (`time.monotonic`)."""

    @classmethod
    def from_settings(cls, settings: Settings) -> "Seals":
        """`service.key`, and `service.key.before` while what it sealed may be on its way. Raises `SettingsError`."""
        before = settings.secrets_dir / "service.key.before"
        return cls([settings.secret(name) for name in ("service.key", *([before.name] if before.exists() else ()))])

    def sealed(self, message: Outgoing) -> Outgoing:
        """A message as it goes to Kafka. It is sealed each time: the stored one may have been rewritten, or be old."""
        plain = {name: value for name, value in message.headers.items() if name != HEADER}
        record = _bytes_of(message.topic, message.key.encode(), message.value, plain.items())
        return replace(message, headers=plain | {HEADER: _mac(self._keys[0], record)})

    def read(self, record: Received, writer: str) -> Arrival:
        """A record, decoded; one without our seal is a fault that blocks no story, whatever it claims to be.

        `writer` is the source that writes to its topic.
        """
        arrival = read(record, writer)
        why = self._why_not(record)
        if why is None or (why == _MISSING and arrival.event is not None and self._from_before(arrival.event)):
            return arrival
        return Arrival(record, writer, None, arrival.fault or Unreadable(NOT_AUTHENTIC, why), authentic=False)

    async def load(self, database: mongo.Database) -> None:
        """Learn whether this database is of a version from before the seals, and until when that counts."""
        found = await until_done("seals", partial(database.seals.find_one, _STATE))
        if found:
            now = await until_done("seals", partial(mongo.server_time, database))
            self._unsealed_until = time.monotonic() + (found["until"] - now).total_seconds()

    @property
    def in_grace(self) -> bool:
        return time.monotonic() < self._unsealed_until

    def _from_before(self, event: Envelope[Event]) -> bool:
        """Whether it may be of the version before. What erases, and what is the whole of its subject, never is."""
        return self.in_grace and not event.data.TOPIC.newest_only and forgetting(event) is None

    def _why_not(self, record: Received) -> str | None:
        given = [value or b"" for name, value in record.headers if name == HEADER]
        if len(given) != 1:
            return "several seals" if given else _MISSING
        plain = ((name, value) for name, value in record.headers if name != HEADER)
        content = _bytes_of(record.place.topic, record.key, record.value, plain)
        right = [hmac.compare_digest(given[0], _mac(key, content)) for key in self._keys]
        return None if any(right) else "a seal that is not ours"


async def begin(database: mongo.Database, *, upgraded: bool) -> None:
    """The migration from which on seals are required, with a day's grace after an upgrade."""
    until = await mongo.server_time(database) + (GRACE if upgraded else timedelta(0))
    await database.seals.update_one(_STATE, {"$setOnInsert": {"until": until}}, upsert=True)


_MISSING = "no seal"


def _mac(key: bytes, record: bytes) -> bytes:
    return b"1." + hmac.digest(key, record, "sha256").hex().encode()


def _bytes_of(topic: str, key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> bytes:
    """All that a record says, so that no two records say the same: each part with its length before it."""
    parts = [_with_length(topic.encode()), _with_length(key), _with_length(value)]
    for name, content in sorted([(name, content or b"") for name, content in headers]):
        parts.append(_name(name))
        parts.append(b"%d:%b" % (len(content), content))
    return b"".join(parts)


def _with_length(part: bytes | None) -> bytes:
    return b"-" if part is None else b"%d:%b" % (len(part), part)


@lru_cache(maxsize=200)
def _name(header: str) -> bytes:
    return _with_length(header.encode())
