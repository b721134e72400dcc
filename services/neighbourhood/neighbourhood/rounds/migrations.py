"""What rounds need of the database."""

from linli.storage import mongo


async def rounds_001_indexes(database: mongo.Database) -> None:
    """Rounds of a place; answers to a round, those that wait to become demands, and whose a demand is."""
    await database.rounds.create_index([("community", 1), ("neighbourhood", 1), ("_id", 1)], name="place")
    await database.rounds.create_index([("stage", 1), ("_id", 1)], name="stage")
    await database.round_responses.create_index([("round", 1), ("_id", 1)], name="round")
    await database.round_responses.create_index([("round", 1), ("waiting", 1), ("_id", 1)], name="waiting")
    await database.round_responses.create_index("raised", name="raised")
    await database.round_reach.create_index("round", name="round")
    await database.round_needs_aside.create_index("round", name="round")


async def rounds_002_collections(database: mongo.Database) -> None:
    """Collections that transactions write to exist before them, so that no first answer meets a catalogue change."""
    present = await database.list_collection_names()
    for name in ("round_codes", "round_households"):
        if name not in present:
            await database.create_collection(name)


async def rounds_003_photos(database: mongo.Database) -> None:
    """Those of a household's answer, and those that wait to be named."""
    await database.round_photos.create_index("response", name="response")
    await database.round_photos.create_index("at", name="waiting", partialFilterExpression={"named": False})


MIGRATIONS = (rounds_001_indexes, rounds_002_collections, rounds_003_photos)
