"""Codes for households of one affair, as they are asked for."""

from typing import Annotated, Any

from fastapi import Path, Response
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.problems import not_found
from neighbourhood.affairs.codes import in_groups
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.office import Office
from neighbourhood.affairs.texts import Texts

AT_ONCE = 500
HouseholdId = Annotated[Id, Path(examples=["h-0af31c9b2d"])]


class CodesFor(Record):
    """The households that get one now, by their opaque ids."""

    households: Annotated[list[Id], Field(min_length=1, max_length=AT_ONCE)] = Field(examples=[["h-0af31c9b2d"]])


class HouseholdsCode(Record):
    """What is printed for a household."""

    household: Id
    code: str


async def forgotten(office: Office[Any, Any], texts: Texts, id: str, household: str, who: Principal) -> Response:
    """Take away for good what a household wrote in an affair; that it wrote something stays. Raises 403, 404."""
    await office.led(id, who)
    if not await office.once(lambda session: texts.forget(id, household, session)):
        raise not_found("statement")
    return Response(status_code=204)


async def new_codes(codes: HouseholdCodes, affair: str, to: CodesFor, session: mongo.Session) -> list[HouseholdsCode]:
    made = await codes.make(affair, to.households, session)
    return [HouseholdsCode(household=household, code=in_groups(code)) for household, code in made.items()]
