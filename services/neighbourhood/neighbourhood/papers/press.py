"""Prints sheets, few at a time, each in a process of its own; who prints much does not keep others waiting."""

import structlog
from prometheus_client import Counter

from linli.confined.calling import Bounds, Died, NotBegun, answer
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.turns import Turns
from neighbourhood.papers.setting import packed
from neighbourhood.papers.sheet import Sheet

log = structlog.get_logger()

DIED = Counter("linli_papers_died_total", "Papers whose process was ended at a limit, or ended itself", ["how"])
MB = 1024 * 1024
BOUNDS = Bounds(memory=768 * MB, seconds=20, wall=60.0, most_out=64 * MB)
"""For one sheet. A stairwell's letters take 0.2 s and 100 MB, a list of 5,000 rows 0.7 s and 500 MB."""
AT_A_TIME = 2
MOST_WAITING = 32


class Press:
    """Sets sheets in type."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._turns, self._bounds = Turns(AT_A_TIME), bounds

    async def pdf(self, sheet: Sheet, owner: str) -> bytes:
        """The sheet as a PDF; `owner` names who prints. Raises `Problem` 422, 503."""
        if self._turns.waiting >= MOST_WAITING:
            raise _busy()
        async with self._turns.of(owner, 1):
            try:
                return await answer("neighbourhood.papers.setting", packed(sheet), self._bounds)
            except NotBegun as error:
                raise _busy() from error
            except Died as died:
                DIED.labels(died.how).inc()
                log.warning("paper_died", how=died.how, template=sheet.template)
                much = "This paper takes too much time or memory to set. Print less at a time."
                raise Problem("paper_too_large", 422, Localized(much, "排版超出时间或内存限制，请分批打印。")) from None


def _busy() -> Problem:
    detail = Localized("Many papers are being printed. Try again soon.", "正在排版的文件较多，请稍后再试。")
    return Problem("papers_busy", 503, detail, retry_after=10)
