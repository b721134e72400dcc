"""Where an outage is: neighbourhoods, buildings or a polygon; and whether a report lies there.

Intake and workflow ask the same question of the same report, so it stands here once.
"""

from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.workflow.outlines import Polygon, Position, closed
from linli.text.fields import Impersonal, Line
from linli.text.visible import folded
from linli.text.wording import BUILDING, places_of
from linli.web.localized import Localized

READ = 600
"""Characters of a report that are looked at."""


class Building(Record):
    """A building of a neighbourhood, as people call it: `3号楼`, `Building 3`."""

    neighbourhood: Slug = Field(examples=["huaiyin-li"])
    name: Annotated[str, Line(40, 1), Impersonal] = Field(examples=["3号楼"])

    @property
    def key(self) -> str:
        """By what it is known, however it is written."""
        return _key(self.name)


_Ring = Annotated[tuple[Position, ...], Field(min_length=4, max_length=1_000), BeforeValidator(closed)]


class OutagePolygon(Polygon):
    """A GeoJSON polygon of bounded size; further rings are holes."""

    coordinates: tuple[_Ring, ...] = Field(min_length=1, max_length=5)


class Area(Record):
    """All that is named counts: whole neighbourhoods, single buildings, what lies in the polygon."""

    neighbourhoods: tuple[Slug, ...] = Field((), max_length=200, examples=[["huaiyin-li"]])
    buildings: tuple[Building, ...] = Field((), max_length=500)
    polygon: OutagePolygon | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> "Area":
        if not self.neighbourhoods and not self.buildings and self.polygon is None:
            raise ValueError(
                Localized("name neighbourhoods, buildings or a polygon", "请写明小区、楼栋或多边形（polygon）")
            )
        return self


class Spot(Record):
    """Where a report is."""

    neighbourhood: str | None
    said: str
    """Place, title and text: a building may stand in any of them."""
    location: Point | None


def lies_in(area: Area, touched: frozenset[str], spot: Spot) -> bool:
    """Whether a report lies in an area, as far as can be told; `touched` are the neighbourhoods that it reaches into.

    Who names no building in a neighbourhood of which some are without, and no point where a polygon touches it, is
    counted: they are asked in the end whether it is back.
    """
    if spot.location and area.polygon and _inside(area.polygon, spot.location):
        return True
    if spot.neighbourhood is None or spot.neighbourhood not in touched:
        return False
    if spot.neighbourhood in area.neighbourhoods:
        return True
    theirs = {each.key for each in area.buildings if each.neighbourhood == spot.neighbourhood}
    if theirs:
        named, text = _buildings_in(spot.said), folded(spot.said[:READ])
        return bool(theirs & named) or any(not key.isdigit() and key in text for key in theirs) or not named
    return area.polygon is not None and spot.location is None


def building_of(spot: Spot) -> str | None:
    """The building of a report, as `neighbourhood/number`; None where it names none, or several."""
    named = _buildings_in(spot.said)
    return f"{spot.neighbourhood}/{min(named)}" if len(named) == 1 and spot.neighbourhood else None


def _key(name: str) -> str:
    named = _buildings_in(name)
    return min(named) if named else folded(name)


def _buildings_in(text: str) -> frozenset[str]:
    """Their numbers; a space before 号楼 makes no difference."""
    return places_of(folded(text[:READ])).get(BUILDING, frozenset())


def _inside(polygon: Polygon, point: Point) -> bool:
    """By the count of edges that a line to the east crosses: an odd one is inside, holes included."""
    inside = False
    for ring in polygon.coordinates:
        for (lon, lat), (next_lon, next_lat) in pairwise(ring):
            if (lat > point.lat) != (next_lat > point.lat):
                crossing = lon + (point.lat - lat) / (next_lat - lat) * (next_lon - lon)
                inside = inside is not (point.lon < crossing)
    return inside
