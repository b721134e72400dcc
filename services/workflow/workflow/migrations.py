"""The migrations of workflow's database. New ones are added at the end; none is changed once released."""

from pymongo import UpdateOne

from linli.contracts.intake.submission import OfSubmission
from linli.contracts.workflow.case import CaseState
from linli.messaging import inbox_store, outbox, seals
from linli.messaging.streams_by_source import key_streams_by_source
from linli.security import audit
from linli.storage import mongo
from linli.web import idempotency
from workflow.cases.document import case_of, indexed


async def m001_case_indexes(database: mongo.Database) -> None:
    """What lists, counts and tracking look cases up by."""
    await database.cases.create_index("tracking_hash", unique=True, name="tracking_hash")
    await database.cases.create_index("opened_at", name="opened_at")
    for field in ("state", "party", "community", "neighbourhood", "category", "kind"):
        await database.cases.create_index([(field, 1), ("_id", -1)], name=field)


async def m002_event_indexes(database: mongo.Database) -> None:
    """A case's history in order, and what is unsent."""
    await database.events.create_index([("subject", 1), ("sequence", 1)], unique=True, name="story")
    await outbox.create_index(database.events)


async def m003_inbox_indexes(database: mongo.Database) -> None:
    """Held and parked records; remembered idempotency keys."""
    await inbox_store.create_indexes(database)
    await idempotency.create_index(database)


async def m004_collections(database: mongo.Database) -> None:
    """Collections that transactions write to exist before them, so that no first batch meets a catalogue change."""
    present = await database.list_collection_names()
    for name in ("inbox_offsets", "inbox_streams", "communities", "community_versions", "idempotency", "leases"):
        if name not in present:
            await database.create_collection(name)


async def m005_due_cases(database: mongo.Database) -> None:
    """The timer's queue; a case from before there was one is looked at once, and then has its next moment."""
    await database.cases.create_index("due_at", sparse=True, name="due")
    await database.cases.create_index(
        [("escalated_to", 1), ("_id", -1)],
        partialFilterExpression={"escalated_to": {"$exists": True}},
        name="escalated_to",
    )
    states = (CaseState.TRIAGE, CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.RETURNED)
    open_states = [state.value for state in states]
    day, week = ({"$add": ["$$NOW", days * 86_400_000]} for days in (1, 7))
    # Nobody has watched until now: what is late already gets another day before it goes up.
    running = {
        "due_at": "$$NOW",
        "clock_from": "$$NOW",
        "accept_by": {"$max": ["$accept_by", day]},
        "resolve_by": {"$max": [{"$ifNull": ["$resolve_by", week]}, day]},
        "first_party": "$party",
    }
    unwatched = {"due_at": {"$exists": False}, "clock_from": {"$exists": False}}
    await database.cases.update_many({"state": {"$in": open_states}} | unwatched, [{"$set": running}])
    resolved = {"due_at": "$$NOW", "resolved_at": {"$ifNull": ["$resolved_at", "$updated_at"]}}
    await database.cases.update_many({"state": CaseState.RESOLVED.value} | unwatched, [{"$set": resolved}])


async def m006_api_keys(database: mongo.Database) -> None:
    """Keys are written in a transaction; so is the first one."""
    if "api_keys" not in await database.list_collection_names():
        await database.create_collection("api_keys")


async def m007_surroundings(database: mongo.Database) -> None:
    """What may be the same matter: cases of a neighbourhood by state, newest first, and cases near a point."""
    order = [("community", 1), ("neighbourhood", 1), ("state", 1), ("_id", -1)]
    await database.cases.create_index(order, name="surroundings")
    await database.cases.create_index([("community", 1), ("location", "2dsphere")], name="location")


async def m008_audit(database: mongo.Database) -> None:
    """What the audit log is asked by."""
    await audit.create_indexes(database)


async def m009_awaiting_follow_up(database: mongo.Database) -> None:
    """Whom to call: what is resolved and has no answer yet."""
    resolved = {"state": CaseState.RESOLVED.value}
    await database.cases.update_many(resolved | {"answers": {"$exists": False}}, {"$set": {"answers": 0}})
    await database.cases.create_index(
        [("answers", 1), ("_id", -1)],
        partialFilterExpression=resolved | {"answers": 0},
        name="awaiting_follow_up",
    )


async def m010_evidence_files(database: mongo.Database) -> None:
    """Which files are a case's: an erasure deletes them, in a transaction."""
    await database["photos.files"].create_index("metadata.of", name="of", sparse=True)
    if "photos.chunks" not in await database.list_collection_names():
        await database.create_collection("photos.chunks")


async def m011_families(database: mongo.Database) -> None:
    """What follows a case, and what it was split into."""
    for field in ("merged_into", "part_of"):
        await database.cases.create_index(
            [(field, 1), ("_id", -1)], partialFilterExpression={field: {"$exists": True}}, name=field
        )


async def m012_searching(database: mongo.Database) -> None:
    """What cases are found by: their words, what they are called outside; and the orders in which they are listed."""
    await database.cases.create_index([("grams", 1), ("neighbourhood", 1), ("_id", -1)], name="words")
    await database.cases.create_index("external_id", sparse=True, name="external_id")
    await database.cases.create_index([("submitted_at", 1), ("_id", 1)], name="age")
    await database.cases.create_index([("owed_by", 1), ("_id", 1)], sparse=True, name="owed_by")
    await database.cases.create_index([("updated_at", -1), ("_id", -1)], name="updated_at")
    while found := await database.cases.find({"grams": {"$exists": False}}).limit(_AT_ONCE).to_list(None):
        changes = [UpdateOne({"_id": doc["_id"]}, {"$set": indexed(case_of(doc))}) for doc in found]
        await database.cases.bulk_write(changes, ordered=False)


_AT_ONCE = 1_000
"""Cases that get their words together."""


async def m013_seals(database: mongo.Database) -> None:
    """Records without a seal are of the version before, for a day, where there was one."""
    await seals.begin(database, upgraded=await database.inbox_offsets.find_one({}) is not None)


async def m014_subjects_of_answers(database: mongo.Database) -> None:
    """Which cases and submissions an answer tells of, so that an erasure need not look through all of them."""
    await idempotency.create_subjects_index(database)


async def m015_calls(database: mongo.Database) -> None:
    """A community's cases by when they were called in: reports and lists go by it."""
    await database.cases.create_index([("community", 1), ("submitted_at", 1)], name="calls")


async def m016_sources(database: mongo.Database) -> None:
    """Another topic may have events of the same subject, so streams are keyed by their source too."""
    await key_streams_by_source(database, OfSubmission.SOURCE)


HISTORY = (
    m001_case_indexes,
    m002_event_indexes,
    m003_inbox_indexes,
    m004_collections,
    m005_due_cases,
    m006_api_keys,
    m007_surroundings,
    m008_audit,
    m009_awaiting_follow_up,
    m010_evidence_files,
    m011_families,
    m012_searching,
    m013_seals,
    m014_subjects_of_answers,
    m015_calls,
    m016_sources,
)
