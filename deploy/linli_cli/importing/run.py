"""An import: rows to batches, batches to intake, and waiting until each accepted row is a case with a next step."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from linli.contracts.workflow.case import CaseState
from linli_cli.connection.client import ApiError, Client
from linli_cli.importing.columns import Columns
from linli_cli.importing.rows import BadRow, Defaults, Untaken, is_content_id, submission_of
from linli_cli.importing.tables import Row
from linli_cli.importing.tables.numbers import rounded_perhaps
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

BATCH_ITEMS = 200
BATCH_BYTES = 4 * 1024 * 1024
IN_FLIGHT = 3
LOOKUP_IDS = 1_000
POLL_EVERY = 0.3
STALLED_AFTER = 120.0
"""Seconds without one more case after which waiting ends."""
BATCH_REFUSED = {400, 413, 422}
TAKEN = "external_id_taken"
"""Intake's slug for an id under which it has something else."""


ROWS_SHOWN = 10
"""Row numbers that are kept for each field to be told of."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row, the submission that it becomes, and the cells that this leaves out."""

    row: Row
    body: dict[str, Any]
    untaken: tuple[Untaken, ...]
    size: int
    """Of the body, in bytes."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that did not become a submission, and why."""

    row: Row
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one row, for who sent the file."""

    line: int
    external_id: str
    status: str
    id: str = ""
    tracking_code: str = ""
    untaken: tuple[str, ...] = ()
    """The fields of the cells that it was taken without."""
    reason: str = ""


@dataclass
class Tally:
    """What has become of the rows so far."""

    rows: int
    rejections: list[Rejection] = field(default_factory=list)
    accepted_ids: list[str] = field(default_factory=list)
    duplicates: int = 0
    settled: int = 0
    """Accepted rows whose case has been dispatched or is in triage."""
    untaken: Counter[str] = field(default_factory=Counter)
    """Field → rows that were taken without it."""
    untaken_rows: dict[str, list[int]] = field(default_factory=dict)
    """The first of them."""
    receipts: list[Receipt] | None = None
    """None where nobody asked for them."""

    @property
    def answered(self) -> int:
        """Rows whose fate is known."""
        return len(self.accepted_ids) + self.duplicates + len(self.rejections)

    @property
    def complete(self) -> bool:
        """No row is lost."""
        return self.answered == self.rows

    def reject(self, row: Row, reason: str, external_id: str = "") -> None:
        self.rejections.append(Rejection(row, reason))
        self._receipt(row.line, external_id, "rejected", reason=reason)

    def take(self, item: Item, result: dict[str, Any]) -> None:
        """What intake says of an item that it has, now or already."""
        fields = tuple(each.field for each in item.untaken)
        if result["status"] == "duplicate":
            self.duplicates += 1
        else:
            self.accepted_ids.append(result["id"])
            self.leaves_out(item)
        about = {"id": result.get("id") or "", "tracking_code": result.get("tracking_code") or ""}
        self._receipt(item.row.line, item.body["external_id"], result["status"], untaken=fields, **about)

    def leaves_out(self, item: Item) -> None:
        """Count the cells that an item is taken without."""
        for name in [each.field for each in item.untaken]:
            self.untaken[name] += 1
            rows = self.untaken_rows.setdefault(name, [])
            if len(rows) < ROWS_SHOWN:
                rows.append(item.row.line)

    def _receipt(self, line: int, external_id: str, status: str, **about: Any) -> None:
        if self.receipts is not None:
            self.receipts.append(Receipt(line, external_id, status, **about))


def prepared(rows: Iterable[Row], width: int, columns: Columns, defaults: Defaults, tally: Tally) -> Iterator[Item]:
    """Each row as an item, or as a rejection in the tally. `width` is the header's.

    One at a time: a file of any length takes no more memory than what is under way. Two rows with one id and different
    content are two messages; the second is told of, not taken for a repetition.
    """
    first: dict[str, tuple[int, bytes]] = {}
    for row in rows:
        try:
            read = submission_of(row, width, columns, defaults)
            packed = orjson.dumps(read.body, option=orjson.OPT_SORT_KEYS)
            line, same = first.setdefault(read.body["external_id"], (row.line, _digest(packed)))
            if same != _digest(packed):
                tally.reject(row, _taken_id(read.body["external_id"], line), read.body["external_id"])
                continue
        except BadRow as error:
            tally.reject(row, str(error), id_in(row, columns))
            continue
        except TypeError:  # half of a surrogate pair, which is no text and no JSON
            tally.reject(row, say("the row holds characters that do not exist; write it anew"), id_in(row, columns))
            continue
        yield Item(row, read.body, read.untaken, len(packed))


def id_in(row: Row, columns: Columns) -> str:
    """Its id as it stands in the file, where it has one; with nothing that cannot be written."""
    at = columns.at.get("id")
    cell = row.cells[at] if at is not None and at < len(row.cells) else ""
    return cell.encode("utf-8", "replace").decode()


def _digest(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=12).digest()


def _taken_id(id_: str, line: int) -> str:
    cause = say("; has Excel made zeros of its last digits? Format the column as text") if rounded_perhaps(id_) else ""
    return say("the id {id} stands in row {line} with other content{cause}", id=id_, line=line, cause=cause)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in order, in batches that stay within both bounds."""
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and (len(batch) == BATCH_ITEMS or size + item.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item.size
    if batch:
        yield batch


async def send(client: Client, items: Iterable[Item], tally: Tally, changed: Callable[[], None]) -> None:
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
            tally.reject(batch[0].row, error.message, batch[0].body["external_id"])
            return
        # One item makes the whole request unreadable: find it by halves, and let the others pass.
        middle = len(batch) // 2
        await _send_batch(client, batch[:middle], tally)
        await _send_batch(client, batch[middle:], tally)
        return
    for result in answer["results"]:
        item = batch[result["index"]]
        problem = result.get("problem") or {}
        if result["status"] in {"accepted", "duplicate"}:
            tally.take(item, result)
        elif problem.get("slug") == TAKEN and is_content_id(item.body["external_id"]):
            # The same row once more; only what its words are known to mean here has changed since.
            tally.take(item, {"status": "duplicate"})
        else:
            tally.reject(item.row, _reason(problem, item), item.body["external_id"])


def _reason(problem: dict[str, Any], item: Item) -> str:
    errors = [f"{error.get('field')}: {error.get('message')}" for error in problem.get("errors") or []]
    reason = "; ".join(errors) or str(problem.get("detail") or problem.get("title") or say("rejected by intake"))
    if problem.get("slug") != TAKEN:
        return reason
    return say("the id {id}: {said}", id=item.body["external_id"], said=reason.removeprefix("external_id: "))


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
                say(
                    "{rows} no case for {seconds:.0f} s; nothing is lost, intake has it.",
                    rows=rows,
                    seconds=STALLED_AFTER,
                ),
                say("See what is unsent, lagging or parked: linli status"),
            )
        if pending:
            await asyncio.sleep(POLL_EVERY)
