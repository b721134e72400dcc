"""One action on many cases, in one process: shown first, then done one by one, each with what became of it.

A second run of the same does nothing twice: each action has an Idempotency-Key made of what it is.
"""

import asyncio
import hashlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.act_words import done
from linli_cli.cases.actions import Action, Options, body_with
from linli_cli.cases.case_words import named
from linli_cli.cases.choosing import chosen_cases
from linli_cli.cases.planned import PlannedAction, chosen, from_file
from linli_cli.community.lookup import with_ids
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault
from linli_cli.terminal.language import padded, say, term
from linli_cli.terminal.words import counted

AT_ONCE = 100
SHOWN = 10
SHOWN_OPTIONS = ("to", "into", "kind", "title", "neighbourhood", "category", "place", "at", "waiting_for", "by")
REFUSALS = range(400, 500)
MOVED_ON = "case_changed"
DRY = "would be done"


@dataclass(frozen=True)
class Bulk:
    """Which cases, and how it is gone about."""

    file: str | None
    filters: tuple[str, ...]
    dry_run: bool
    yes: bool
    as_json: bool


@dataclass(frozen=True)
class Outcome:
    """What became of one action: `done`, `done before`, `so already` or `refused`."""

    planned: PlannedAction
    result: str
    said: str
    after: Mapping[str, Any] | None = None

    @property
    def as_json(self) -> str:
        case = self.after or {}
        values = {"case": self.planned.case, "action": self.planned.action, "result": self.result, "said": self.said}
        return json.dumps(values | {name: case.get(name) for name in ("state", "version")}, ensure_ascii=False)


def act_on_many(how: Bulk, action: Action | None, options: Options) -> int:
    """Show what would be done, ask, do it; the exit code: 1 where something was refused. Raises CliError."""
    if how.file is not None and how.filters:
        raise UsageFault(say("Say --from or --filter: a file names its cases itself."))
    if not how.dry_run and not how.yes and (how.as_json or not sys.stdin.isatty() or how.file == "-"):
        raise UsageFault(say("Nobody can be asked here: add --yes, or --dry-run to see what would be done."))
    if how.filters and action is None:
        raise UsageFault(say("Say what is to be done: linli act ACTION --filter NAME=VALUE"))
    return asyncio.run(_on_many(how, action, options))


async def _on_many(how: Bulk, action: Action | None, options: Options) -> int:
    console = Console(highlight=False, soft_wrap=True)
    async with open_client(find_target()) as client:
        if how.file is not None:
            plan = from_file(how.file, action, options)
            cases = await looked_up(client, plan)
        else:
            found = await chosen_cases(client, chosen(how.filters))
            cases = {case["id"]: case for case in found}
            plan = [PlannedAction(id, action, options) for id in cases if action is not None]
        await _checked(client, plan, cases)  # what is wrong with any is said before the first is done
        if not how.as_json:
            console.print(escape("\n".join([f"{counted(len(plan), 'case')}{say(':')}", *shown(plan, cases)])))
        if how.dry_run or not plan:
            if how.as_json:
                print("\n".join(Outcome(planned, DRY, "", cases.get(planned.case)).as_json for planned in plan))
            return 0
        if not how.yes and not typer.confirm(say("Do it?")):
            return 1
        counts: Counter[str] = Counter()
        async for outcome in carried_out(client, plan, cases):
            counts[outcome.result] += 1
            line = (
                outcome.as_json
                if how.as_json
                else f"  {padded(outcome.result, 12)}{outcome.planned.case}  {outcome.said}"
            )
            print(line, flush=True)
        if not how.as_json:
            print(say(", ").join(f"{count} {term(result)}" for result, count in counts.items()) + say("."))
    return 1 if counts["refused"] else 0


async def looked_up(client: Client, plan: Sequence[PlannedAction]) -> dict[str, dict[str, Any]]:
    """The cases as they stand, by id; one that is not there, or not for who asks, is left out."""
    ids = list(dict.fromkeys(planned.case for planned in plan))
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        page = await client.get("workflow", "/v1/cases", id=ids[start : start + AT_ONCE], limit=AT_ONCE)
        found |= {case["id"]: case for case in page["items"]}
    return found


async def _checked(client: Client, plan: Sequence[PlannedAction], cases: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises UsageFault, with the row, for what cannot be done as it is said, or names what there is not."""
    known: set[tuple[Action, str, Options]] = set()
    for planned in plan:
        community = cases[planned.case]["community"] if planned.case in cases else ""
        if (planned.action, community, planned.options) in known:
            continue
        try:
            body = body_with(planned.action, planned.options)
            if community:
                await with_ids(client, body, community)
        except ApiError:
            raise
        except CliError as error:
            message = (
                say("{where}: {fault}", where=planned.where, fault=error.message) if planned.where else error.message
            )
            raise UsageFault(message, error.hint) from error
        known.add((planned.action, community, planned.options))


def _anew(planned: PlannedAction) -> str:
    """What an action says besides its words: `party 供水公司, category 供水`."""
    labels = {"to": "party"}
    given = ((name, getattr(planned.options, name)) for name in SHOWN_OPTIONS)
    return say(", ").join(f"{term(labels.get(name, name))} {value}" for name, value in given if value)


def shown(plan: Sequence[PlannedAction], cases: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What would be done, the first of it case by case."""
    lines = []
    for planned in plan[:SHOWN]:
        case = cases.get(planned.case)
        what = (
            f"{term(case['state'])}  {named(case['party'])}  {case['title']}" if case else say("there is no such case")
        )
        anew = _anew(planned)
        lines.append(f"  {padded(planned.action, 12)}  {planned.case}  {what}{f'  → {anew}' if anew else ''}")
    more = len(plan) - SHOWN
    return [*lines, *([say("  … and {more} more", more=more)] if more > 0 else [])]


async def carried_out(
    client: Client, plan: Sequence[PlannedAction], cases: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[Outcome]:
    """Do the actions, one outcome each. Raises CliError where no service answers; a second run goes on from there."""
    latest = dict(cases)
    for planned in plan:
        case = latest.get(planned.case)
        if case is None:
            yield Outcome(planned, "refused", say("There is no such case."))
            continue
        outcome = await _done(client, planned, case)
        if outcome.after:
            latest[planned.case] = outcome.after
        yield outcome


async def _done(client: Client, planned: PlannedAction, case: Mapping[str, Any]) -> Outcome:
    try:
        body = await with_ids(client, body_with(planned.action, planned.options), case["community"])
    except CliError as error:
        return Outcome(planned, "refused", error.message)
    for attempt in (case, None):
        try:
            after = await _sent(client, planned, body, attempt or await _as_it_is(client, planned.case))
        except ApiError as error:
            if error.slug == MOVED_ON and attempt and error.document.get("state") == case["state"]:
                continue  # something was noted meanwhile, or a case of its family moved; it stands as it was shown
            return _refused(planned, error)
        return Outcome(planned, "done", next(iter(done(planned.action, after))), after)
    raise AssertionError("unreachable")


async def _sent(
    client: Client, planned: PlannedAction, body: Mapping[str, Any], case: Mapping[str, Any]
) -> dict[str, Any]:
    path = f"/v1/cases/{quote(planned.case, safe='')}:{planned.action.sent}"
    headers = {"If-Match": f'"{case["version"]}"'}
    after: dict[str, Any] = await client.post("workflow", path, body, key=key_of(planned, body), headers=headers)
    return after


def key_of(planned: PlannedAction, body: Mapping[str, Any]) -> str:
    """The same for the same action, in whatever run."""
    what = json.dumps([planned.case, planned.action.sent, body], sort_keys=True, ensure_ascii=False)
    return f"act-{hashlib.sha256(what.encode()).hexdigest()[:40]}"


def _refused(planned: PlannedAction, error: ApiError) -> Outcome:
    """What concerns this case alone; anything else ends the run."""
    match error.slug:
        case "idempotency_key_reused":
            return Outcome(planned, "done before", say("Done by an earlier run."))
        case "nothing_to_correct":
            return Outcome(planned, "so already", say("It is like that already."))
    if error.status not in REFUSALS or error.status in {401, 429}:
        raise error
    return Outcome(planned, "refused", error.detail)


async def _as_it_is(client: Client, id: str) -> dict[str, Any]:
    page = await client.get("workflow", "/v1/cases", id=[id])
    if not page["items"]:
        raise CliError(say("There is no case {id} any more.", id=id))
    case: dict[str, Any] = page["items"][0]
    return case
