"""Ids of households and owners are made with a secret. With another one the same door would be another household, which
could answer once more and whose ballot nobody would find: then the service does not start."""

import asyncio
import hmac
from functools import partial
from hashlib import sha256

from linli.application.settings import SettingsError
from linli.application.worker import until_done
from linli.storage import mongo

KEY = "register.key"
"""The secret's file."""


async def hold_to(database: mongo.Database, key: str) -> None:
    """The first key that a database sees is its own. Raises `SettingsError` for another one."""
    ours = hmac.new(key.encode(), KEY.encode(), sha256).hexdigest()
    kept = database.kept_keys
    await kept.update_one({"_id": KEY}, {"$setOnInsert": {"fingerprint": ours}}, upsert=True)
    found = await kept.find_one({"_id": KEY})
    if found is not None and not hmac.compare_digest(found["fingerprint"], ours):
        raise SettingsError(
            f"{KEY} is not the one that the households of the database {database.name} have their ids from: with it "
            "they could answer and vote once more. Put back the one that the database began with "
            "(docs/operations.md#restore)"
        )


async def watch(database: mongo.Database, key: str) -> None:
    """The same as soon as MongoDB is there, in the background."""
    await until_done("register_key", partial(hold_to, database, key))
    await asyncio.Event().wait()
