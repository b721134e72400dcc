"""What all affairs share: the texts that they name by hash, their histories, the clock, the press, room for photos."""

from functools import partial

from linli.application.context import Module
from linli.application.kit import Kit
from linli.photos.forms import FormRoom
from linli.photos.limits import MB
from linli.storage import mongo
from linli.storage.disk import Disk
from linli.storage.sharding import Sharded, Sharding, Whole
from neighbourhood.affairs.history import History
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.household_letters import HouseholdLetters
from neighbourhood.affairs.register_key import KEY, watch
from neighbourhood.affairs.texts import Texts
from neighbourhood.affairs.timer import Timer
from neighbourhood.papers.press import Press
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """It has no route of its own."""
    timer, press = Timer(kit), Press()
    room = FormRoom(Disk(kit.database, kit.settings.disk_floor * MB))
    key = kit.settings.secret(KEY)
    codes, doors = HouseholdCodes(kit.database), Households(kit.database, key)
    letters = HouseholdLetters(codes, doors, press, kit.settings.residents_url)
    provides = [Texts(kit.database), codes, doors, letters, History(kit.database), press, timer, room]
    return Module(provides=provides, background={"timer": timer.run, "register_key": partial(watch, kit.database, key)})


async def affairs_001_texts(database: mongo.Database) -> None:
    """The texts of an affair."""
    await database.texts.create_index([("affair", 1), ("person", 1)], name="affair")


async def affairs_002_alarms(database: mongo.Database) -> None:
    """When the clock is to look at which affair."""
    await database.alarms.create_index("at", name="due")


async def affairs_003_household_codes(database: mongo.Database) -> None:
    """They exist before a transaction writes to them."""
    present = await database.list_collection_names()
    for name in ("household_codes", "affair_households"):
        if name not in present:
            await database.create_collection(name)


async def affairs_004_texts_of_a_person(database: mongo.Database) -> None:
    """What one person or household wrote in all affairs, for who is forgotten."""
    theirs = {"person": {"$type": "string"}}
    await database.texts.create_index("person", partialFilterExpression=theirs, name="person")


MIGRATIONS = (affairs_001_texts, affairs_002_alarms, affairs_003_household_codes, affairs_004_texts_of_a_person)
SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("alarms", "kept_keys"), why="Some for each neighbourhood; one."),
    Sharded(
        collection="texts",
        by="affair",
        why="A text is kept and found by the affair that names it.",
        everywhere={"Texts.forget_everywhere": "Who is forgotten is so in all affairs: seldom, and by an index."},
    ),
    Sharded(collection="household_codes", by="_id", why="A code is found by its hash."),
    Sharded(
        collection="affair_households", by="_id", why="A household's newest code is found by affair and household."
    ),
)
