"""Finds similar matters among very many by an index of the most distinctive words or pairs of letters."""

from collections.abc import Mapping, Sequence
from typing import Any

from linli.storage import mongo
from linli.text.grams import grams_of
from linli.text.likeness import Matter
from linli.text.wording import words_of

ENOUGH, GRAMS_AT_MOST = 4, 24
"""Pairs of letters, each of which is looked up."""
ENOUGH_WORDS, WORDS_AT_MOST = 2, 12
MOST_ALIKE = 200
"""So many documents are looked at for what they say, and so many have each thing that is asked for."""


def distinctive_grams(matter: Matter) -> list[str]:
    """The pairs of letters by which the same matter is likeliest found elsewhere: of words that say something.

    Those of the title and of the places that it names; of the text only where these are too few.
    """
    places = [name + kind for kind, names in matter.places.items() for name in names]
    found = grams_of(words_of(matter.title), matter.place, *places)
    if len(found) < ENOUGH:
        found |= grams_of(matter.words)
    return sorted(found, key=lambda gram: (len(gram) == 1, gram))[:GRAMS_AT_MOST]


def distinctive_words(title: str, text: str = "") -> list[str]:
    """The words that tell most of a matter, a dozen at most: a fourth of the pairs, where each one costs.

    Those of the title; of the text only where these are too few.
    """
    found = words_of(title).split()
    if len(found) < ENOUGH_WORDS:
        found += words_of(text).split()
    return list(dict.fromkeys(found))[:WORDS_AT_MOST]


async def sharing_most(
    collection: mongo.Collection, where: Mapping[str, Any], field: str, asked: Sequence[str]
) -> list[str]:
    """The ids of the documents that have most of what is asked for in a field, of each the newest that have it.

    What few have counts for more, or what shares two common words would hide what shares a rare one. An index
    has to begin with what `where` and the field ask for and to go on with `_id`.
    """
    if not asked:
        return []
    first, *others = [_having({**where, field: each}) for each in asked]
    union = [{"$unionWith": {"coll": collection.name, "pipeline": each}} for each in others]
    shared: list[dict[str, Any]] = [
        {"$group": {"_id": "$ids", "shared": {"$sum": "$share"}}},
        {"$sort": {"shared": -1, "_id": -1}},
        {"$limit": MOST_ALIKE},
    ]
    return [row["_id"] async for row in collection.aggregate([*first, *union, *shared])]


def _having(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Steps to `{ids, share}`: the newest that have one thing, and one part in so many for each of them."""
    return [
        {"$match": wanted},
        {"$sort": {"_id": -1}},
        {"$limit": MOST_ALIKE},
        {"$group": {"_id": None, "ids": {"$push": "$_id"}}},
        {"$project": {"ids": 1, "share": {"$divide": [1, {"$size": "$ids"}]}}},
        {"$unwind": "$ids"},
    ]
