"""`linli parked`: what could not be read or applied, and what is to become of it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.case_words import minute
from linli_cli.connection.client import ApiError, Service, open_client
from linli_cli.connection.settings import SERVICES
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault, errors_apart, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import parse_time

parked = typer.Typer(no_args_is_help=True, help="Events that could not be read or applied and wait for a decision.")

Of = Annotated[str | None, typer.Option("--service", help="intake, workflow, notify or neighbourhood. Default: all.")]
Reason = Annotated[str | None, typer.Option(metavar="REASON", help="Only those parked for this reason.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@parked.command("list")
def list_(service: Of = None, reason: Reason = None, as_json: Json = False) -> None:
    """Show what is parked: where, why, and how much waits behind it. Numbers and addresses are masked."""
    with errors_shown():
        found = asyncio.run(_list(_services(service), reason))
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for each in found:
        console.print(escape(in_lines(each)))
    if not found:
        console.print(say("Nothing is parked."))


def in_lines(found: Mapping[str, Any]) -> str:
    """What goes into `replay` first and whole, whatever the terminal's width; then why it is parked."""
    at = minute(found["parked_at"], year=True, zone=True)
    waiting = say(", {count} waiting behind it", count=found["waiting"]) if found["waiting"] else ""
    first = f"{found['id']}  {found['service']}  {found['topic']} {found['partition']}:{found['offset']}"
    return f"{first}\n    {at}  {found['reason']}: {found['detail']}{waiting}"


@parked.command()
def replay(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="As `linli parked list` shows them.")
    ] = None,
    service: Of = None,
    reason: Reason = None,
    topic: Annotated[str | None, typer.Option(metavar="NAME", help="Only those of this topic.")] = None,
    partition: Annotated[int | None, typer.Option(min=0, help="Only those of this partition of it.")] = None,
    from_offset: Annotated[int | None, typer.Option(min=0, help="With both: from this offset on.")] = None,
    before_offset: Annotated[int | None, typer.Option(min=0, help="With both: up to this offset.")] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Parked since 2026-11-24T06:00 (this machine's zone unless said), or 2h."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Parked before this.")] = None,
    as_json: Json = False,
) -> None:
    """Try parked events again: by id, all of a reason, or a range.

    Exit code 1: one stays parked, or is not there. 4: it could not be tried.
    """
    with errors_apart():
        now = datetime.now(UTC)
        chosen = {
            "ids": ids or None,
            "reason": reason,
            "topic": topic,
            "partition": partition,
            "offset_from": from_offset,
            "offset_before": before_offset,
            "parked_from": parse_time(since, now).isoformat() if since else None,
            "parked_before": parse_time(until, now).isoformat() if until else None,
        }
        body = {name: value for name, value in chosen.items() if value is not None}
        if not body:
            raise UsageFault(
                say("Nothing is named."),
                say("Give ids, --reason REASON, or a range: --since, or --topic with offsets."),
            )
        _whole_range(topic, partition, [from_offset, before_offset])
        done = asyncio.run(_replay(_services(service), body))
    missing = sorted(set(ids or []) - {each["id"] for each in done})
    if as_json:
        print(json.dumps({"items": done, "missing": missing}, ensure_ascii=False))
    else:
        for each in done:
            print(_decided(each))
        replayed = sum(each["outcome"] == "replayed" for each in done)
        print(say("{replayed} of {count} replayed.", replayed=replayed, count=len(done)))
        narrowed = say(" with what else was asked for") if len(body) > 1 or service else ""
        for id in missing:
            message = say("Nothing is parked as {id}{narrowed}. What is: linli parked list", id=id, narrowed=narrowed)
            typer.echo(message, err=True)
    if missing or any(each["outcome"] != "replayed" for each in done):
        raise typer.Exit(1)


@parked.command()
def discard(
    id: Annotated[str, typer.Argument(metavar="ID")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it is given up; it is kept with the record.")],
    service: Of = None,
    as_json: Json = False,
) -> None:
    """Give a parked event up, wherever it is parked. What waits behind it goes on."""
    with errors_shown():
        done = asyncio.run(_discard(_services(service), id, why))
        if not done:
            raise CliError(say("Nothing is parked as {id}.", id=id), say("What is: linli parked list"))
    if as_json:
        print(json.dumps({"items": done}, ensure_ascii=False))
        return
    for each in done:
        print(_decided(each))


def _decided(each: Mapping[str, Any]) -> str:
    return f"{each['service']} {each['id']}{say(': ')}{term(each['outcome'])}"


def _whole_range(topic: str | None, partition: int | None, offsets: Sequence[int | None]) -> None:
    """Raises UsageFault for a partition of no topic, and an offset of no partition."""
    if partition is not None and topic is None:
        raise UsageFault(say("--partition needs --topic: every topic has partitions of these numbers."))
    if any(offset is not None for offset in offsets) and (topic is None or partition is None):
        raise UsageFault(say("An offset needs --topic and --partition: it counts within one of them."))


def _services(named: str | None) -> Sequence[Service]:
    if named is None:
        return SERVICES
    found = [reader for reader in SERVICES if reader == named]
    if not found:
        raise UsageFault(say("'{named}' is no service.", named=named), f"--service {say(' or ').join(SERVICES)}")
    return found


async def _list(services: Sequence[Service], reason: str | None) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        pages = [await client.get(service, "/v1/parked", limit=500, reason=reason) for service in services]
    return [
        {"service": service} | item for service, page in zip(services, pages, strict=True) for item in page["items"]
    ]


async def _replay(services: Sequence[Service], body: dict[str, Any]) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        answers = [await client.post(service, "/v1/parked:replay", body) for service in services]
    return [
        {"service": service} | item
        for service, answer in zip(services, answers, strict=True)
        for item in answer["items"]
    ]


async def _discard(services: Sequence[Service], id: str, why: str) -> list[dict[str, Any]]:
    """What those say that have parked it: two that read the same topic may both have."""
    done = []
    async with open_client(find_target()) as client:
        for service in services:
            try:
                decision = await client.post(service, f"/v1/parked/{quote(id, safe='')}:discard", {"reason": why})
            except ApiError as error:
                if error.slug != "not_found":
                    raise
            else:
                done.append({"service": service} | decision)
    return done
