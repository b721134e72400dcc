"""The indexes of mediations."""

from linli.storage import mongo


async def mediation_001_indexes(database: mongo.Database) -> None:
    """The collections exist before a first transaction writes to them."""
    await database.mediations.create_index("visit_at", name="visit", sparse=True)
    await database.mediations.create_index([("community", 1), ("opened_at", 1)], name="community")
    await database.mediation_papers.create_index([("mediation", 1), ("kind", 1)], name="mediation")
    await database.mediation_papers.create_index("code_hash", name="code", unique=True, sparse=True)
    await database.mediation_papers.create_index("ended_at", name="ended", sparse=True)
    await database.mediators.create_index([("community", 1), ("_id", 1)], name="community")


MIGRATIONS = (mediation_001_indexes,)
