"""Outlines as areas on the map: what they contain, their faults, their distances."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians

from shapely import STRtree, make_valid
from shapely.affinity import affine_transform
from shapely.geometry import Point as MapPoint
from shapely.geometry import Polygon as MapPolygon
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.validation import explain_validity

from linli.contracts.intake.submission import Point
from linli.contracts.workflow.community import Community, Inconsistency, Neighbourhood
from linli.contracts.workflow.outlines import Polygon
from linli.text.likeness import metres

DEGREE = 111_195.0
"""Metres of a degree of latitude, on a sphere."""
OVERLAP = 0.01
"""Of the smaller of two: less lies over the other where a shared border was drawn twice."""
FAR_AWAY = 200_000.0
"""Metres: no subdistrict is as wide."""
HARMLESS = ("Valid", "Ring Self-intersection")
"""A ring that touches itself holds what it seems to hold."""


def shape_of(polygon: Polygon) -> BaseGeometry:
    """The area; a line that crosses itself must not stop a case."""
    return make_valid(MapPolygon(polygon.coordinates[0], polygon.coordinates[1:]))


def around(point: Point, within: float) -> BaseGeometry:
    """A box that holds everything up to so many metres away."""
    up = within / DEGREE
    across = up / max(cos(radians(point.lat)), 0.01)
    return box(point.lon - across, point.lat - up, point.lon + across, point.lat + up)


def metres_to(shape: BaseGeometry, point: Point) -> float:
    """How far a point is from an area; 0 within it."""
    scale = DEGREE * cos(radians(point.lat))
    flat = affine_transform(shape, [scale, 0, 0, DEGREE, -scale * point.lon, -DEGREE * point.lat])
    return float(flat.distance(MapPoint(0, 0)))


def has_no_area(polygon: Polygon) -> bool:
    """Whether its line crosses itself, or holds nothing."""
    return _broken(polygon) is not None


def overlap(one: Polygon, other: Polygon) -> bool:
    """Whether two have more in common than a border."""
    return float(shape_of(one).intersection(shape_of(other)).area) > 0


def outline_faults(community: Community) -> Iterator[Inconsistency]:
    """Outlines that do not contain what their author meant."""
    for index, place, others in _outlined(community):
        if fault := next(filter(None, map(_broken, place.outlines)), None):
            yield _found(index, fault)
        elif away := _swapped(place, others):
            yield _found(index, f"it lies {away:,.0f} km from the others; longitude comes first, then latitude")


def outline_doubts(community: Community) -> Iterator[Inconsistency]:
    """Outlines that are taken, though hardly meant so."""
    placed = [
        _Placed(index, place.name, unary_union([shape_of(part) for part in place.outlines]))
        for index, place, _ in _outlined(community)
    ]
    yield from _overlapping(placed)
    for index, place, others in _outlined(community):
        if others and (away := metres(_corner(place), others)) > FAR_AWAY:
            yield _found(index, f"{place.name} lies {away / 1000:,.0f} km from the other outlines")


def _outlined(community: Community) -> Iterator[tuple[int, Neighbourhood, Point | None]]:
    """Each neighbourhood with an outline, its index, and where the others lie."""
    outlined = [(index, place) for index, place in enumerate(community.neighbourhoods) if place.outlines]
    middles = _middles([_corner(place) for _, place in outlined])
    for (index, place), others in zip(outlined, middles, strict=True):
        yield index, place, others


def _broken(part: Polygon) -> str | None:
    fault = explain_validity(MapPolygon(part.coordinates[0], part.coordinates[1:]))
    if fault.startswith(HARMLESS):
        return None
    what, _, where = fault.partition("[")
    if not where:
        return f"the line crosses itself or holds no area ({what}); draw it anew"
    at = where.rstrip("]").replace(" ", ", ")
    return f"the line crosses itself or holds no area near {at} ({what}); draw it anew"


@dataclass(frozen=True, slots=True)
class _Placed:
    index: int
    name: str
    shape: BaseGeometry


def _overlapping(placed: Sequence[_Placed]) -> Iterator[Inconsistency]:
    tree = STRtree([each.shape for each in placed])
    for place, each in enumerate(placed):
        for other in (placed[int(at)] for at in tree.query(each.shape) if at > place):
            both = each.shape.intersection(other.shape).area
            smaller = min(each.shape.area, other.shape.area)
            if smaller and both / smaller > OVERLAP:
                message = (
                    f"{both / smaller:.0%} of the smaller one lies in {other.name} and in {each.name}; "
                    "a point there is located in the first by id"
                )
                yield _found(other.index, message)


def _swapped(place: Neighbourhood, others: Point | None) -> float:
    """How many kilometres an outline is from the others, when it would be among them with its degrees exchanged."""
    if others is None or abs((here := _corner(place)).lon) > 90 or (away := metres(here, others)) <= FAR_AWAY:
        return 0.0
    return away / 1000 if metres(Point(lon=here.lat, lat=here.lon), others) < FAR_AWAY else 0.0


def _middles(points: Sequence[Point]) -> Iterator[Point | None]:
    """For each point where the others lie: the median of both degrees, which one that lies far off does not move."""
    lons, lats = sorted(point.lon for point in points), sorted(point.lat for point in points)
    for point in points:
        lon, lat = _without(lons, point.lon), _without(lats, point.lat)
        yield None if lon is None or lat is None else Point(lon=lon, lat=lat)


def _without(values: Sequence[float], one: float) -> float | None:
    """The median of sorted values but for one of them."""
    left = len(values) - 1
    if not left:
        return None
    place = left // 2
    return values[place + (bisect_left(values, one) <= place)]


def _corner(place: Neighbourhood) -> Point:
    lon, lat = place.outlines[0].coordinates[0][0]
    return Point(lon=lon, lat=lat)


def _found(index: int, message: str) -> Inconsistency:
    return Inconsistency(section="neighbourhoods", index=index, field="outline", message=message)
