"""The pictures of deploy/monitor/grafana, and whether each has something to show."""

import json
from pathlib import Path

from tests.monitoring.hurry import MONITOR, hurried_query
from tests.monitoring.prometheus import Prometheus
from tests.support.services import until

BOARDS = sorted((MONITOR / "grafana" / "boards").glob("*.json"))


def queries(board: Path) -> list[tuple[str, str]]:
    """The title of a picture and one of its queries, of all."""
    panels = json.loads(board.read_text())["panels"]
    return sorted({(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]})


async def shows_figures(prometheus: Prometheus, board: Path, seconds: float) -> None:
    """Each query has had a figure within so many seconds, not all at once: traffic comes as it comes."""
    empty = queries(board)

    async def all_have() -> bool:
        for each in list(empty):
            if await prometheus.values(hurried_query(each[1], prometheus.factor)):
                empty.remove(each)
        return not empty

    try:
        await until(all_have, seconds)
    except AssertionError:
        raise AssertionError(f"nothing to show: {empty}") from None
