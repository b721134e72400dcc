"""The indexes of the topology."""

from linli.storage import mongo
from portal.topology.store import KEPT


async def topology_001_indexes(database: mongo.Database) -> None:
    """Samples by time, and those that are whole; both go after seven days, findings seven days after they ended."""
    samples = database.topology_samples
    kept = int(KEPT.total_seconds())
    await samples.create_index("at", expireAfterSeconds=kept, name="at")
    await samples.create_index([("whole", 1), ("at", -1)], name="whole")
    await database.topology_findings.create_index("ended", expireAfterSeconds=kept, name="ended")


MIGRATIONS = (topology_001_indexes,)
