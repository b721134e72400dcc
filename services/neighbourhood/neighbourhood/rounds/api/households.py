"""Households of a round for staff: invited by letter, and whether they have answered."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi import Response as Answer
from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import INVITE_HOUSEHOLDS, READ_HOUSEHOLDS
from linli.contracts.neighbourhood.responses import ResponseChannel
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.given import given
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.communities.domain.directory import Directory
from neighbourhood.papers.letters import MOST_DOORS
from neighbourhood.papers.press import Press
from neighbourhood.rounds.api.answers import TakingDep
from neighbourhood.rounds.api.rounds import ResponsesDep, RoundsDep
from neighbourhood.rounds.domain.checking import to_be_read
from neighbourhood.rounds.domain.response import Response, Said
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.letters import letters_of, link_of, with_codes
from neighbourhood.rounds.needs import Needs
from neighbourhood.rounds.office import Rounds

routes = router(prefix="/v1/rounds", tags=["households"])
HouseholdsDep = Annotated[Households, given(Households)]
NeedsDep = Annotated[Needs, given(Needs)]
PressDep = Annotated[Press, given(Press)]
HouseholdId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", examples=["h-0af31c9b2d"])]
Door = Annotated[str, Line(100, 1)]
_SCAN = "0" * 64


class Invited(Record):
    """Whose letters are printed now: the doors of a stairwell."""

    building: Slug = Field(examples=["b3"])
    doors: Annotated[list[Door], Field(min_length=1, max_length=MOST_DOORS)] = Field(examples=[["3号楼1单元401"]])
    about: Wording | None = Field(None, description="What the round is for, in a few sentences; of the PDF")
    office: Wording | None = Field(None, description="Where sheets go and who helps; of the PDF")
    two_sided: bool = False


class Letter(Record):
    """What is printed for a household. The code is told here once; who loses it gets another letter."""

    household: Id
    door: str
    code: str
    link: str


class HouseholdLine(Record):
    """A household, and whether it has answered. Personal data."""

    household: Id
    door: str
    building: Slug
    said: Said
    channel: ResponseChannel | None
    checked: bool
    differs: tuple[Slug, ...]
    photos: tuple[Digest, ...]
    """What it sent with its answer: `…/households/{household}/photos/{sha256}`."""
    to_be_read: bool
    """Whether a second person has to read its sheet, once the round is closed."""


@routes.post(
    "/{id}/households:invite",
    dependencies=[needs(INVITE_HOUSEHOLDS)],
    response_model=list[Letter],
    responses={
        200: {"content": {"application/pdf": {}}, "description": "The codes, or with `as=pdf` the letters"},
        **problems(403, 404, 409, 422, 503),
    },
)
async def invite(
    id: AffairId,
    to: Invited,
    who: Who,
    rounds: RoundsDep,
    taking: TakingDep,
    households: HouseholdsDep,
    press: PressDep,
    format: Annotated[str | None, Query(alias="as", pattern="^pdf$", description="`pdf`: the letters")] = None,
) -> Any:
    """Make letters with personal codes for a stairwell. A further letter ends the code of the one before."""
    round, directory = await led(id, who, rounds)
    those = households.at(rounds.place_of(round), dict.fromkeys(to.doors))
    if format == "pdf":  # before any code is made that nobody would get
        letters_of(round, directory, [], rounds.residents_url, rounds.now())
    codes = await taking.invite(round, to.building, those, who.id)
    made = with_codes(those, codes)
    if format is None:
        url = rounds.residents_url
        return [Letter(household=each.id, door=each.door, code=code, link=link_of(url, code)) for each, code in made]
    sheet = letters_of(
        round,
        directory,
        made,
        rounds.residents_url,
        rounds.now(),
        about=to.about,
        office=to.office,
        two_sided=to.two_sided,
    )
    name = {"Content-Disposition": 'attachment; filename="letters.pdf"', "Cache-Control": "no-store"}
    return Answer(await press.pdf(sheet, who.id), media_type="application/pdf", headers=name)


@routes.get("/{id}/households", dependencies=[needs(READ_HOUSEHOLDS)], responses=problems(403, 404))
async def listing(
    id: AffairId,
    request: Request,
    who: Who,
    rounds: RoundsDep,
    responses: ResponsesDep,
    households: HouseholdsDep,
    building: Annotated[Slug | None, Query(description="Only of one building")] = None,
) -> list[HouseholdLine]:
    """Whom the round has reached, door by door; each look stands in the audit log."""
    round = await rounds.led(id, who)
    about(request, [id])
    only: dict[str, Any] = {"building": building} if building else {}
    wanted = await responses.all_of(id, **only)
    doors = await households.doors(rounds.place_of(round), [each.household for each in wanted])
    again = _to_be_read(round, await responses.all_of(id, paper=True), rounds)
    return [line_of(each, doors.get(each.household, ""), to_be_read=each.id in again) for each in wanted]


async def led(id: str, who: Principal, rounds: Rounds) -> tuple[Round, Directory]:
    """A round of somebody who may lead it. Raises 403, 404."""
    round = await rounds.led(id, who)
    return round, rounds.communities.place(round.community, round.neighbourhood)


def _to_be_read(round: Round, found: list[Response], rounds: Rounds) -> frozenset[str]:
    if round.seed is None:
        return frozenset()
    return to_be_read(found, round.seed, rounds.rules_of(round))


def line_of(response: Response, door: str = "", *, to_be_read: bool = False) -> HouseholdLine:
    """Without what it said."""
    return HouseholdLine(
        household=response.household,
        door=door,
        building=response.building,
        said=response.said,
        channel=response.channel if response.counts else None,
        checked=response.checked_by is not None,
        differs=response.differs,
        photos=tuple(sha256 for each in response.answers for sha256 in each.photos) if not response.erased else (),
        to_be_read=to_be_read,
    )
