"""Codes for households of one affair, as they are asked for."""

from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id
from linli.storage import mongo
from neighbourhood.affairs.codes import in_groups
from neighbourhood.affairs.household_codes import HouseholdCodes

AT_ONCE = 500


class CodesFor(Record):
    """The households that get one now, by their opaque ids."""

    households: Annotated[list[Id], Field(min_length=1, max_length=AT_ONCE)] = Field(examples=[["h-0af31c9b2d"]])


class HouseholdsCode(Record):
    """What is printed for a household."""

    household: Id
    code: str


async def new_codes(codes: HouseholdCodes, affair: str, to: CodesFor, session: mongo.Session) -> list[HouseholdsCode]:
    made = await codes.make(affair, to.households, session)
    return [HouseholdsCode(household=household, code=in_groups(code)) for household, code in made.items()]
