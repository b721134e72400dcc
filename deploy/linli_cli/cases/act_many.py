"""One action on many cases, in one process: shown first, then done one by one, each with what became of it.

A second run of the same does nothing twice: each deed has an Idempotency-Key made of what it is.
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
from linli_cli.cases.case_words import named
from linli_cli.cases.choosing import chosen_cases
from linli_cli.cases.deeds import Action, Options, body_with
from linli_cli.cases.deeds_from import Deed, chosen, from_file
from linli_cli.community.lookup import with_ids
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault
from linli_cli.terminal.tongue import padded, say, tongue
from linli_cli.terminal.words import counted

AT_ONCE = 100
SHOWN = 10
SHOWN_OF_A_DEED = ("to", "into", "kind", "title", "neighbourhood", "category", "place", "at", "waiting_for", "by")
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
    """What became of one deed: `done`, `done before`, `so already` or `refused`."""

    deed: Deed
    result: str
    said: str
    after: Mapping[str, Any] | None = None

    @property
    def as_json(self) -> str:
        case = self.after or {}
        told = {"case": self.deed.case, "action": self.deed.action, "result": self.result, "said": self.said}
        return json.dumps(told | {name: case.get(name) for name in ("state", "version")}, ensure_ascii=False)


def act_on_many(how: Bulk, action: Action | None, said: Options) -> int:
    """Show what would be done, ask, do it; the exit code: 1 where something was refused. Raises CliError."""
    if how.file is not None and how.filters:
        raise UsageFault(say("Say --from or --filter: a file names its cases itself."))
    if not how.dry_run and not how.yes and (how.as_json or not sys.stdin.isatty() or how.file == "-"):
        raise UsageFault(say("Nobody can be asked here: add --yes, or --dry-run to see what would be done."))
    if how.filters and action is None:
        raise UsageFault(say("Say what is to be done: linli act ACTION --filter NAME=VALUE"))
    return asyncio.run(_on_many(how, action, said))


async def _on_many(how: Bulk, action: Action | None, said: Options) -> int:
    console = Console(highlight=False, soft_wrap=True)
    async with open_client(find_target()) as client:
        if how.file is not None:
            deeds = from_file(how.file, action, said)
            cases = await looked_up(client, deeds)
        else:
            found = await chosen_cases(client, chosen(how.filters))
            cases = {case["id"]: case for case in found}
            deeds = [Deed(id, action, said) for id in cases if action is not None]
        await _checked(client, deeds, cases)  # what is wrong with any is said before the first is done
        if not how.as_json:
            console.print(escape("\n".join([f"{counted(len(deeds), 'case')}{say(':')}", *shown(deeds, cases)])))
        if how.dry_run or not deeds:
            if how.as_json:
                print("\n".join(Outcome(deed, DRY, "", cases.get(deed.case)).as_json for deed in deeds))
            return 0
        if not how.yes and not typer.confirm(say("Do it?")):
            return 1
        counts: Counter[str] = Counter()
        async for outcome in carried_out(client, deeds, cases):
            counts[outcome.result] += 1
            line = (
                outcome.as_json if how.as_json else f"  {padded(outcome.result, 12)}{outcome.deed.case}  {outcome.said}"
            )
            print(line, flush=True)
        if not how.as_json:
            print(say(", ").join(f"{count} {tongue(result)}" for result, count in counts.items()) + say("."))
    return 1 if counts["refused"] else 0


async def looked_up(client: Client, deeds: Sequence[Deed]) -> dict[str, dict[str, Any]]:
    """The cases as they stand, by id; one that is not there, or not for who asks, is left out."""
    ids = list(dict.fromkeys(deed.case for deed in deeds))
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), AT_ONCE):
        page = await client.get("workflow", "/v1/cases", id=ids[start : start + AT_ONCE], limit=AT_ONCE)
        found |= {case["id"]: case for case in page["items"]}
    return found


async def _checked(client: Client, deeds: Sequence[Deed], cases: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises UsageFault, with the row, for what cannot be done as it is said, or names what there is not."""
    known: set[tuple[Action, str, Options]] = set()
    for deed in deeds:
        community = cases[deed.case]["community"] if deed.case in cases else ""
        if (deed.action, community, deed.said) in known:
            continue
        try:
            body = body_with(deed.action, deed.said)
            if community:
                await with_ids(client, body, community)
        except ApiError:
            raise
        except CliError as error:
            message = say("{where}: {fault}", where=deed.where, fault=error.message) if deed.where else error.message
            raise UsageFault(message, error.hint) from error
        known.add((deed.action, community, deed.said))


def _anew(deed: Deed) -> str:
    """What a deed says besides its words: `party 供水公司, category 供水`."""
    labels = {"to": "party"}
    said = ((name, getattr(deed.said, name)) for name in SHOWN_OF_A_DEED)
    return say(", ").join(f"{tongue(labels.get(name, name))} {value}" for name, value in said if value)


def shown(deeds: Sequence[Deed], cases: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What would be done, the first of it case by case."""
    lines = []
    for deed in deeds[:SHOWN]:
        case = cases.get(deed.case)
        what = (
            f"{tongue(case['state'])}  {named(case['party'])}  {case['title']}"
            if case
            else say("there is no such case")
        )
        anew = _anew(deed)
        lines.append(f"  {padded(deed.action, 12)}  {deed.case}  {what}{f'  → {anew}' if anew else ''}")
    more = len(deeds) - SHOWN
    return [*lines, *([say("  … and {more} more", more=more)] if more > 0 else [])]


async def carried_out(
    client: Client, deeds: Sequence[Deed], cases: Mapping[str, Mapping[str, Any]]
) -> AsyncIterator[Outcome]:
    """Each deed as it is done. Raises CliError where no service answers; then a second run goes on where this ended."""
    latest = dict(cases)
    for deed in deeds:
        case = latest.get(deed.case)
        if case is None:
            yield Outcome(deed, "refused", say("There is no such case."))
            continue
        outcome = await _done(client, deed, case)
        if outcome.after:
            latest[deed.case] = outcome.after
        yield outcome


async def _done(client: Client, deed: Deed, case: Mapping[str, Any]) -> Outcome:
    try:
        body = await with_ids(client, body_with(deed.action, deed.said), case["community"])
    except CliError as error:
        return Outcome(deed, "refused", error.message)
    for attempt in (case, None):
        try:
            after = await _sent(client, deed, body, attempt or await _as_it_is(client, deed.case))
        except ApiError as error:
            if error.slug == MOVED_ON and attempt and error.document.get("state") == case["state"]:
                continue  # something was noted meanwhile, or a case of its family moved; it stands as it was shown
            return _refused(deed, error)
        return Outcome(deed, "done", next(iter(done(deed.action, after))), after)
    raise AssertionError("unreachable")


async def _sent(client: Client, deed: Deed, body: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    path = f"/v1/cases/{quote(deed.case, safe='')}:{deed.action.sent}"
    headers = {"If-Match": f'"{case["version"]}"'}
    after: dict[str, Any] = await client.post("workflow", path, body, key=key_of(deed, body), headers=headers)
    return after


def key_of(deed: Deed, body: Mapping[str, Any]) -> str:
    """The same for the same deed, in whatever run."""
    what = json.dumps([deed.case, deed.action.sent, body], sort_keys=True, ensure_ascii=False)
    return f"act-{hashlib.sha256(what.encode()).hexdigest()[:40]}"


def _refused(deed: Deed, error: ApiError) -> Outcome:
    """What concerns this case alone; anything else ends the run."""
    match error.slug:
        case "idempotency_key_reused":
            return Outcome(deed, "done before", say("Done by an earlier run."))
        case "nothing_to_correct":
            return Outcome(deed, "so already", say("It is like that already."))
    if error.status not in REFUSALS or error.status in {401, 429}:
        raise error
    return Outcome(deed, "refused", error.said)


async def _as_it_is(client: Client, id: str) -> dict[str, Any]:
    page = await client.get("workflow", "/v1/cases", id=[id])
    if not page["items"]:
        raise CliError(say("There is no case {id} any more.", id=id))
    case: dict[str, Any] = page["items"][0]
    return case
