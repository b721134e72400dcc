"""Registers of owners: brought in as a list, checked line by line, corrected, frozen."""

import hashlib
from typing import Annotated

import orjson
from fastapi import Query, Request, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.permissions import KEEP_REGISTERS, READ_AFFAIRS, READ_REGISTERS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.bodies import read_body, takes
from linli.web.given import given
from neighbourhood.affairs.allowed import leads
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import AffairId, Handed, HandedDep, Verb, add_verbs
from neighbourhood.papers.registers.form import MEDIA_TYPE, form
from neighbourhood.papers.registers.reading import RegisterReader, rows_of
from neighbourhood.papers.registers.tables import MOST_BYTES as FILE_BYTES
from neighbourhood.votes.domain.register import CorrectEntry, Freeze, Register
from neighbourhood.votes.domain.register_rows import Row, area_of
from neighbourhood.votes.registers import UNITS_AT_MOST, Listed, Registers, told

routes = router(prefix="/v1/registers", tags=["registers"])
RegistersDep = Annotated[Registers, given(Registers)]
MOST_BYTES = 32 * 1024 * 1024
"""Of a list: fifty thousand units of the usual length."""
Cell = Annotated[str, Line(200)]


class Unit(Record):
    """One line of a list, as it was written."""

    door: Cell = Field(examples=["3号楼1单元402"])
    stairwell: Cell = Field(examples=["3号楼1单元"])
    area: Cell = Field(examples=["60.00"], description="㎡, two decimals at most")
    area_from: Cell = Field("登记簿", description="登记簿, 实测 or 合同")
    owner: Cell = Field(description="The owner's name; several in common together")
    owner_key: Cell = Field(description="What tells two owners of one name apart: a document's number. Not kept.")


class NewRegister(Record):
    """A list of units and owners."""

    community: Slug
    neighbourhood: Slug
    units: Annotated[list[Unit], Field(max_length=UNITS_AT_MOST)]
    total_area: Annotated[str, Line(20)] | None = Field(None, description="㎡ that all must add up to")
    doubts_seen: bool = Field(False, description="Somebody has looked at each doubt that a check has told")

    def listed(self) -> Listed:
        """Its lines, numbered from 1, and the hash of what was sent."""
        rows = tuple(
            Row(at, each.door, each.stairwell, each.area, each.area_from, each.owner, each.owner_key)
            for at, each in enumerate(self.units, start=1)
        )
        source = hashlib.sha256(orjson.dumps([list(row) for row in rows])).hexdigest()
        return Listed(rows, source, area_of(self.total_area) if self.total_area else None, self.doubts_seen)


class RegisterSummary(Record):
    """A register without its entries."""

    id: Id
    community: Slug
    neighbourhood: Slug
    units: int
    heads: int
    area: int = Field(description="Hundredths of a ㎡")
    snapshots: dict[Id, Digest]
    version: int


class CheckedLine(Record):
    """What is wrong, or doubtful, in a line."""

    line: int
    message: str


class CheckedList(Record):
    """What a list comes to; nothing was kept."""

    units: int
    faults: list[CheckedLine]
    doubts: list[CheckedLine]


_UNIT = {
    **{"door": "3号楼1单元402", "stairwell": "3号楼1单元", "area": "60.00", "area_from": "登记簿"},
    **{"owner": "王秀英", "owner_key": "370202…01"},
}
_EXAMPLE = {"community": "fushan-road", "neighbourhood": "yard-3", "units": [_UNIT]}
_CONTENT = {"application/json": {"schema": NewRegister.model_json_schema(), "example": _EXAMPLE}}


@routes.post(
    "",
    dependencies=[needs(KEEP_REGISTERS), takes(MOST_BYTES)],
    response_model=RegisterSummary,
    status_code=201,
    responses={200: {"model": CheckedList, "description": "With `check`"}, **problems(400, 403, 409, 413, 422, 503)},
    openapi_extra={"requestBody": {"required": True, "content": _CONTENT}},
)
async def bring_in(
    request: Request,
    who: Who,
    handed: HandedDep,
    registers: RegistersDep,
    check: Annotated[bool, Query(description="Only say what is wrong in it")] = False,
) -> Response:
    """Take a list of units and owners. A fault keeps it out; a doubt is for a person to look at and confirm."""
    new = await read_body(request, NewRegister)
    place = Place(new.community, new.neighbourhood)
    leads(who, registers.communities.place(place.community, place.neighbourhood))
    return await _taken(request, who, handed, registers, place, new.listed(), check)


async def _taken(
    request: Request,
    who: Principal,
    handed: Handed,
    registers: Registers,
    place: Place,
    listed: Listed,
    check: bool,
) -> Response:
    if check:
        about(request, [])
        found = await registers.checked(place, listed)
        faults, doubts = told(found)
        answer = {"units": len(found.entries), "faults": faults, "doubts": doubts}
        return Response(orjson.dumps(answer), media_type="application/json")
    id = str(uuid7())
    about(request, [id])
    what = ["register", place.community, place.neighbourhood, listed.source, listed.doubts_seen]
    return await handed.once(
        registers, what, lambda asked: registers.compile(id, place, listed, who.id, asked), summary, 201
    )


@routes.post(
    ":file",
    dependencies=[needs(KEEP_REGISTERS), takes(FILE_BYTES)],
    response_model=RegisterSummary,
    status_code=201,
    responses={200: {"model": CheckedList, "description": "With `check`"}, **problems(400, 403, 409, 413, 422, 503)},
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}}}},
)
async def bring_in_a_file(
    request: Request,
    who: Who,
    handed: HandedDep,
    registers: RegistersDep,
    reader: Annotated[RegisterReader, given(RegisterReader)],
    community: Slug,
    neighbourhood: Slug,
    check: Annotated[bool, Query(description="Only say what is wrong in it")] = False,
    doubts_seen: Annotated[bool, Query(description="Somebody has looked at each doubt")] = False,
) -> Response:
    """The same as a spreadsheet: XLSX, XLS, ODS or CSV with headings as clerks write them; each fault by its row."""
    place = Place(community, neighbourhood)
    leads(who, registers.communities.place(community, neighbourhood))
    content = await request.body()
    file = await reader.read(content, who.id)
    rows = tuple(rows_of(file, str))
    listed = Listed(rows, hashlib.sha256(content).hexdigest(), file.total_area, doubts_seen, file.faults, file.doubts)
    return await _taken(request, who, handed, registers, place, listed, check)


@routes.get(":form", dependencies=[needs(READ_AFFAIRS)], responses={200: {"content": {MEDIA_TYPE: {}}}})
async def empty_form() -> Response:
    """The spreadsheet that a register is filled into."""
    named = {"Content-Disposition": 'attachment; filename="register.xlsx"'}
    return Response(form(), media_type=MEDIA_TYPE, headers=named)


@routes.get("", dependencies=[needs(READ_AFFAIRS)])
async def listing(who: Who, registers: RegistersDep, community: Slug, neighbourhood: Slug) -> list[RegisterSummary]:
    """A neighbourhood's registers."""
    found = await registers.of_place(who, Place(community, neighbourhood))
    return [RegisterSummary.model_validate(summary(each)) for each in found]


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], responses=problems(404))
async def view(id: AffairId, who: Who, registers: RegistersDep) -> RegisterSummary:
    """A register's figures."""
    return RegisterSummary.model_validate(summary(await registers.seen(id, who)))


class Owner(Record):
    """Who owns what. Personal data."""

    owner: Id
    name: str
    doors: list[str]
    units: list[Id]
    stairwells: list[Id]
    area: int


@routes.get("/{id}/owners", dependencies=[needs(READ_REGISTERS)], responses=problems(404))
async def owners(id: AffairId, who: Who, registers: RegistersDep) -> list[Owner]:
    """Doors and names, as the list had them."""
    register = await registers.led(id, who)
    known = await registers.people.known(id)
    found: dict[str, Owner] = {}
    for entry in register.entries.values():
        before = found.get(entry.owner)
        door = known.doors.get(entry.unit, "")
        found[entry.owner] = Owner(
            owner=entry.owner,
            name=known.names.get(entry.owner, ""),
            doors=[*(before.doors if before else []), door],
            units=[*(before.units if before else []), entry.unit],
            stairwells=[*(before.stairwells if before else []), entry.stairwell],
            area=(before.area if before else 0) + entry.area,
        )
    return list(found.values())


def summary(register: Register) -> dict[str, object]:
    """What is told of a register without its entries."""
    return {
        "id": register.id,
        "community": register.community,
        "neighbourhood": register.neighbourhood,
        "units": len(register.entries),
        "heads": len({entry.owner for entry in register.entries.values()}),
        "area": sum(entry.area for entry in register.entries.values()),
        "snapshots": dict(register.snapshots),
        "version": register.version,
    }


add_verbs(
    routes,
    Registers,
    RegisterSummary,
    [
        Verb("correct", CorrectEntry, KEEP_REGISTERS, {
            "entry": {"unit": "u-01", "stairwell": "s-1", "area": 6000, "area_from": "registry", "owner": "o-01"},
            "because": "sold", "evidence": "0" * 64,
        }),
        Verb("freeze", Freeze, KEEP_REGISTERS, {"snapshot_id": "s-2026-1"}),
    ],
    summary,
)  # fmt: skip
