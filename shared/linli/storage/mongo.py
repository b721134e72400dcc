"""MongoDB, and the only file that imports its client: connection, transactions, migrations, leases.

Motor is in its last year of fixes; PyMongo's own asyncio client has the same shape, so the change is this file's alone
(docs/adr/0001). Stores use the collections that they are given.
"""

import asyncio
import math
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar, cast
from uuid import uuid4

import structlog
from bson import Binary
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from motor.motor_asyncio import AsyncIOMotorGridFSBucket as _Bucket
from pymongo import ReadPreference, ReturnDocument, WriteConcern
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from linli.application.settings import StoreSettings, read_secret

log = structlog.get_logger()

Document: TypeAlias = dict[str, Any]
Client: TypeAlias = AsyncIOMotorClient[Document]
Database: TypeAlias = AsyncIOMotorDatabase[Document]
Collection: TypeAlias = AsyncIOMotorCollection[Document]
Session: TypeAlias = AsyncIOMotorClientSession
T = TypeVar("T")

ANSWER_WITHIN = 10.0
"""Seconds that a transaction may take when somebody waits for its answer."""
TRIED_FOR = 120.0
"""Seconds for which a transaction is tried again, as the drivers do."""
DURABLE = WriteConcern(w="majority", j=True)
AS_IT_COMES = WriteConcern(w=1, j=False)
"""For what may be lost with the server: it gets to disk with whatever is written next."""
OUTAGES = (ConnectionFailure, ServerSelectionTimeoutError, ExecutionTimeout, WTimeoutError, TimeoutError)


def connect(settings: StoreSettings, answer_within: float = 30.0, name: str | None = None) -> Client:
    """A client whose writes are on the disks of a majority before they are answered. Connects when first used.

    A server that says nothing for `answer_within` seconds is taken for away. By `name`, the same after a restart, a
    process finds what its predecessor has left (`end_predecessors`).
    """
    credentials: dict[str, Any] = {}
    if settings.mongo_username and settings.mongo_password_file:
        credentials = {
            "username": settings.mongo_username,
            "password": read_secret(settings.mongo_password_file),
            "authSource": "admin",
        }
    return AsyncIOMotorClient(
        settings.mongo_uri,
        w="majority",
        journal=True,
        tz_aware=True,
        serverSelectionTimeoutMS=3_000,
        connectTimeoutMS=3_000,
        socketTimeoutMS=int(answer_within * 1000),
        maxPoolSize=100,
        appname=f"{name}/{uuid4().hex[:8]}" if name else None,
        **credentials,
    )


def bucket(database: Database, name: str) -> _Bucket:
    """A GridFS bucket for files."""
    return _Bucket(database, bucket_name=name)


def is_outage(error: BaseException) -> bool:
    """Whether trying the same again later may help: the server is away, not the data wrong."""
    if isinstance(error, OUTAGES):
        return True
    return isinstance(error, PyMongoError) and bool(
        error.has_error_label("TransientTransactionError")
        or error.has_error_label("RetryableWriteError")
        or error.has_error_label("UnknownTransactionCommitResult")
        or (isinstance(error, OperationFailure) and (_codes(error) & _AWAY or is_full(error)))
    )


def _codes(error: OperationFailure) -> frozenset[int | None]:
    """The server's codes for what went wrong; a bulk write has one for each of its parts."""
    details = error.details or {}
    faults = [*details.get("writeErrors", ()), *details.get("writeConcernErrors", ())]
    return frozenset([error.code, *(fault.get("code") for fault in faults)])


def is_full(error: BaseException) -> bool:
    """Whether the server says that it has no room: whatever is written fails then, and none of it is at fault."""
    if not isinstance(error, OperationFailure):
        return False
    return bool(_codes(error) & _NO_ROOM) or "No space left on device" in str(error)


def was_aborted(error: BaseException) -> bool:
    """Whether the server answered, and ended the transaction: for a conflict, or because it took too long."""
    return isinstance(error, OperationFailure) and error.has_error_label("TransientTransactionError")


_NO_ROOM = frozenset({14031, 12501, 39, 264, 365})
"""`OutOfDiskSpace`, `QuotaExceeded`, `FileStreamFailed`, `TooManyFilesOpen`, `TemporarilyUnavailable`: the server has
no room for now. An operator makes some; meanwhile callers are told to come again, and nothing is restarted."""
_AWAY = frozenset({112, 251, 11600, 11601, 11602, 91, 189, 10107, 13435, 13436, 211, 50, 133, 262, 24}) | _NO_ROOM
"""A conflict that a commit came upon, or that its transaction is ended (neither has a label each time), interrupted,
shutting down, not primary, lock timeout, time limit: the server's codes for a passing state."""


async def transact(
    client: Client,
    work: Callable[[Session], Coroutine[Any, Any, T]],
    session: Session | None = None,
    *,
    seconds: float | None = None,
) -> T:
    """Run `work` in one snapshot transaction, durable when this returns.

    It begins anew for a transient error, and repeats only the commit when what became of that is unknown, so `work`
    holds nothing but reads and writes with the session that it is given. With `session`, that one is used, and stays
    open. It goes on for `TRIED_FOR`; somebody who waits for an answer gives `seconds`, and a TimeoutError is raised
    then.
    """
    async with asyncio.timeout(seconds):
        try:
            if session is not None:
                return await _transact(session, work)
            async with await client.start_session() as own:
                return await _transact(own, work)
        except InvalidOperation:
            # Cancelled while a transaction is being ended, motor ends it again, and says this in its place.
            if cast("asyncio.Task[Any]", asyncio.current_task()).cancelling():
                raise asyncio.CancelledError from None
            raise


async def _transact(session: Session, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
    """Motor's `with_transaction` is to do this, but commits outside of what it repeats: a commit was tried once only.

    The rules are of the drivers' specification of transactions.
    """
    until = time.monotonic() + TRIED_FOR
    for pause in _pauses():
        session.start_transaction(ReadConcern("snapshot"), DURABLE, ReadPreference.PRIMARY)
        try:
            try:
                result = await work(session)
            except BaseException:
                if cast(Any, session).in_transaction:  # motor's stub calls a property a method
                    await session.abort_transaction()
                raise
            await _commit(session, until)
        except PyMongoError as error:
            if not error.has_error_label("TransientTransactionError") or time.monotonic() > until:
                raise
            await asyncio.sleep(pause)
        else:
            return result
    raise AssertionError("the pauses have no end")


async def _commit(session: Session, until: float) -> None:
    """Commit, and ask again while it is unknown what became of it. Raises what the server says of one that it ended."""
    for pause in _pauses():
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if was_aborted(error) or is_full(error) or not is_outage(error) or time.monotonic() > until:
                raise
            await asyncio.sleep(pause)
        else:
            return


def _pauses() -> Iterator[float]:
    """Seconds before another try: none at first, then up to half a second, so that who was in conflict comes apart."""
    yield 0
    longest = 0.005
    while True:
        yield random.uniform(0, longest)  # noqa: S311  # no secret
        longest = min(longest * 1.5, 0.5)


@asynccontextmanager
async def snapshot(client: Client, seconds: int) -> AsyncIterator[Session]:
    """A session whose reads all see one moment, in every database, for as many seconds.

    The server keeps what it needs for that (of itself for a few seconds only); the setting goes back at the end.
    """
    parameter = "minSnapshotHistoryWindowInSeconds"
    before = (await client.admin.command({"getParameter": 1, parameter: 1}))[parameter]
    await client.admin.command({"setParameter": 1, parameter: max(seconds, int(before))})
    try:
        async with await client.start_session(snapshot=True) as session:
            yield session
    finally:
        await client.admin.command({"setParameter": 1, parameter: before})


def session_id(session: Session) -> Binary:
    """What names a session to the server."""
    id: Binary = cast(Mapping[str, Any], session.session_id)["id"]  # motor's stub calls a property a method
    return id


async def end_session(client: Client, id: Binary) -> None:
    """End another process's session, and with it the transaction that it may have left open.

    The server would keep a dead process's transaction, and what it has locked, for a minute.
    """
    await client.admin.command("killSessions", [{"id": id}])


async def end_predecessors(client: Client) -> None:
    """End the transactions that killed processes of this client's name have left open, with what they have locked.

    The server would keep them for up to a minute, and whoever writes to the same documents would wait as long.
    """
    own: str = cast(Any, client).options.pool_options.appname  # motor's stub calls a property a method
    name = own.rpartition("/")[0]
    left = {"transaction": {"$exists": True}, "appName": {"$regex": f"^{re.escape(name)}/", "$ne": own}}
    stages: list[dict[str, Any]] = [{"$currentOp": {"idleSessions": True}}, {"$match": left}]
    if sessions := [{"id": found["lsid"]["id"]} async for found in client.admin.aggregate(stages)]:
        log.info("predecessors_transactions_ended", transactions=len(sessions))
        await client.admin.command("killSessions", sessions)


async def unreachable(client: Client) -> str | None:
    """Why MongoDB cannot be written to, or None."""
    try:
        async with asyncio.timeout(3):
            hello = await client.admin.command("hello")
    except (PyMongoError, TimeoutError) as error:
        return f"MongoDB does not answer: {type(error).__name__}"
    return None if hello.get("isWritablePrimary") else "MongoDB's replica set has no primary"


async def is_too_much(client: Client, error: BaseException) -> bool:
    """Whether a transaction, and no outage, is at fault for an error that looks like one: MongoDB is there after all.

    So it is where the server has ended the transaction as often as it was tried, and where it took too long.
    """
    ended_or_late = was_aborted(error) or type(error) is TimeoutError
    return ended_or_late and not is_full(error) and await unreachable(client) is None


@dataclass(frozen=True, slots=True)
class ReplicaSet:
    """MongoDB's members by how they are, as the one that was asked sees them."""

    states: Mapping[str, str]
    """Host and port → MongoDB's word for how that member is."""
    away: Sequence[str]
    """Those that neither lead nor follow."""
    primary: str | None

    @property
    def expected(self) -> int:
        return len(self.states)

    @property
    def there(self) -> int:
        return self.expected - len(self.away)


_PRIMARY, _WELL = 1, frozenset({1, 2, 7})
"""Member states: primary, secondary, arbiter."""


async def replica_set(client: Client, seconds: float = 5.0) -> ReplicaSet:
    """Raises PyMongoError, or TimeoutError. Asks any member: one that is no primary can say that there is none."""
    async with asyncio.timeout(seconds):
        status = await client.admin.command("replSetGetStatus", read_preference=ReadPreference.PRIMARY_PREFERRED)
    return members_of(status)


def members_of(status: Mapping[str, Any]) -> ReplicaSet:
    """What `replSetGetStatus` says."""
    members = status["members"]
    away = [each["name"] for each in members if each["state"] not in _WELL]
    primary = next((each["name"] for each in members if each["state"] == _PRIMARY), None)
    return ReplicaSet({each["name"]: each["stateStr"] for each in members}, away, primary)


# Migrations ----------------------------------------------------------------------------------------------------------

Migration: TypeAlias = Callable[[Database], Awaitable[None]]


class NewerDatabase(Exception):
    """A newer version has migrated the database: what this one would write there could not be read any more."""

    def __init__(self, database: str, unknown: Sequence[str]) -> None:
        super().__init__(
            f"the database {database} is of a newer version of Linli: {', '.join(unknown)} ran, which this version "
            "does not know. Start the newer version, or restore a backup from before (docs/operations.md#upgrade)"
        )


async def migrate(database: Database, migrations: Sequence[Migration]) -> list[str]:
    """Run the migrations that this database has not seen, in order, under a lock; returns their names.

    Each is idempotent: one that a crash cut short runs again. Raises `NewerDatabase`.
    """
    ran = []
    async with held_lease(database, "migrations", "migrate", seconds=300):
        applied = {doc["_id"] async for doc in database.migrations.find({}, {"_id": 1})}
        if unknown := sorted(applied - {migration.__name__ for migration in migrations}):
            raise NewerDatabase(database.name, unknown)
        for migration in migrations:
            name = migration.__name__
            if name in applied:
                continue
            await migration(database)
            await database.migrations.insert_one({"_id": name, "at": await server_time(database)})
            ran.append(name)
    return ran


async def pending(database: Database, migrations: Sequence[Migration]) -> list[str]:
    """The migrations that have not run, by name."""
    applied = {doc["_id"] async for doc in database.migrations.find({}, {"_id": 1})}
    return [migration.__name__ for migration in migrations if migration.__name__ not in applied]


async def server_time(database: Database) -> datetime:
    """The server's clock: one for all processes."""
    local: datetime = (await database.command("hello"))["localTime"]
    return local if local.tzinfo else local.replace(tzinfo=UTC)


# Leases --------------------------------------------------------------------------------------------------------------


async def lease(database: Database, name: str, owner: str, seconds: float) -> bool:
    """Take or renew a lease by the server's clock, so that no process's clock matters. Whether `owner` has it now."""
    free = {"$or": [{"$lt": ["$until", "$$NOW"]}, {"$eq": ["$owner", owner]}]}
    until = {"$add": ["$$NOW", int(seconds * 1000)]}
    take = {"owner": {"$cond": [free, owner, "$owner"]}, "until": {"$cond": [free, until, "$until"]}}
    try:
        held = await database.leases.find_one_and_update(
            {"_id": name}, [{"$set": take}], upsert=True, return_document=ReturnDocument.AFTER
        )
    except DuplicateKeyError:  # somebody made it at the same moment
        return False
    return bool(held["owner"] == owner)


class Lease:
    """A lease for who looks each second: it is written anew once a third of its time is over, and not at each look."""

    def __init__(self, database: Database, name: str, owner: str, seconds: float) -> None:
        self._database, self._name, self._owner, self._seconds = database, name, owner, seconds
        self._renew_at = -math.inf
        """By the clock that nobody sets, from before the server was asked on: it ends here before it does there."""

    async def held(self) -> bool:
        """Whether `owner` has it, now and for two thirds of its time."""
        now = time.monotonic()
        if now >= self._renew_at:
            mine = await lease(self._database, self._name, self._owner, self._seconds)
            self._renew_at = now + self._seconds / 3 if mine else -math.inf
            return mine
        return True


async def release_leases(database: Database, owner: str) -> None:
    """Give back all that this owner holds."""
    await database.leases.delete_many({"owner": owner})


@asynccontextmanager
async def held_lease(database: Database, name: str, owner: str, seconds: float) -> AsyncIterator[None]:
    """Wait for a lease, hold it for the block, give it back."""
    owner = f"{owner}-{uuid4().hex}"
    async with asyncio.timeout(seconds):
        while not await lease(database, name, owner, seconds):  # noqa: ASYNC110  # another process holds it
            await asyncio.sleep(0.2)
    try:
        yield
    finally:
        await database.leases.delete_one({"_id": name, "owner": owner})
