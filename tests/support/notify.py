"""Notify with all that is around it, real: Kafka, MongoDB, an SMTP server, an HTTP server for intake and partners."""

import email
import email.policy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from typing import Any

import httpx2
import orjson
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from linli.application.settings import Settings
from linli.contracts.envelope import Envelope as EventEnvelope
from linli.messaging.kafka import Outgoing, Publisher
from linli.messaging.outbox import outgoing
from linli.storage import mongo
from notify.main import build, migrate
from notify.settings import NotifySettings
from tests.support.cases import CODE, published
from tests.support.servers import free_ports
from tests.support.services import running, until
from tests.support.topics import SEALS


@dataclass
class Mailbox:
    """Letters that an SMTP server took; `answers` are given instead of 250, one each, to those who are written to."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    connections: int = 0
    senders: list[str | None] = field(default_factory=list)
    """The envelopes' senders."""
    raw: list[bytes] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.senders.append(envelope.mail_from)
        self.raw.append(envelope.content)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server on loopback."""
    mailbox = Mailbox(free_ports(1)[0])
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Surroundings:
    """A running notify, and what a test does to it."""

    http: httpx2.AsyncClient
    settings: NotifySettings
    publisher: Publisher
    mailbox: Mailbox
    server: HTTPServer
    operator: dict[str, str]
    database: mongo.Database

    async def publish(self, *events: EventEnvelope[Any]) -> None:
        """Case events, in order."""
        await self.publish_raw(*(outgoing(event, self.settings.topic("cases")) for event in events))

    async def tell_community(self, *, version: int = 1, **changes: Any) -> None:
        """Publish a version of the community's data and wait until notify has it."""
        message = outgoing(published(version, **changes), self.settings.topic("community"))
        await self.publish_raw(message)

        async def arrived() -> bool:
            return await self.database.communities.count_documents({"version": version}) == 1

        await until(arrived)

    async def publish_raw(self, *messages: Outgoing) -> None:
        assert all(await self.publisher.publish([SEALS.sealed(message) for message in messages]))

    async def deliveries(self, **filters: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/v1/deliveries", params=filters, headers=self.operator)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def ended(self, count: int, **filters: str) -> list[dict[str, Any]]:
        """Deliveries that are not due any more, as soon as there are so many."""

        async def all_ended() -> list[dict[str, Any]]:
            found = await self.deliveries(**filters)
            done = [each for each in found if each["state"] != "due"]
            return done if len(done) >= count else []

        return await until(all_ended)

    async def events(self, count: int) -> list[dict[str, Any]]:
        """The outcomes that were written for publication, and published."""

        async def gone() -> list[dict[str, Any]]:
            found = await self.database.events.find({"unsent_since": {"$exists": False}}).to_list(None)
            return found if len(found) >= count else []

        documents = await until(gone)
        return [
            {"type": doc["outgoing"]["headers"]["ce_type"], **orjson.loads(doc["outgoing"]["value"])}
            for doc in documents
        ]


@asynccontextmanager
async def notify_running(
    settings_for: Callable[..., Awaitable[Any]], server: HTTPServer, mailbox: Mailbox, **overrides: Any
) -> AsyncIterator[Surroundings]:
    """Notify, ready, with the test community known to it and one resident's contact known to intake."""
    given = {
        "intake_url": server.url_for("").rstrip("/"),
        "smtp_port": mailbox.port,
        "webhook_allowed_networks": "127.0.0.0/8",
        "retry_schedule": (0.1, 0.1, 0.1),
        "poll_seconds": 0.1,
    } | overrides
    settings = await settings_for(NotifySettings, **given)
    answer_contacts(server, settings)
    publisher = Publisher(settings.kafka, "test")
    client = mongo.connect(settings)
    try:
        async with running(build(settings), partial(migrate, settings)) as http:
            database = client[settings.database("notify")]
            operator = {"Authorization": f"Bearer {settings.secret('operator.key')}"}
            yield Surroundings(http, settings, publisher, mailbox, server, operator, database)
    finally:
        await publisher.close()
        client.close()


def answer_contacts(server: HTTPServer, settings: Settings, **fields: Any) -> None:
    """Intake's internal endpoint: every case has the same reporter, but those whose id says that they have none."""
    contact = {
        "resident_id": "r-1",
        "tracking_code": CODE,
        "name": "王芳",
        "email": "wang@resident.example",
        "language": "zh-CN",
    } | fields
    key = settings.secret("service.key")

    def answer(request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {key}":
            return Response(status=401)
        asked: Sequence[str] = (request.get_json() or {})["submissions"]
        contacts = {id: contact if "silent" not in id else contact | {"email": None} for id in asked}
        return Response(orjson.dumps({"contacts": contacts}), content_type="application/json")

    server.expect_request("/internal/v1/contacts", method="POST").respond_with_handler(answer)
