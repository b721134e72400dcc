"""Keeps the broker's users, rights, quotas and topics of partners as workflow says that they should be.

Whoever changes a partner changes workflow's database; this follows, and says so to workflow. Thus no service may
administer the broker, and what was done by half is completed by the next look. It runs in the embedded supervisor, and
in a container of its own with docker compose: `python -m linli_cli.partners.access`.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx2
import structlog
import typer
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from linli.application.settings import Settings
from linli.application.telemetry import configure_logs
from linli.messaging.connection import Cluster, Login
from linli.messaging.kafka import KafkaUnavailable, TopicSpec, apply_topics, limit_user
from linli.messaging.rights import of_partner
from linli.security.partner_passwords import password_of
from linli_cli.operations.kafka_access import (
    Right,
    administrator,
    allow_exactly,
    as_kafka_has_them,
    lets_in,
    remove_user,
    set_password,
    users,
)
from linli_cli.partners.groups import read_by
from linli_cli.stack.certificates import CA_CERTIFICATE
from linli_cli.stack.embedded.secret_files import PARTNERS_KEY, SERVICE_KEY
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

log = structlog.get_logger()

LOOK_EVERY = 0.5
"""Seconds between two questions to workflow."""
REPAIR_EVERY = 60.0
"""Seconds after which all is compared, also where nothing has changed: somebody else may have changed the broker."""
TAKEN_OVER_WITHIN = 10.0
"""Seconds that brokers have to take over a new password or right."""
READ_EVERY = 15.0
"""Seconds between two looks at how far partners have read."""
DAY = 86_400_000
AWAY: tuple[type[Exception], ...] = (httpx2.HTTPError, CliError, *KafkaUnavailable)
"""What is raised while workflow or the broker is away, or refuses."""
MOST_BYTES = 1_048_576
"""Of what a partner writes at once: Kafka measures batches, which clients make as large. Of one record workflow takes
less."""
QUOTAS: Mapping[str, float | None] = {
    "producer_byte_rate": 262_144.0,
    "consumer_byte_rate": 2_097_152.0,
    "request_percentage": 25.0,
}
"""Of each user: some hundred updates a second, and all events of a month in minutes. Others feel nothing of it."""


@dataclass(frozen=True)
class Wanted:
    """What the broker should hold of one partner, as workflow says it."""

    path: str
    version: int
    in_line: bool
    reads: bool
    writes: bool
    generations: Mapping[str, int]
    """By user: which of its passwords counts."""
    users: tuple[str, ...]
    """All that it may ever have had."""
    group_prefix: str
    orders: tuple[str, str]
    receipts: tuple[str, str]
    updates: tuple[str, str]
    """Its topics, and those for trying."""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Wanted":
        both = said["topics"], said["sandbox"]
        return cls(
            path=f"{said['community']}/{said['party']}",
            version=said["version"],
            in_line=said["in_line"],
            reads=said["reads"],
            writes=said["writes"],
            generations={each["username"]: each["generation"] for each in said["users"]},
            users=tuple(said["usernames"]),
            group_prefix=said["group_prefix"],
            orders=(both[0]["orders"], both[1]["orders"]),
            receipts=(both[0]["receipts"], both[1]["receipts"]),
            updates=(both[0]["updates"], both[1]["updates"]),
        )

    @property
    def rights(self) -> frozenset[Right]:
        """Of each of its users."""
        if not self.reads:
            return frozenset()
        read = (*self.orders, *self.receipts)
        return as_kafka_has_them(of_partner(read, self.updates, self.group_prefix, writes=self.writes))

    @property
    def topics(self) -> list[TopicSpec]:
        """One partition each: what a partner is told, and says, has one order."""
        common = {"message.timestamp.type": "LogAppendTime", "retention.ms": str(30 * DAY)}
        read = [TopicSpec(name, 1, common) for name in (*self.orders, *self.receipts)]
        # Uncompressed, so that the limit is of what a record unpacks to: 16 kB can be 17 MB.
        bounded = {"max.message.bytes": str(MOST_BYTES), "compression.type": "uncompressed"}
        return read + [TopicSpec(name, 1, common | bounded) for name in self.updates]


@dataclass(frozen=True)
class Listener:
    """Where a user of Kafka's shows its password, as this process reaches it."""

    bootstrap: str
    ca: Path | None
    """The certificate of the authority that signed the broker's, where it is encrypted."""


class Access:
    """Follows workflow, until it is cancelled."""

    def __init__(
        self,
        workflow: str,
        service_key: str,
        partners_key: str,
        kafka: Cluster,
        listener: Listener,
        copies: int | None = None,
        looked: Callable[[], None] = lambda: None,
        notify: str | None = None,
    ) -> None:
        """`workflow` is its address, `partners_key` what passwords are made of; `listener` is where its users
        show them; `copies` is how many a new topic has, unless as many as the cluster allows.

        `looked` is told of each look that went well; `notify`, at its address, how far each has read.
        """
        self._notify = f"{notify.rstrip('/')}/internal/v1/partner-groups" if notify else None
        self._read_at = -READ_EVERY
        self._looked, self._key = looked, partners_key
        self._set: dict[str, int] = {}
        """The generation of the password that this process has set, by user."""
        self._kafka, self._copies, self._listener = kafka, copies, listener
        self._url = f"{workflow.rstrip('/')}/internal/v1/partner-access"
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {service_key}"},
            timeout=10,
            trust_env=False,
        )
        self._admin: AdminClient | None = None
        self._repaired_at = -REPAIR_EVERY
        self._said: str | None = None

    async def run(self) -> None:
        """For ever; workflow and the broker may come and go."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            await self._http.aclose()

    async def once(self) -> list[str]:
        """Bring the broker in line with all that workflow says; the partners of which something was done.

        Raises HTTPError, CliError or what Kafka's clients raise.
        """
        answer = await self._http.get(self._url)
        answer.raise_for_status()
        found = [Wanted.of(each) for each in answer.json()["items"]]
        repair = time.monotonic() - self._repaired_at >= REPAIR_EVERY
        due = [each for each in found if repair or not each.in_line]
        failed: list[Exception] = []
        if due:
            admin = self._admin = self._admin or administrator(self._kafka)
            known = await asyncio.to_thread(users, admin)
            for each in sorted(due, key=lambda each: each.reads):  # whose rights only go comes first
                try:
                    await self._apply(admin, each, known)
                except AWAY as error:
                    log.warning("partner_not_in_line", partner=each.path, error=repr(error))
                    failed.append(error)
        if repair and not failed:
            self._repaired_at = time.monotonic()
        if self._notify and time.monotonic() - self._read_at >= READ_EVERY:
            self._read_at = time.monotonic()
            await self._report(found)
        if failed:
            raise failed[0]
        return [each.path for each in due]

    async def _report(self, found: Sequence[Wanted]) -> None:
        """Tell notify how far each has read its topics."""
        admin = self._admin = self._admin or administrator(self._kafka)
        topics = {each.path: (each.group_prefix, (each.orders[0], each.receipts[0])) for each in found if each.reads}
        try:
            read = await asyncio.to_thread(read_by, admin, topics) if topics else {}
        except (KafkaException, TimeoutError) as error:
            log.warning("partner_groups_unknown", error=repr(error))
            return
        for path, each in read.items():
            answer = await self._http.post(f"{self._notify}/{path}", json={"read": each.read, "behind": each.behind})
            answer.raise_for_status()

    async def _look(self) -> None:
        try:
            await self.once()
            self._looked()
            said = None
        except AWAY as error:
            said = type(error).__name__
            if said != self._said:
                log.warning("partners_access_waits", error=repr(error))
        self._said = said

    async def _apply(self, admin: AdminClient, wanted: Wanted, known: frozenset[str]) -> None:
        """Rights go before users, and come after topics: nobody ever has one too many."""
        if wanted.reads:
            await apply_topics(self._kafka, wanted.topics, self._copies)
        for user in wanted.users:
            counts = user in wanted.generations
            await self._allow(admin, user, wanted.rights if counts else ())
            if not counts:
                # A session that is open goes on without a single right.
                if user in known:
                    await asyncio.to_thread(remove_user, admin, user)
                continue
            await limit_user(self._kafka, user, QUOTAS)
            generation = wanted.generations[user]
            # Whatever workflow was told has been done: once at each start, and when it is another one.
            if user not in known or self._set.get(user) != generation:
                password = password_of(self._key, user, generation)
                await asyncio.to_thread(set_password, admin, user, password)
                await self._let_in(user, password)
                self._set[user] = generation
        if not wanted.in_line:
            answer = await self._http.post(f"{self._url}/{wanted.path}:applied", json={"version": wanted.version})
            answer.raise_for_status()
            log.info("partner_in_line", partner=wanted.path, version=wanted.version)

    async def _allow(self, admin: AdminClient, user: str, rights: Iterable[Right]) -> None:
        """Until the broker itself says that nothing is to be changed."""
        await _until(
            lambda: not allow_exactly(admin, user, rights),
            say("Kafka has not taken over the rights of {user}.", user=user),
        )

    async def _let_in(self, user: str, password: str) -> None:
        """Until the broker lets it in: a partner that came at once would be refused."""
        kafka = Cluster(self._listener.bootstrap, Login(user, password, self._listener.ca))
        await _until(
            lambda: lets_in(kafka), say("Kafka does not let {user} in with the password that it was given.", user=user)
        )


async def _until(done: Callable[[], bool], otherwise: str) -> None:
    """What the controller has answered, brokers hear of a moment later. Raises CliError when it lasts."""
    end = time.monotonic() + TAKEN_OVER_WITHIN
    while not await asyncio.to_thread(done):
        if time.monotonic() > end:
            raise CliError(otherwise, say("It is tried again. The broker's log says more."))
        await asyncio.sleep(0.05)


class Deployment(Settings):
    """`LINLI_…`, beside what every service reads."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    workflow_url: str = "http://127.0.0.1:8102"
    notify_url: str = "http://127.0.0.1:8103"
    kafka_replication: int | None = Field(default=None, ge=1)
    """Copies of each new topic's data."""
    partner_listener: str | None = None
    """host:port of the partners' listener; needed where the broker asks nobody else for a password."""

    @property
    def listener(self) -> Listener:
        if self.partner_listener:
            return Listener(self.partner_listener, self.secrets_dir / CA_CERTIFICATE)
        return Listener(self.kafka.bootstrap, self.kafka.login.ca if self.kafka.login else None)


def main(alive: Annotated[Path, typer.Option(metavar="FILE", help="Touched after each look that went well.")]) -> None:
    """Keep the broker's users, rights, quotas and topics of partners as they should be, until it is stopped."""
    settings = Deployment()
    configure_logs("access", settings.log_level)
    access = Access(
        settings.workflow_url,
        settings.secret(SERVICE_KEY),
        settings.secret(PARTNERS_KEY),
        settings.kafka,
        settings.listener,
        settings.kafka_replication,
        looked=alive.touch,
        notify=settings.notify_url,
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(_until_stopped(access))


async def _until_stopped(access: Access) -> None:
    task = asyncio.ensure_future(access.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    typer.run(main)
