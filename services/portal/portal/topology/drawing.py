"""Small charts of a node's figures over time, as SVG; a table beside them has the same values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.topology.views import HistoryView

WIDTH, HEIGHT = 320, 60


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure over time."""

    name: str
    path: str
    """The line, in a picture of `WIDTH` by `HEIGHT`."""
    least: float
    most: float
    last: float
    points: Sequence[tuple[datetime, float]]


def charts(history: HistoryView) -> list[Chart]:
    """Of each figure that is a number and was known at two moments at least."""
    names = {
        name: None for point in history.points for name, value in point.figures.items() if not isinstance(value, str)
    }
    found = []
    for name in names:
        points = [
            (point.at, float(value))
            for point in history.points
            if isinstance(value := point.figures.get(name), int | float)
        ]
        if len(points) > 1:
            found.append(_chart(name, points))
    return found


def _chart(name: str, points: Sequence[tuple[datetime, float]]) -> Chart:
    values = [value for _, value in points]
    least, most = min(values), max(values)
    begin, span = points[0][0], (points[-1][0] - points[0][0]).total_seconds() or 1.0
    height = (most - least) or 1.0
    places = [
        (
            round((at - begin).total_seconds() / span * WIDTH, 1),
            round(HEIGHT - 4 - (value - least) / height * (HEIGHT - 8), 1),
        )
        for at, value in points
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in places)
    return Chart(name, path, least, most, values[-1], points)
