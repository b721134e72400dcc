"""Coordinates of Chinese maps and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.intake.submission import Point
from linli.text.coordinates import Crs, bd09_to_gcj02, from_wgs84, gcj02_to_bd09, to_wgs84, wgs84_to_gcj02
from linli.text.likeness import metres

BEIJING = (116.404, 39.915)
PLACES = st.tuples(st.floats(74, 134), st.floats(4, 53))


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return metres(Point(lon=one[0], lat=one[1]), Point(lon=other[0], lat=other[1]))


def test_known_points_come_out_as_everybody_has_them() -> None:
    assert wgs84_to_gcj02(BEIJING) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert gcj02_to_bd09(BEIJING) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    assert bd09_to_gcj02(BEIJING) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-9)
    assert to_wgs84(BEIJING, Crs.GCJ02) == pytest.approx((116.39775550083061, 39.91359571849836), abs=2e-5)


@given(PLACES)
def test_there_and_back_from_gcj02_is_the_same_place_to_a_centimetre(place: tuple[float, float]) -> None:
    assert apart(to_wgs84(from_wgs84(place, Crs.GCJ02), Crs.GCJ02), place) < 0.01


@given(PLACES)
def test_there_and_back_from_bd09_is_the_same_place_to_a_metre(place: tuple[float, float]) -> None:
    assert apart(to_wgs84(from_wgs84(place, Crs.BD09), Crs.BD09), place) < 1.0


@given(st.tuples(st.floats(110, 125), st.floats(22, 45)))
def test_the_maps_are_some_hundred_metres_off(place: tuple[float, float]) -> None:
    assert 50 < apart(from_wgs84(place, Crs.GCJ02), place) < 1000


@given(st.tuples(st.floats(-180, 73), st.floats(-90, 90)))
def test_nothing_is_shifted_abroad(place: tuple[float, float]) -> None:
    assert to_wgs84(place, Crs.GCJ02) == place == to_wgs84(place, Crs.WGS84)
