"""What votes need of the database."""

from linli.storage import mongo


async def votes_001_indexes(database: mongo.Database) -> None:
    """Registers and votes of a place; ballots of a vote; doors and names of a register."""
    for name in ("registers", "votes"):
        await database[name].create_index([("community", 1), ("neighbourhood", 1), ("_id", 1)], name="place")
    for name in ("ballots", "ballot_box", "ballot_sums"):
        await database[name].create_index("vote", name="vote")
    for name in ("register_doors", "register_owners"):
        await database[name].create_index([("register", 1), ("owner", 1)], name="register")


async def votes_002_collections(database: mongo.Database) -> None:
    """Collections that transactions write to exist before them, so that no first ballot meets a catalogue change."""
    present = await database.list_collection_names()
    for name in ("ballot_codes", "register_snapshots"):
        if name not in present:
            await database.create_collection(name)


async def votes_003_seals(database: mongo.Database) -> None:
    """A seal is found, and a page of them read, without any ballot: it stands beside the state, and in an index."""
    seal = {"$regexFind": {"input": "$state", "regex": '"seal":"([0-9a-f]{64})"'}}
    beside = {"$let": {"vars": {"found": seal}, "in": {"$arrayElemAt": ["$$found.captures", 0]}}}
    await database["ballots"].update_many({"seal": {"$exists": False}}, [{"$set": {"seal": beside}}])
    await database["ballots"].create_index([("vote", 1), ("seal", 1)], name="seals")


MIGRATIONS = (votes_001_indexes, votes_002_collections, votes_003_seals)
