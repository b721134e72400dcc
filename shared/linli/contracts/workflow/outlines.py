"""The outline of a place, as maps export it (GeoJSON, RFC 7946)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from linli.contracts.base import Record

MOST_PARTS = 200


def _degrees(lowest: float, highest: float, which: str) -> BeforeValidator:
    def bounded(value: Any) -> Any:
        if isinstance(value, (int, float)) and not lowest <= value <= highest:
            raise ValueError(f"{value} is no {which}, which goes from {lowest} to {highest}; longitude comes first")
        return value

    return BeforeValidator(bounded)


def _without_height(value: Any) -> Any:
    """Maps write the height behind longitude and latitude; nobody here needs it."""
    return tuple(value[:2]) if isinstance(value, (list, tuple)) and 2 < len(value) <= 4 else value


Longitude = Annotated[float, _degrees(-180, 180, "longitude"), Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, _degrees(-90, 90, "latitude"), Field(ge=-90, le=90, allow_inf_nan=False)]
Position = Annotated[tuple[Longitude, Latitude], BeforeValidator(_without_height)]
"""Longitude, latitude in degrees, WGS 84, as in GeoJSON (RFC 7946)."""


def closed(ring: Any) -> Any:
    """A ring whose end was left out ends where it begins."""
    if not isinstance(ring, (list, tuple)) or len(ring) < 3:
        return ring
    first, last = ring[0], ring[-1]
    points = isinstance(first, (list, tuple)) and isinstance(last, (list, tuple))
    return [*ring, first] if points and tuple(first[:2]) != tuple(last[:2]) else ring


Ring = Annotated[tuple[Position, ...], Field(min_length=4), BeforeValidator(closed)]


class Polygon(Record):
    """A GeoJSON polygon: the first ring is the outline, further rings are holes; each ring is closed.

    Which way round a ring goes makes no difference.
    """

    type: Literal["Polygon"] = "Polygon"
    coordinates: tuple[Ring, ...] = Field(min_length=1)


def with_all_outlines(values: Any) -> Any:
    """A neighbourhood as it came in, with an outline of any kind taken apart into polygons.

    The first stays its `outline`, the others become `further_outlines`.
    """
    outline = values.get("outline") if isinstance(values, Mapping) else None
    if not isinstance(outline, Mapping) or outline.get("type", "Polygon") == "Polygon":
        return values
    parts = list(_polygons(outline))
    if not 0 < len(parts) <= MOST_PARTS:
        raise ValueError(f"an outline has at least one part and at most {MOST_PARTS}")
    first, *others = parts
    return {**values, "outline": first, **({"further_outlines": others} if others else {})}


DEEPEST = 8
"""Features within collections within collections: no map nests more than two or three."""


def _polygons(shape: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The polygons of a GeoJSON object. Raises ValueError for one that is no area."""
    kind = shape.get("type") if isinstance(shape, Mapping) else None
    inside = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
    if depth > DEEPEST:
        raise ValueError(f"an outline is nested {DEEPEST} times at most")
    if kind == "Polygon":
        yield {"type": "Polygon", "coordinates": shape.get("coordinates")}
    elif kind == "MultiPolygon":
        parts = shape.get("coordinates")
        for part in parts if isinstance(parts, (list, tuple)) else ():
            yield {"type": "Polygon", "coordinates": part}
    elif kind == "Feature":
        yield from _polygons(shape.get("geometry"), depth + 1)
    elif isinstance(kind, str) and kind in inside:
        members = shape.get(inside[kind])
        for member in members if isinstance(members, (list, tuple)) else ():
            yield from _polygons(member, depth + 1)
    else:
        raise ValueError(f"an outline is a Polygon or a MultiPolygon, also within a Feature, not {kind!r:.40}")
