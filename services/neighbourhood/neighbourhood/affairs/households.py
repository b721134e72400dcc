"""Codes for households of one affair, as they are asked for."""

from typing import Annotated, Any, Self

from fastapi import Path, Query, Response
from pydantic import Field, model_validator

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id, Wording
from linli.security.principals import Principal
from linli.text.fields import Line
from linli.web.localized import Localized
from linli.web.problems import not_found
from neighbourhood.affairs.office import Office
from neighbourhood.affairs.texts import Texts

AT_ONCE = 500
HouseholdId = Annotated[Id, Path(examples=["h-0af31c9b2d"])]


AS = Annotated[str | None, Query(alias="as", pattern="^pdf$", description="`pdf`: a letter for each door")]
DELIVERED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The codes, or with `as=pdf` the letters"}
}


class CodesFor(Record):
    """The households that get one now: by their opaque ids, or by their doors, such as `3号楼1单元402`."""

    households: Annotated[list[Id], Field(max_length=AT_ONCE)] = Field([], examples=[["h-0af31c9b2d"]])
    doors: Annotated[list[Annotated[str, Line(100, 1)]], Field(max_length=AT_ONCE)] = Field([], examples=[[]])
    office: Wording | None = Field(None, description="Who helps, and where; of the PDF")
    two_sided: bool = False
    """Of the PDF: with empty pages, so that no letter is another one's back."""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not 1 <= len(self.households) + len(self.doors) <= AT_ONCE:
            raise ValueError(Localized(f"name 1 to {AT_ONCE} households or doors", f"请写明 1 至 {AT_ONCE} 户或门牌"))
        return self


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
