"""The migrations of intake's database. New ones are added at the end; none is changed once released."""

import secrets
from typing import Any

from bson import Binary
from pymongo import UpdateOne

from intake.submissions.domain.similar import SHOWN_FOR, SHOWN_KINDS
from intake.submissions.store import found_by
from linli.contracts.workflow.community import CommunityPublished
from linli.messaging import inbox_store, outbox, replica, seals
from linli.messaging.streams_by_source import key_streams_by_source
from linli.security import audit
from linli.storage import mongo
from linli.web import idempotency


async def m0001_submissions(database: mongo.Database) -> None:
    """A tracking code, a key and an outside id each lead to one submission; the relay finds what is unsent."""
    submissions = database.submissions
    await submissions.create_index("tracking_code", name="tracking_code", unique=True)
    await submissions.create_index(
        "idempotency.key",
        name="idempotency",
        unique=True,
        partialFilterExpression={"idempotency.key": {"$exists": True}},
    )
    await submissions.create_index(
        [("channel", 1), ("external_id", 1)],
        name="external_id",
        unique=True,
        partialFilterExpression={"external_id": {"$exists": True}},
    )
    await outbox.create_index(submissions)


async def m0002_events(database: mongo.Database) -> None:
    """Events after the first one have an outbox of their own."""
    await outbox.create_index(database.events)


async def m0003_repetitions(database: mongo.Database) -> None:
    """What answers were given for which key, and which batch a key was used for; both are forgotten after days."""
    await idempotency.create_index(database)
    kept = int(idempotency.KEPT.total_seconds())
    await database.batches.create_index("at", expireAfterSeconds=kept, name="at")


async def m0004_pseudonyms(database: mongo.Database) -> None:
    """The key of `resident_id`, once and for ever: with another one, nobody would be recognised any more.

    It comes last: without it nothing is accepted, so nothing is before the indexes above are there.
    """
    await database.keys.update_one(
        {"_id": "pseudonyms"}, {"$setOnInsert": {"key": Binary(secrets.token_bytes(32))}}, upsert=True
    )


async def m0005_surroundings(database: mongo.Database) -> None:
    """What was reported before where somebody is about to report: reports and demands alone, so others cost nothing."""
    shown: dict[str, Any] = {"kind": {"$in": ["report", "demand"]}}
    order = [("community", 1), ("neighbourhood", 1), ("kind", 1), ("received_at", -1)]
    await database.submissions.create_index(order, name="surroundings", partialFilterExpression=shown)
    place: list[tuple[str, int | str]] = [("community", 1), ("location", "2dsphere")]
    await database.submissions.create_index(place, name="location", partialFilterExpression=shown)


async def m0006_audit_and_parked(database: mongo.Database) -> None:
    """What the audit log is asked by; records of the communities' and the keys' topics that could not be read."""
    await audit.create_indexes(database)
    await inbox_store.create_parked_index(database)


async def m0007_residents(database: mongo.Database) -> None:
    """A resident's submissions are found by what they gave of themselves; what is old, by its age."""
    submissions = database.submissions
    for field in ("resident_id", "reporter.phone"):
        there = {field: {"$exists": True}}
        await submissions.create_index(field, name=field, partialFilterExpression=there)
    await submissions.create_index(
        "reporter.email",
        name="reporter.email",
        partialFilterExpression={"reporter.email": {"$exists": True}},
        collation={"locale": "en", "strength": 2},
    )
    for name in ("reporter", "attachments"):
        there = {name: {"$exists": True}}
        await submissions.create_index("received_at", name=f"old_{name}", partialFilterExpression=there)
    await submissions.create_index("received_at", name="received_at")
    await database["photos.files"].create_index("metadata.of", name="of", sparse=True)
    present = await database.list_collection_names()
    for name in ("erasures", "photos.chunks"):  # transactions write to them
        if name not in present:
            await database.create_collection(name)


async def m0008_outside_ids_of_each_community(database: mongo.Database) -> None:
    """Two communities' hotlines may count alike: an outside id is taken within its community."""
    submissions = database.submissions
    await submissions.create_index(
        [("community", 1), ("channel", 1), ("external_id", 1)],
        name="outside",
        unique=True,
        partialFilterExpression={"external_id": {"$exists": True}},
    )
    if "external_id" in await submissions.index_information():
        await submissions.drop_index("external_id")


async def m0009_seals(database: mongo.Database) -> None:
    """Copies from before records were sealed may be forged: workflow sends everything again."""
    await seals.begin(database, upgraded=await replica.distrust(database))


async def m0010_subjects_of_answers(database: mongo.Database) -> None:
    """Which cases and submissions an answer tells of, so that an erasure need not look through all of them."""
    await idempotency.create_subjects_index(database)


async def m0011_photo_days(database: mongo.Database) -> None:
    """How many photos came from where is forgotten two days after."""
    await database.photo_days.create_index("at", expireAfterSeconds=2 * 86_400, name="at")


async def m0012_words(database: mongo.Database) -> None:
    """Who is about to report something finds what was reported before by its words, however much came after it.

    What came in before gets its words here; of those that are shown no longer nobody asks, so they get none.
    """
    submissions = database.submissions
    there: dict[str, Any] = {"words": {"$exists": True}}
    order = [("community", 1), ("words", 1), ("neighbourhood", 1), ("_id", -1)]
    await submissions.create_index(order, name="words", partialFilterExpression=there)
    shown = {
        "received_at": {"$gte": await mongo.server_time(database) - SHOWN_FOR},
        "kind": {"$in": [kind.value for kind in SHOWN_KINDS]},
        "words": None,
        "withdrawn_at": None,
        "erased_at": None,
    }
    wanted = {"kind": 1, "title": 1, "text": 1}
    while found := await submissions.find(shown, wanted).limit(_AT_ONCE).to_list(None):
        changes = [UpdateOne({"_id": each["_id"]}, {"$set": {"words": found_by(each)}}) for each in found]
        await submissions.bulk_write(changes, ordered=False)


_AT_ONCE = 1_000
"""Submissions that get their words together."""


async def m0013_sources(database: mongo.Database) -> None:
    """A parked record names its source."""
    await key_streams_by_source(database, CommunityPublished.SOURCE)


HISTORY = (
    m0001_submissions,
    m0002_events,
    m0003_repetitions,
    m0004_pseudonyms,
    m0005_surroundings,
    m0006_audit_and_parked,
    m0007_residents,
    m0008_outside_ids_of_each_community,
    m0009_seals,
    m0010_subjects_of_answers,
    m0011_photo_days,
    m0012_words,
    m0013_sources,
)
