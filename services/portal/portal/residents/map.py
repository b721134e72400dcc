"""The map: outlines as they are drawn, and which neighbourhood a point lies in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linli.text.coordinates import Crs, Degrees, from_wgs84, to_wgs84

ABOUT = 5
"""Decimals of a corner: a metre."""
Ring = Sequence[Sequence[float]]


def drawn(places: Iterable[Mapping[str, Any]], crs: Crs) -> list[dict[str, Any]]:
    """Each neighbourhood's id, name and rings, longitude first, as the map counts them."""
    return [
        {
            "id": place["id"],
            "name": place["name"],
            "name_en": place["name_en"],
            "rings": [[_corner(corner, crs) for corner in outline["coordinates"][0]] for outline in place["outlines"]],
        }
        for place in places
        if place["outlines"]
    ]


def between(point: Degrees, told: Crs, shown: Crs) -> Degrees:
    """A point that is told in one way, as another shows it."""
    return point if told is shown else from_wgs84(to_wgs84(point, told), shown)


def neighbourhood_of(point: Degrees, places: Iterable[Mapping[str, Any]], crs: Crs) -> str | None:
    """The first whose outline holds the point, for the form; where it goes in the end workflow says."""
    spot = to_wgs84(point, crs)
    for place in places:
        if any(_holds(outline["coordinates"][0], spot) for outline in place["outlines"]):
            return str(place["id"])
    return None


def _corner(corner: Sequence[float], crs: Crs) -> list[float]:
    lon, lat = from_wgs84((corner[0], corner[1]), crs)
    return [round(lon, ABOUT), round(lat, ABOUT)]


def _holds(ring: Ring, point: Degrees) -> bool:
    """Whether a ray from the point crosses the ring an odd number of times."""
    lon, lat = point
    inside = False
    for (lon1, lat1, *_), (lon2, lat2, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside
