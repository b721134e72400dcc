"""`linli submit`: one submission, as a resident sends it."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.kinds import Kind, Language
from linli_cli.cases.attach import add_photo, readable
from linli_cli.cases.repeats import why
from linli_cli.community.known_names import is_id
from linli_cli.community.lookup import ids_of
from linli_cli.community.names import Names, names_of_all
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.language import chinese, say
from linli_cli.terminal.times import day
from linli_cli.terminal.words import counted

MOST_PHOTOS = 10


def submit(
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    title: Annotated[str, typer.Option(help="What it is about, in one line.")],
    text: Annotated[str, typer.Option(help="All there is to say.")] = "",
    neighbourhood: Annotated[str | None, typer.Option(help="The 小区, by id (huaiyin-li) or by name.")] = None,
    category: Annotated[str | None, typer.Option(help="By id (facilities.lift.fault) or by name.")] = None,
    place: Annotated[str | None, typer.Option(help="Where exactly, in words.")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude in degrees; with --lat.")] = None,
    lat: Annotated[float | None, typer.Option(help="Latitude in degrees; with --lon.")] = None,
    community: Annotated[str | None, typer.Option(help="Needed when several are loaded.")] = None,
    photo: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A JPEG, PNG or WebP file; may be repeated, up to 10.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The reporter's name.")] = None,
    phone: Annotated[str | None, typer.Option(help="The reporter's telephone number.")] = None,
    email: Annotated[str | None, typer.Option(help="Where the reporter hears what becomes of it.")] = None,
    address: Annotated[str | None, typer.Option(help="Where the reporter lives. It stays in intake.")] = None,
    language: Annotated[Language, typer.Option(help="The reporter's.")] = Language.ZH,
    different: Annotated[
        bool, typer.Option("--different", help="It is not the outage that is known there, but something else.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Show whether it was reported already, and send nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as one line of JSON.")] = False,
) -> None:
    """Send one demand, report or dispute, and print its tracking code."""
    with errors_shown():
        if (lon is None) != (lat is None):
            raise UsageFault(say("--lon and --lat belong together."))
        if len(photo or []) > MOST_PHOTOS:
            raise UsageFault(
                say(
                    "{count} photos are too many; a submission may have {most_photos}.",
                    count=len(photo or []),
                    most_photos=MOST_PHOTOS,
                )
            )
        photos, missing = readable(photo or [])
        reporter = {"name": name, "phone": phone, "email": email, "address": address}
        body = {
            "kind": kind,
            "title": title,
            "text": text,
            "neighbourhood": neighbourhood,
            "category": category,
            "place": place,
            "location": None if lon is None else {"lon": lon, "lat": lat},
            "community": community,
            "reporter": {**reporter, "language": language} if any(reporter.values()) else None,
            **({"different": True} if different else {}),
        }
        if check:
            _show_similar(*asyncio.run(_similar(body)), as_json)
            return
        receipt = asyncio.run(_submit(body, photos))
        missing += receipt.pop("refused")
        receipt["photos_missing"] = [{"file": str(file), "reason": reason} for file, reason in missing]
        if as_json:
            print(json.dumps(receipt, ensure_ascii=False))
        else:
            console = Console(highlight=False, soft_wrap=True)
            console.print(
                say(
                    "Accepted. Tracking code: [bold]{tracking_code}[/]  (id {id})",
                    tracking_code=receipt["tracking_code"],
                    id=receipt["id"],
                )
            )
            if known := receipt.get("known_outage"):
                console.print(escape(known["text_zh"] if chinese() else known["text_en"]))
            if receipt["photos"]:
                console.print(say("{photos} added.", photos=counted(len(receipt["photos"]), "photo")))
            console.print(
                say("Follow it: linli track {tracking_code} --follow", tracking_code=receipt["tracking_code"])
            )
        if missing:
            raise PhotosMissing(receipt, missing)


class PhotosMissing(CliError):
    """The words are in, and some photo is not."""

    code = 3

    def __init__(self, receipt: dict[str, Any], missing: list[tuple[Path, str]]) -> None:
        reasons = "\n".join(f"  {file}: {reason}" for file, reason in missing)
        again = f"linli attach {receipt['id']} --code {receipt['tracking_code']} --photo FILE"
        super().__init__(
            say(
                "The submission is accepted, without {photos}:\n{reasons}",
                photos=counted(len(missing), "photo"),
                reasons=reasons,
            ),
            say("Do not submit it again. When the photo is as it should be: {again}", again=again),
        )


async def _submit(body: dict[str, Any], photos: list[tuple[Path, bytes]]) -> dict[str, Any]:
    """The receipt with the photos that were added, and under `refused` those that were not, each with the reason."""
    async with open_client(find_target()) as client:
        body = await _with_ids(client, body)
        by_device = body["kind"] is Kind.ALARM  # which residents cannot send
        receipt: dict[str, Any] = await client.post("intake", "/v1/submissions", body, operator=by_device)
        receipt["photos"], receipt["refused"] = [], []
        for photo in photos:
            try:
                receipt["photos"] += await add_photo(client, receipt["id"], receipt["tracking_code"], photo)
            except CliError as error:
                receipt["refused"].append((photo[0], error.message))
    return receipt


async def _with_ids(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """What is named in it looked up."""
    named = {name: body[name] for name in ("neighbourhood", "category", "community")}
    if all(is_id(id) for id in named.values() if id is not None):
        return body
    return body | await ids_of(client, named)


async def _similar(body: dict[str, Any]) -> tuple[dict[str, Any], Names]:
    """What was reported before and is like it. The reporter is not sent."""
    async with open_client(find_target()) as client:
        matter = {
            name: value
            for name, value in (await _with_ids(client, body)).items()
            if name not in {"reporter", "different"}
        }
        found = await client.post("intake", "/v1/submissions:similar", matter, operator=False)
        return found, await names_of_all(client)


def _show_similar(found: dict[str, Any], names: Names, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    outcome = say("Reported already, it seems:") if found["items"] else say("Nothing like it was reported so far.")
    console.print(say("Nothing was sent. {outcome}", outcome=outcome))
    for each in found["items"]:
        console.print(f"  {each['score']:.2f}  {day(each['received_at'])}  {escape(each['title'])}")
        console.print(f"        {escape(why(each['reasons'], names))}")
