"""Coordinates of Chinese maps, and WGS 84, in which everything here is kept.

Amap, Tencent and all Chinese maps draw in GCJ-02, Baidu in BD-09: 300 to 700 metres away from WGS 84, enough to send a
case to the next estate. The formulas are the ones that are commonly used (https://github.com/wandergis/coordtransform);
the way back from GCJ-02 is found by repeating the way there until it fits, to less than a centimetre.
"""

import math
from enum import StrEnum

Degrees = tuple[float, float]
"""Longitude, latitude."""


class Crs(StrEnum):
    """What coordinates are counted in."""

    WGS84 = "wgs84"  # GPS, GeoJSON, OpenStreetMap
    GCJ02 = "gcj02"  # Amap 高德, Tencent, phones' maps in China
    BD09 = "bd09"  # Baidu


_AXIS = 6378245.0
"""Half the major axis of the Krasovsky 1940 ellipsoid, in metres."""
_ECCENTRICITY = 0.00669342162296594323
"""Its first eccentricity, squared."""
_BAIDU = math.pi * 3000.0 / 180.0
_CLOSE = 1e-9
"""Degrees: a tenth of a millimetre."""
_TRIES = 30


def to_wgs84(point: Degrees, crs: Crs) -> Degrees:
    """Where a point of a map lies."""
    match crs:
        case Crs.WGS84:
            return point
        case Crs.GCJ02:
            return _back(point)
        case Crs.BD09:
            return _back(bd09_to_gcj02(point))


def from_wgs84(point: Degrees, crs: Crs) -> Degrees:
    """How a map writes a point."""
    match crs:
        case Crs.WGS84:
            return point
        case Crs.GCJ02:
            return wgs84_to_gcj02(point)
        case Crs.BD09:
            return gcj02_to_bd09(wgs84_to_gcj02(point))


def in_china(point: Degrees) -> bool:
    """Whether the maps' shift is applied there: in a box around the mainland."""
    lon, lat = point
    return 73.66 < lon < 135.05 and 3.86 < lat < 53.55


def wgs84_to_gcj02(point: Degrees) -> Degrees:
    """As the maps shift it; outside China nothing is shifted."""
    if not in_china(point):
        return point
    lon, lat = point
    radians = math.radians(lat)
    curve = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    north = _north(lon - 105.0, lat - 35.0) * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / curve**1.5 * math.pi)
    east = _east(lon - 105.0, lat - 35.0) * 180.0 / (_AXIS / math.sqrt(curve) * math.cos(radians) * math.pi)
    return lon + east, lat + north


def gcj02_to_bd09(point: Degrees) -> Degrees:
    lon, lat = point
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(point: Degrees) -> Degrees:
    lon, lat = point[0] - 0.0065, point[1] - 0.006
    radius = math.hypot(lon, lat) - 0.00002 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) - 0.000003 * math.cos(lon * _BAIDU)
    return radius * math.cos(angle), radius * math.sin(angle)


def _back(point: Degrees) -> Degrees:
    """The point that is shifted to this one."""
    lon, lat = point
    for _ in range(_TRIES):
        shifted = wgs84_to_gcj02((lon, lat))
        off = point[0] - shifted[0], point[1] - shifted[1]
        lon, lat = lon + off[0], lat + off[1]
        if max(map(abs, off)) < _CLOSE:
            break
    return lon, lat


def _waves(across: float) -> float:
    pi = math.pi
    return (20.0 * math.sin(6.0 * across * pi) + 20.0 * math.sin(2.0 * across * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    pi = math.pi
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    metres += _waves(x)
    metres += (20.0 * math.sin(y * pi) + 40.0 * math.sin(y / 3.0 * pi)) * 2.0 / 3.0
    return metres + (160.0 * math.sin(y / 12.0 * pi) + 320.0 * math.sin(y * pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    pi = math.pi
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    metres += _waves(x)
    metres += (20.0 * math.sin(x * pi) + 40.0 * math.sin(x / 3.0 * pi)) * 2.0 / 3.0
    return metres + (150.0 * math.sin(x / 12.0 * pi) + 300.0 * math.sin(x / 30.0 * pi)) * 2.0 / 3.0
