"""`linli outages`: what a company has told the office by telephone, and what is off."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.community.commands import community_of
from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.outages.options import (
    Buildings,
    CommunityName,
    Json,
    Message,
    Neighbourhoods,
    OutageName,
    Party,
    PolygonFile,
    Sure,
    Until,
    ahead,
    area_of,
)
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.language import chinese, say
from linli_cli.terminal.times import parse_time, second

outages = typer.Typer(no_args_is_help=True, help="What is off: water, power, gas, heating, telecom.")
Where = tuple[list[str] | None, list[str] | None, Path | None]
TAKEN = {"applied", "noted", "duplicate"}


@outages.command()
def declare(
    party: Party,
    outage: OutageName,
    neighbourhood: Neighbourhoods = None,
    building: Buildings = None,
    polygon: PolygonFile = None,
    until: Until = None,
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it begins, or began: a time, or 2h ago. Default: now.")
    ] = None,
    planned: Annotated[bool, typer.Option("--planned", help="It is announced beforehand.")] = False,
    utility: Annotated[
        str | None, typer.Option(metavar="WHAT", help="water, power, gas, heating or telecom. Default: the company's.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="ID", help="Id or name of the category of reports about it.")
    ] = None,
    cause: Annotated[
        str | None, typer.Option(metavar="WHY", help="works, fault, damage, weather, supply or other.")
    ] = None,
    confidence: Sure = None,
    customers: Annotated[int | None, typer.Option(metavar="N", help="How many are without.")] = None,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Something is off, or will be: open reports follow it, and who reports it now is told that it is known."""
    with errors_shown():
        said = {
            "until": ahead(until),
            "starts_at": parse_time(start, datetime.now(UTC)).isoformat() if start else None,
            "planned": planned or None,
            "utility": utility,
            "category": category,
            "cause": cause,
            "confidence": confidence,
            "customers_affected": customers,
            "message": message,
        }
        _report(party, outage, "declared", community, as_json, said, (neighbourhood, building, polygon))


@outages.command()
def extend(
    party: Party,
    outage: OutageName,
    until: Until = None,
    confidence: Sure = None,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """It is expected to be over at another time, later or sooner: all who wait are told."""
    with errors_shown():
        if until is None:
            raise UsageFault(say("Say until when: --until TIME."))
        said = {"until": ahead(until), "confidence": confidence, "message": message}
        _report(party, outage, "extended", community, as_json, said)


@outages.command()
def area(
    party: Party,
    outage: OutageName,
    neighbourhood: Neighbourhoods = None,
    building: Buildings = None,
    polygon: PolygonFile = None,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """It is somewhere else than was said: reports inside follow it, those outside are dealt with by themselves."""
    with errors_shown():
        where = (neighbourhood, building, polygon)
        _report(party, outage, "area_changed", community, as_json, {"message": message}, where)


@outages.command()
def partial(
    party: Party,
    outage: OutageName,
    neighbourhood: Neighbourhoods = None,
    building: Buildings = None,
    polygon: PolygonFile = None,
    until: Until = None,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """It is back but for the area that is named: who has it back is asked."""
    with errors_shown():
        said = {"until": ahead(until), "message": message}
        _report(party, outage, "partially_restored", community, as_json, said, (neighbourhood, building, polygon))


@outages.command()
def restore(
    party: Party,
    outage: OutageName,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """It is over: each who has reported it is asked whether it is back."""
    with errors_shown():
        _report(party, outage, "restored", community, as_json, {"message": message})


@outages.command()
def cancel(
    party: Party,
    outage: OutageName,
    message: Message = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """It does not take place, or was declared by mistake: reports that follow it are dealt with by themselves."""
    with errors_shown():
        _report(party, outage, "cancelled", community, as_json, {"message": message})


@outages.command("list")
def list_(
    neighbourhood: Annotated[
        str | None, typer.Option(metavar="ID", help="Id or name: only what reaches into it.")
    ] = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """What is off, and what is planned to be, the oldest first."""
    with errors_shown():
        found = asyncio.run(_list(neighbourhood, community))
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    table = Table(say("company"), say("outage"), say("what"), say("where"), box=None, header_style="bold")
    for each in found:
        what = each["text_zh"] if chinese() else each["text_en"]
        table.add_row(*map(escape, (each["party"], each["outage_id"], what, ", ".join(each["neighbourhoods"]))))
    Console(width=120).print(table)


@outages.command()
def show(party: Party, outage: OutageName, community: CommunityName = None, as_json: Json = False) -> None:
    """One outage, with how many reports follow it and who says that it is not back."""
    with errors_shown():
        found = asyncio.run(_show(party, outage, community))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(found["text_zh"] if chinese() else found["text_en"])
    print(say("{following} reports follow it; {still_out} say that it is not back.", **found))
    print(say("Last told at {at}.", at=second(datetime.fromisoformat(found["updated_at"]).astimezone())))
    for each in found["cases"]:
        print(say("Case: {case}", case=each))
    for each in found["called_again"]:
        print(say("Called again to: {building}", building=each))


def _report(
    party: str,
    outage: str,
    did: str,
    community: str | None,
    as_json: bool,
    said: dict[str, Any],
    where: Where | None = None,
) -> None:
    """Raises CliError where nothing has come of it."""
    receipt = asyncio.run(_sent(party, outage, did, community, said, where))
    if as_json:
        print(json.dumps(receipt, ensure_ascii=False))
    else:
        print(receipt["text_zh"] if chinese() else receipt["text_en"])
    if receipt["outcome"] not in TAKEN:
        raise CliError(say("It was not taken: {outcome}.", **receipt))


async def _sent(
    party: str, outage: str, did: str, community: str | None, said: dict[str, Any], where: Where | None
) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        named = await _named(client, party, community, category=said.get("category"))
        now = datetime.now(UTC).isoformat()
        body: dict[str, Any] = {"report_id": uuid4().hex, "outage_id": outage, "did": did, "occurred_at": now}
        body |= {name: value for name, value in said.items() if value is not None}
        if named["category"]:
            body["category"] = named["category"]
        if where is not None:
            data = await community_of(client, str(named["community"]))
            body["area"] = area_of(*where, data)
        path = f"/v1/outages/reports?community={named['community']}&party={named['party']}"
        receipt: dict[str, Any] = await client.post("workflow", path, body)
    return receipt


async def _list(neighbourhood: str | None, community: str | None) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        named = await ids_of(client, {"neighbourhood": neighbourhood, "community": community})
        which, place = named["community"], named["neighbourhood"]
        found = await client.get("workflow", "/v1/outages", community=which, neighbourhood=place)
    items: list[dict[str, Any]] = found["items"]
    return items


async def _show(party: str, outage: str, community: str | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        named = await _named(client, party, community)
        path = f"/v1/outages/{named['community']}/{named['party']}/{outage}"
        found: dict[str, Any] = await client.get("workflow", path)
    return found


async def _named(client: Client, party: str, community: str | None, **more: str | None) -> dict[str, str | None]:
    which = await the_community(client, community)
    return {"category": None} | await ids_of(client, {"party": party, "community": which} | more)
