"""Outlines as maps export them: what is taken, what is found wrong, what is near."""

from collections.abc import Iterator
from typing import Any

import pytest

from linli.contracts.intake.submission import Point
from linli.contracts.workflow.community import Community, Neighbourhood
from tests.support.builders import community
from workflow.community.domain.directory import Directory
from workflow.community.domain.doubts import doubts
from workflow.community.domain.outlines import outline_faults


def square(lon: float, lat: float, size: float = 0.01) -> list[list[float]]:
    return [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def place(id: str, outline: dict[str, Any]) -> Neighbourhood:
    return Neighbourhood.model_validate({"id": id, "name": id, "grid": "grid-1", "outline": outline})


def with_places(**outlines: dict[str, Any]) -> Community:
    places = [{"id": id, "name": id, "grid": "grid-1", "outline": outline} for id, outline in outlines.items()]
    return community(neighbourhoods=places, rules=[])


def nested(times: int) -> dict[str, Any]:
    shape = polygon(HERE)
    for _ in range(times):
        shape = {"type": "Feature", "geometry": shape}
    return shape


HERE = square(120.40, 36.10)
TWO = {"type": "MultiPolygon", "coordinates": [[HERE], [square(120.50, 36.10)]]}


@pytest.mark.parametrize(
    "outline",
    [
        polygon(HERE),
        polygon(HERE[::-1]),
        polygon(HERE[:-1]),
        polygon([[*point, 5.0] for point in HERE]),
        {"coordinates": [HERE]},
        {"type": "MultiPolygon", "coordinates": [[HERE]]},
        {"type": "Feature", "properties": {"name": "x"}, "geometry": polygon(HERE)},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon(HERE)}]},
        {"type": "GeometryCollection", "geometries": [polygon(HERE)]},
    ],
)
def test_every_form_of_an_area_is_taken(outline: dict[str, Any]) -> None:
    [part] = place("here", outline).outlines
    assert {*part.coordinates[0]} == {(lon, lat) for lon, lat in HERE}
    assert part.coordinates[0][0] == part.coordinates[0][-1]


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ({"type": "Point", "coordinates": [120.4, 36.1]}, "Polygon or a MultiPolygon"),
        ({"type": "Feature", "geometry": {"type": "LineString", "coordinates": HERE}}, "Polygon or a MultiPolygon"),
        ({"type": "Feature"}, "Polygon or a MultiPolygon"),
        ({"type": "FeatureCollection", "features": []}, "at least one part"),
        (polygon([[lat, lon] for lon, lat in HERE]), "longitude comes first"),
        (polygon(HERE[:2]), "at least 4"),
        (polygon([[120.4]]), "at least 4"),
        (polygon([120.4, 36.1, 120.4, 36.2]), "tuple"),  # type: ignore[list-item]
        (polygon([[120.4]] * 5), "required"),
        ({"type": {}, "coordinates": [HERE]}, "not {}"),
        ({"type": ["Polygon"], "coordinates": [HERE]}, r"not \['Polygon'\]"),
        (nested(900), "nested 8 times at most"),
    ],
)
def test_what_is_no_area_is_refused_in_words(outline: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        place("here", outline)


def test_points_are_located_in_every_part_and_not_in_holes() -> None:
    hole = square(120.404, 36.104, 0.002)
    ring = {"type": "MultiPolygon", "coordinates": [[HERE, hole], [square(120.50, 36.10)]]}
    directory = Directory(with_places(b=ring, a=polygon(square(120.41, 36.10)), c=polygon(square(179.99, 36.1))), 1)

    located = {point: directory.locate(Point(lon=point[0], lat=point[1])) for point in (
        (120.402, 36.102), (120.405, 36.105), (120.505, 36.105), (120.41, 36.105), (180.0, 36.105), (120.45, 36.1)
    )}  # fmt: skip

    assert list(located.values()) == ["b", None, "b", "a", "c", None]


def told(findings: Iterator[Any]) -> list[str]:
    return [f"{each.index}: {each.message}" for each in findings]


def test_a_line_that_crosses_itself_is_a_fault_with_its_place() -> None:
    bow_tie = [[120.4, 36.1], [120.41, 36.11], [120.41, 36.1], [120.4, 36.11], [120.4, 36.1]]
    [fault] = told(outline_faults(with_places(fine=polygon(HERE), tie=polygon(bow_tie))))
    assert fault.startswith("1: the line crosses itself or holds no area near 120.405, 36.105")


def test_exchanged_degrees_are_found_by_where_the_others_lie() -> None:
    swapped = [[lat, lon] for lon, lat in square(87.60, 43.80)]
    [fault] = told(
        outline_faults(with_places(a=polygon(square(87.6, 43.8)), b=polygon(square(87.62, 43.8)), c=polygon(swapped)))
    )
    assert fault.startswith("2: it lies")
    assert "longitude comes first" in fault


def test_an_outline_far_from_the_others_is_doubted() -> None:
    found = told(doubts(with_places(a=polygon(HERE), b=polygon(square(120.42, 36.1)), c=polygon(square(36.0, 36.0)))))
    assert len(found) == 1
    assert found[0].startswith("2: c lies")


def test_outlines_that_lie_over_one_another_are_doubted_and_shared_borders_are_not() -> None:
    beside = with_places(a=polygon(HERE), b=polygon(square(120.41, 36.1)))
    over = with_places(a=polygon(HERE), b=polygon(square(120.405, 36.1)))
    assert told(doubts(beside)) == []
    assert told(doubts(over)) == [
        "1: 50% of the smaller one lies in b and in a; a point there is located in the first by id"
    ]


def test_places_near_a_point_are_named_with_how_far() -> None:
    directory = Directory(
        with_places(a=polygon(HERE), b=polygon(square(120.4102, 36.1)), c=polygon(square(121, 36))), 1
    )
    near = directory.near(Point(lon=120.4101, lat=36.105), 50)
    assert [(where.id, round(apart)) for where, apart in near] == [("a", 9), ("b", 9)]
    assert [(where.id, apart) for where, apart in directory.near(Point(lon=120.405, lat=36.105), 50)] == [("a", 0.0)]
