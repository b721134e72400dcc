"""Codes by which a household takes part in one affair: objects to a plan, comments on a covenant, signs it.

Who has a code speaks for the household. It is told once, where it is made; a further one ends the one before it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pymongo import UpdateOne

from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problems import Problem, unknown_code
from neighbourhood.affairs.codes import hash_of, new_code
from neighbourhood.affairs.office import Place

NO_CODE = Localized("Nothing is known under this code.", "没有查到这个编码。")


class HouseholdOf(NamedTuple):
    """Whose code it is, and in which affair it counts."""

    affair: str
    household: str


Unknown: TypeAlias = Callable[[Place, Sequence[str]], Awaitable[Sequence[str]]]
"""Which of these households a neighbourhood does not have; none where nobody has listed its doors."""


class HouseholdCodes:
    """Those of all affairs."""

    def __init__(self, database: mongo.Database) -> None:
        self._codes, self._households = database.household_codes, database.affair_households
        self._unknown: Unknown | None = None

    def listed_by(self, unknown: Unknown) -> None:
        """Let a later context say which households there are."""
        self._unknown = unknown

    async def check(self, place: Place, households: Sequence[str]) -> None:
        """Raises 422, with each household that the place's register does not have."""
        unknown = set(await self._unknown(place, households)) if self._unknown else set()
        if unknown:
            said = Localized("The register of this place has no such household.", "本小区的名册里没有这一户。")
            errors = [
                {"field": f"households.{at}", "message": said} for at, each in enumerate(households) if each in unknown
            ]
            raise Problem("invalid", 422, said, reason="unknown_household", errors=errors)

    async def make(self, affair: str, households: Sequence[str], session: mongo.Session) -> Mapping[str, str]:
        """A new code for each of these; by household."""
        codes = {household: new_code() for household in dict.fromkeys(households)}
        documents = [
            {"_id": hash_of(code), "affair": affair, "household": household} for household, code in codes.items()
        ]
        if documents:
            await self._codes.insert_many(documents, ordered=False, session=session)
            newest = [
                UpdateOne({"_id": f"{affair}~{each['household']}"}, {"$set": {"code": each["_id"]}}, upsert=True)
                for each in documents
            ]
            await self._households.bulk_write(newest, ordered=False, session=session)
        return codes

    async def whose(self, code: str, session: mongo.Session | None = None) -> HouseholdOf:
        """Raises 404 for a code that there is not, 409 for one that counts no more."""
        found = await self._codes.find_one({"_id": hash_of(code)}, session=session)
        if found is None:
            raise unknown_code(NO_CODE)
        newest = await self._households.find_one({"_id": f"{found['affair']}~{found['household']}"}, session=session)
        if newest is None or newest["code"] != found["_id"]:
            ended = Localized("This code counts no more: another one was made.", "该编码已失效：已另发新码。")
            raise Problem("not_allowed", 409, ended, reason="old-code")
        return HouseholdOf(found["affair"], found["household"])
