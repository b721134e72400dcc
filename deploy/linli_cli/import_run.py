"""An import: rows to batches, batches to intake, and waiting until each accepted row is a case with a next step."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.contracts.case import CaseState
from linli_cli.client import ApiError, Client
from linli_cli.errors import CliError
from linli_cli.import_rows import BadRow, Columns, Defaults, submission_of
from linli_cli.tables import Row
from linli_cli.words import counted

BATCH_ITEMS = 200
BATCH_BYTES = 4 * 1024 * 1024
IN_FLIGHT = 3
LOOKUP_IDS = 1_000
POLL_EVERY = 0.3
STALLED_AFTER = 120.0
"""Seconds without one more case after which waiting ends."""
BATCH_REFUSED = {400, 413, 422}


@dataclass(frozen=True)
class Item:
    """A row and the submission that it becomes."""

    row: Row
    body: dict[str, Any]


@dataclass(frozen=True)
class Rejection:
    """A row that did not become a submission, and why."""

    row: Row
    reason: str


@dataclass
class Tally:
    """What has become of the rows so far."""

    rows: int
    rejections: list[Rejection] = field(default_factory=list)
    accepted_ids: list[str] = field(default_factory=list)
    duplicates: int = 0
    settled: int = 0
    """Accepted rows whose case has been dispatched or is in triage."""

    @property
    def answered(self) -> int:
        """Rows whose fate is known."""
        return len(self.accepted_ids) + self.duplicates + len(self.rejections)

    @property
    def complete(self) -> bool:
        """No row is lost."""
        return self.answered == self.rows


def prepare(
    rows: Sequence[Row], width: int, columns: Columns, defaults: Defaults
) -> tuple[list[Item], list[Rejection]]:
    """Each row as an item, or as a rejection. `width` is the header's.

    Two rows with one id and different content are two messages; the second is told of, not taken for a repetition.
    """
    items: list[Item] = []
    rejections: list[Rejection] = []
    first: dict[str, Item] = {}
    for row in rows:
        try:
            item = Item(row, submission_of(row, width, columns, defaults))
            same_id = first.setdefault(item.body["external_id"], item)
            if same_id.body != item.body:
                raise BadRow(f"the id {item.body['external_id']} stands in row {same_id.row.line} with other content")
            items.append(item)
        except BadRow as error:
            rejections.append(Rejection(row, str(error)))
    return items, rejections


def batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items in order, in batches that stay within both bounds."""
    batch: list[Item] = []
    size = 0
    for item in items:
        item_size = len(json.dumps(item.body, ensure_ascii=False).encode("utf-8", "replace"))
        if batch and (len(batch) == BATCH_ITEMS or size + item_size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item_size
    if batch:
        yield batch


async def send(client: Client, items: Sequence[Item], tally: Tally, changed: Callable[[], None]) -> None:
    """Give all items to intake, a few batches at a time. Raises `CliError` when intake stays away or says no."""
    waiting = batches(items)

    async def worker() -> None:
        for batch in waiting:
            await _send_batch(client, batch, tally)
            changed()

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(IN_FLIGHT):
                workers.create_task(worker())
    except* CliError as errors:
        raise errors.exceptions[0] from None


async def _send_batch(client: Client, batch: list[Item], tally: Tally) -> None:
    try:
        answer = await client.post("intake", "/v1/submissions:batch", {"items": [item.body for item in batch]})
    except ApiError as error:
        if error.status not in BATCH_REFUSED:
            raise
        if len(batch) == 1:
            tally.rejections.append(Rejection(batch[0].row, error.message))
            return
        # One item makes the whole request unreadable: find it by halves, and let the others pass.
        middle = len(batch) // 2
        await _send_batch(client, batch[:middle], tally)
        await _send_batch(client, batch[middle:], tally)
        return
    for result in answer["results"]:
        match result["status"]:
            case "accepted":
                tally.accepted_ids.append(result["id"])
            case "duplicate":
                tally.duplicates += 1
            case _:
                tally.rejections.append(Rejection(batch[result["index"]].row, _reason(result.get("problem") or {})))


def _reason(problem: dict[str, Any]) -> str:
    errors = [f"{error.get('field')}: {error.get('message')}" for error in problem.get("errors") or []]
    return "; ".join(errors) or str(problem.get("detail") or problem.get("title") or "rejected by intake")


async def wait_for_cases(client: Client, tally: Tally, changed: Callable[[], None]) -> None:
    """Until every accepted row is a case that was dispatched or is in triage, or nothing moves any more."""
    pending = list(tally.accepted_ids)
    moved = time.monotonic()
    while pending:
        done: set[str] = set()
        for start in range(0, len(pending), LOOKUP_IDS):
            ids = pending[start : start + LOOKUP_IDS]
            states = (await client.post("workflow", "/v1/cases:lookup", {"ids": ids}))["found"]
            done |= {id_ for id_, state in states.items() if state != CaseState.OPEN}
        if done:
            pending = [id_ for id_ in pending if id_ not in done]
            tally.settled = len(tally.accepted_ids) - len(pending)
            moved = time.monotonic()
            changed()
        elif time.monotonic() - moved > STALLED_AFTER:
            rows = counted(len(pending), "accepted row has had", "accepted rows have had")
            raise CliError(
                f"{rows} no case for {STALLED_AFTER:.0f} s; nothing is lost, intake has it.",
                "See what is unsent, lagging or parked: linli status",
            )
        if pending:
            await asyncio.sleep(POLL_EVERY)
