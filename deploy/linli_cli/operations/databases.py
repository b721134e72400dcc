"""The services' databases as an operator's commands see them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linli_cli.connection.settings import SERVICES, Service
from linli_cli.connection.target import Target
from linli_cli.operations.finding import Finding, wrong
from linli_cli.stack.embedded.secret_files import settings_fault
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.sayings import fitting, sayings

if TYPE_CHECKING:
    from linli.application.settings import Settings
    from linli.storage.mongo import Client, Database

OUTBOXES = dict.fromkeys(SERVICES, ("events",)) | {"intake": ("submissions", "events")}
"""Service → the collections whose documents hold events."""
READS: Mapping[Service, Sequence[str]] = {
    "workflow": ("intake", "neighbourhood"),
    "notify": ("cases", "subscriptions", "orders", "receipts", "partners", "neighbourhood", "mediations"),
    "neighbourhood": ("cases", "subscriptions"),
}
"""Reader → the topics that it reads as a member of its group, by their short names; the copies are not among them.
Written here too, and held to what the contexts declare by a test: to load all services takes a command a second."""
COMMAND = "linli"
"""Who stands in the audit log for what the command does in the databases themselves: whoever has their password."""
PATIENCE = 600.0
"""Seconds that one answer of the database may take: these commands read whole collections."""


@dataclass(frozen=True)
class Databases:
    """A connection to all of them."""

    client: "Client"
    settings: "Settings"

    def of(self, service: str) -> "Database":
        return self.client[self.settings.database(service)]

    @property
    def names(self) -> Sequence[str]:
        return [self.settings.database(service) for service in OUTBOXES]

    async def now(self) -> datetime:
        """By the clock that what is stored there goes by."""
        from linli.storage import mongo  # noqa: PLC0415 - `linli --help` need not wait for it

        return await mongo.server_time(self.of("workflow"))

    async def record(self, what: str, *, done: bool) -> None:
        """Write into each service's audit log that this command took or changed all that the service holds."""
        from linli.security.audit import Audit, Entry, Outcome  # noqa: PLC0415 - `linli --help` need not wait for it
        from linli.security.permissions import Role  # noqa: PLC0415

        now = await self.now()
        for service in OUTBOXES:
            entry = Entry(COMMAND, Role.OPERATOR, what, Outcome.DONE if done else Outcome.READ)
            await Audit(self.of(service), lambda: now).append(entry)


@asynccontextmanager
async def open_databases(target: Target) -> AsyncIterator[Databases]:
    """Raises CliError when MongoDB does not answer, does not let us in, or has no primary."""
    from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415 - `linli --help` need not wait for it

    from linli.application.settings import SettingsError  # noqa: PLC0415
    from linli.storage import mongo  # noqa: PLC0415 - as above

    try:
        settings = target.service_settings()
        client = mongo.connect(settings, answer_within=PATIENCE)
    except SettingsError as error:
        raise CliError(settings_fault(error)) from error
    try:
        if reason := await mongo.unreachable(client):
            raise CliError(_unreachable(reason, target.mongo_uri), say("Start it with: {start}", start=target.start))
        yield Databases(client, settings)
    except OperationFailure as error:
        refusal = error.details.get("errmsg", error) if error.details else error
        raise CliError(say("MongoDB refused: {reason}.", reason=refusal)) from error
    except PyMongoError as error:
        raise CliError(
            say(
                "MongoDB at {at} does not answer ({error}).",
                at=_without_options(target.mongo_uri),
                error=type(error).__name__,
            ),
            say("Start it with: {start}   What runs: linli status", start=target.start),
        ) from error
    finally:
        client.close()


@asynccontextmanager
async def connected(target: Target) -> AsyncIterator[Databases | Finding]:
    """The databases, not asked yet whether they answer; a finding where their password cannot be had."""
    from linli.application.settings import SettingsError  # noqa: PLC0415
    from linli.storage import mongo  # noqa: PLC0415

    try:
        settings = target.service_settings()
        client = mongo.connect(settings)
    except (SettingsError, CliError) as error:
        message = say("MongoDB's password cannot be read: {error}", error=settings_fault(error))
        yield wrong("mongodb", message, say("Is the deployment up? {start}", start=target.start))
        return
    try:
        yield Databases(client, settings)
    finally:
        client.close()


_UNREACHABLE = sayings(
    {
        r"MongoDB does not answer: (.+)": sentence("MongoDB does not answer: {0}"),
        r"MongoDB's replica set has no primary": sentence("MongoDB's replica set has no primary"),
    }
)
"""What `linli.storage.mongo.unreachable` says."""


def _unreachable(reason: str, uri: str) -> str:
    words, values = fitting(reason, _UNREACHABLE) or ("{0}", [reason])
    return say("{reason} ({at}).", reason=say(words, *values), at=_without_options(uri))


def _without_options(uri: str) -> str:
    return uri.partition("?")[0]
