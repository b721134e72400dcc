"""Many submissions in one request: each is checked and answered separately; all share one wait for the disk."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from intake.metrics import ACCEPTED
from intake.refusals import channel_said, count_refused
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import Repetition
from intake.submissions.handlers import TAKEN, Caller, Intake, Taken, storage
from intake.submissions.store import Entry
from linli.web.app import field_errors
from linli.web.idempotency import fingerprint
from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem, Refused

BREATH = 50
"""Items that are checked before other requests get a turn."""

MOST_DEPTH = 20
"""Lists and objects within one another in an item; what a submission can hold is three."""
TOO_DEEP = "nested too deeply"
"""In place of an item that is: what counts fingerprints of it, or checks it, would go down there as well."""

Result = dict[str, Any]


async def accept_batch(intake: Intake, items: Sequence[Any], caller: Caller) -> list[Result]:
    """One result per item, in order. Raises `Problem` when the batch as a whole is refused."""
    items = [TOO_DEEP if deeper_than(item, MOST_DEPTH) else item for item in items]
    async with storage():
        repetition = await intake.claim_batch(caller, fingerprint(items))
        pseudonyms = await intake.pseudonyms()
    results: list[Result] = [{"index": index} for index in range(len(items))]
    entries: dict[int, Entry] = {}
    for index, item in enumerate(items):
        if index % BREATH == BREATH - 1:
            await asyncio.sleep(0)
        own = repetition and Repetition(f"{repetition.key}/{index}", repetition.body)
        try:
            entries[index] = intake.prepare(_read(item), own, caller, pseudonyms, intake.now())
        except Problem as problem:
            if problem.status == 503:  # nothing is wrong with the item
                raise
            results[index] |= _rejected(problem, item)
    async with storage():
        taken = await intake.admit(list(entries.values()))
    for index, outcome in zip(entries, taken, strict=True):
        if isinstance(outcome, Refused) and outcome.slug == TAKEN:  # of all that may come of a clash, this item's alone
            results[index] |= _rejected(outcome, items[index]) | {"id": outcome.objects[0]}
            continue
        if isinstance(outcome, Exception):
            raise outcome
        results[index] |= _accepted(outcome, caller.maker)
    return results


def deeper_than(value: Any, depth: int) -> bool:
    """Whether lists and objects lie within one another deeper than that; level by level, so that no depth hurts."""
    level = [value]
    for _ in range(depth + 1):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _read(item: Any) -> NewSubmission:
    if item == TOO_DEEP:
        deep = "The item is nested more than {most} levels deep."
        raise Problem("invalid", 422, Localized(deep, "内容的嵌套超过 {most} 层。", most=MOST_DEPTH))
    try:
        return NewSubmission.model_validate(item)
    except ValidationError as error:
        faults = field_errors(error.errors(include_url=False, include_input=False))
        raise Problem("invalid", 422, "Some fields are not as they should be.", errors=faults) from error


def _accepted(taken: Taken, maker: str | None) -> Result:
    receipt = taken.receipt(maker)
    if not taken.duplicate and not taken.replayed:
        ACCEPTED.labels(taken.submission.kind, taken.submission.channel).inc()
    status = "duplicate" if taken.duplicate else "accepted"
    return {"status": status, "id": receipt["id"], "tracking_code": receipt.get("tracking_code")}


def _rejected(problem: Problem, item: Any) -> Result:
    count_refused(problem.slug, channel_said(item))
    answer = document(problem)
    fields = {name: answer[name] for name in ("title", "detail", "errors") if name in answer}
    return {"status": "rejected", "problem": {"slug": problem.slug, **fields}}
