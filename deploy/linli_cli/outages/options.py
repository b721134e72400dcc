"""What the commands for outages take, and what that is in a report."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.community.known_names import UnknownName, neighbourhoods_of
from linli_cli.terminal.errors import CliError, UsageFault
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.times import UNITS, parse_time

Party = Annotated[str, typer.Argument(metavar="PARTY", help="Id or name of the company.")]
OutageName = Annotated[str, typer.Argument(metavar="OUTAGE", help="The company's own name for the outage.")]
CommunityName = Annotated[
    str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
]
Neighbourhoods = Annotated[
    list[str] | None,
    typer.Option("--neighbourhood", metavar="ID", help="Id or name of a whole neighbourhood; may be repeated."),
]
Buildings = Annotated[
    list[str] | None,
    typer.Option("--building", metavar="ID/NAME", help="A neighbourhood and a building of it; may be repeated."),
]
PolygonFile = Annotated[
    Path | None, typer.Option("--polygon", metavar="FILE", help="A GeoJSON polygon in longitude and latitude.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="When it is expected to be over: a time, or 3h from now.")
]
Sure = Annotated[str | None, typer.Option("--confidence", metavar="LEVEL", help="low, medium or high.")]
Message = Annotated[str | None, typer.Option("--message", metavar="TEXT", help="For those who wait.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


def ahead(text: str | None) -> str | None:
    """A time as somebody types it, or from now on: `3h`. Raises UsageFault."""
    if text is None:
        return None
    now = datetime.now(UTC)
    if span := re.fullmatch(r"(\d{1,4})([mhd])", text):
        return (now + timedelta(**{UNITS[span[2]]: int(span[1])})).isoformat()
    return parse_time(text, now).isoformat()


def area_of(
    neighbourhoods: list[str] | None, buildings: list[str] | None, polygon: Path | None, community: Any
) -> dict[str, Any]:
    """The area that was named, with ids for names. Raises CliError, UsageFault."""
    if not neighbourhoods and not buildings and polygon is None:
        raise UsageFault(say("Say where: --neighbourhood, --building or --polygon."))
    known = neighbourhoods_of(community)
    area: dict[str, Any] = {}
    try:
        if neighbourhoods:
            area["neighbourhoods"] = [known.id_of(each) for each in neighbourhoods]
        if buildings:
            area["buildings"] = [
                {"neighbourhood": known.id_of(place), "name": name} for place, name in map(_parted, buildings)
            ]
    except UnknownName as error:
        raise CliError(f"{str(error)[0].upper()}{str(error)[1:]}") from error
    return area | ({"polygon": _polygon(polygon)} if polygon else {})


def _parted(building: str) -> tuple[str, str]:
    place, slash, name = building.partition("/")
    if not slash or not place or not name:
        raise UsageFault(say("A building is written NEIGHBOURHOOD/NAME, not {said}.", said=building[:40]))
    return place, name


def _polygon(path: Path) -> Any:
    try:
        shape = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CliError(say("{file} cannot be read: {why}.", file=path, why=of_file(error))) from error
    except ValueError as error:
        raise CliError(say("{file} is no JSON.", file=path)) from error
    if isinstance(shape, dict) and shape.get("type") == "Feature":
        shape = shape.get("geometry")
    return shape
