"""What neighbourhood's database has for all of its contexts; each context brings its own migrations beside it."""

from linli.messaging import inbox_store, outbox
from linli.messaging.event_store import EVENTS
from linli.security import audit
from linli.storage import mongo
from linli.web import idempotency


async def m001_events(database: mongo.Database) -> None:
    """What was told of each round, plan or vote, in order; and what is unsent."""
    await database[EVENTS].create_index([("subject", 1), ("sequence", 1)], unique=True, name="story")
    await outbox.create_index(database[EVENTS])


async def m002_inbox_and_answers(database: mongo.Database) -> None:
    """Held and parked records; remembered answers, and of whom they tell."""
    await inbox_store.create_indexes(database)
    await idempotency.create_index(database)
    await idempotency.create_subjects_index(database)


async def m003_audit(database: mongo.Database) -> None:
    """What the audit log is asked by."""
    await audit.create_indexes(database)


async def m004_collections(database: mongo.Database) -> None:
    """Collections that transactions write to exist before them, so that no first batch meets a catalogue change."""
    present = await database.list_collection_names()
    for name in ("inbox_offsets", "inbox_streams", "idempotency", "leases"):
        if name not in present:
            await database.create_collection(name)


HISTORY = (
    m001_events,
    m002_inbox_and_answers,
    m003_audit,
    m004_collections,
)
