"""The migrations of notify's database. New ones are added at the end; none is changed once released."""

import secrets

from bson import Binary
from pymongo import ASCENDING, DESCENDING

from linli.contracts.workflow.case import CaseEvent, CaseRated, CaseWithdrawn
from linli.messaging import inbox_store, outbox, replica, seals
from linli.messaging.event_store import EVENTS
from linli.messaging.streams_by_source import key_streams_by_source
from linli.security import audit
from linli.storage import mongo
from linli.web import idempotency
from notify.deliveries.address_store import ADDRESSES
from notify.notices.domain.kinds import Channel, NoticeKind


async def m001_indexes(database: mongo.Database) -> None:
    """Every index that notify reads by."""
    await inbox_store.create_indexes(database)
    await idempotency.create_index(database)
    await outbox.create_index(database[EVENTS])
    deliveries = database.deliveries
    await deliveries.create_index("due_at", name="due", partialFilterExpression={"state": "due"})
    await deliveries.create_index([("channel", ASCENDING), ("state", ASCENDING)], name="counts")
    newest_first = [("created_at", DESCENDING), ("_id", DESCENDING)]
    await deliveries.create_index(newest_first, name="created")
    for field in ("state", "recipient", "case_id"):
        await deliveries.create_index([(field, ASCENDING), *newest_first], name=field)
    await database.timeline.create_index([("case_id", ASCENDING), ("sequence", ASCENDING)], unique=True, name="case")
    await database.stories.create_index("tracking_hash", unique=True, name="tracking_hash")


async def m002_webhook_key(database: mongo.Database) -> None:
    """The installation's own key, from which each party's webhook secret is derived. Made once, never changed."""
    key = {"key": Binary(secrets.token_bytes(32))}
    await database["keys"].update_one({"_id": "webhook"}, {"$setOnInsert": key}, upsert=True)


async def m003_due_by_channel(database: mongo.Database) -> None:
    """What the senders of a channel look up."""
    await database.deliveries.create_index(
        [("channel", ASCENDING), ("due_at", ASCENDING)],
        name="due_by_channel",
        partialFilterExpression={"state": "due"},
    )


async def m004_audit(database: mongo.Database) -> None:
    """What the audit log is asked by."""
    await audit.create_indexes(database)


async def m005_own_words(database: mongo.Database) -> None:
    """Marks the reporter's own lines in older timelines."""
    theirs = {"entry.type": {"$in": [CaseRated.TYPE, CaseWithdrawn.TYPE]}}
    await database.timeline.update_many(theirs, {"$set": {"own": True}})


async def m006_seals(database: mongo.Database) -> None:
    """Copies from before records were sealed may be forged: workflow sends everything again."""
    await seals.begin(database, upgraded=await replica.distrust(database))


async def m007_subjects_of_answers(database: mongo.Database) -> None:
    """Which cases and submissions an answer tells of, so that an erasure need not look through all of them."""
    await idempotency.create_subjects_index(database)


async def m008_addresses(database: mongo.Database) -> None:
    """What is known of addresses, by names that only this installation can make; and when it is forgotten."""
    key = {"key": Binary(secrets.token_bytes(32))}
    await database["keys"].update_one({"_id": "addresses"}, {"$setOnInsert": key}, upsert=True)
    await database[ADDRESSES].create_index("expires_at", expireAfterSeconds=0, name="expires")


async def m009_given_up(database: mongo.Database) -> None:
    """What was given up, and why: `linli status` and the gauges ask for it again and again."""
    await database.deliveries.create_index(
        [("reason", ASCENDING), ("channel", ASCENDING)],
        name="given_up",
        partialFilterExpression={"state": "failed"},
    )


async def m010_one_index_of_what_is_due(database: mongo.Database) -> None:
    """What is due is counted by the index that it is taken by: each write of a delivery keeps one fewer."""
    if "due" in await database.deliveries.index_information():
        await database.deliveries.drop_index("due")


async def m011_waiting(database: mongo.Database) -> None:
    """What waits to be told in one letter, oldest first: a post that has had very many would be read through for it."""
    await database.deliveries.create_index(
        [("recipient", ASCENDING), ("community", ASCENDING), ("created_at", ASCENDING)],
        name="waiting",
        partialFilterExpression={"state": "due", "kind": NoticeKind.NODE_TRIAGED.value},
    )


async def m012_fewer_indexes(database: mongo.Database) -> None:
    """One index by state in place of three: each write of a delivery looks at every index that there is."""
    newest_first = [("created_at", DESCENDING), ("_id", DESCENDING)]
    by_state = [("state", ASCENDING), ("channel", ASCENDING), *newest_first]
    await database.deliveries.create_index(by_state, name="by_state")
    for name in {"state", "counts", "given_up"} & (await database.deliveries.index_information()).keys():
        await database.deliveries.drop_index(name)


async def m013_together(database: mongo.Database) -> None:
    """What waits to be told in one letter says so itself, whatever its kind."""
    waits = {"state": "due", "kind": NoticeKind.NODE_TRIAGED.value, "channel": Channel.EMAIL.value}
    await database.deliveries.update_many(waits, {"$set": {"together": True}})
    if "waiting" in await database.deliveries.index_information():
        await database.deliveries.drop_index("waiting")
    await database.deliveries.create_index(
        [("recipient", ASCENDING), ("community", ASCENDING), ("created_at", ASCENDING)],
        name="waiting",
        partialFilterExpression={"state": "due", "together": True},
    )


async def m014_sources(database: mongo.Database) -> None:
    """Another topic may have events of the same subject, so streams are keyed by their source too."""
    await key_streams_by_source(database, CaseEvent.SOURCE)


async def m015_readers(database: mongo.Database) -> None:
    """Who reads a neighbourhood's bulletins."""
    await database.bulletin_readers.create_index(
        [("community", ASCENDING), ("neighbourhood", ASCENDING), ("hears", ASCENDING)], name="place"
    )


HISTORY = (
    m001_indexes,
    m002_webhook_key,
    m003_due_by_channel,
    m004_audit,
    m005_own_words,
    m006_seals,
    m007_subjects_of_answers,
    m008_addresses,
    m009_given_up,
    m010_one_index_of_what_is_due,
    m011_waiting,
    m012_fewer_indexes,
    m013_together,
    m014_sources,
    m015_readers,
)
