"""`linli evidence`: the photos of a case, how it was before and after."""

import asyncio
import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.attach import photo_content
from linli_cli.cases.case_words import minute
from linli_cli.community.names import IDS, Names, names_of
from linli_cli.connection.client import ApiError, Client, json_of, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import padded, say
from linli_cli.terminal.words import counted


class Stage(StrEnum):
    """What a photo shows, as workflow's API has it."""

    BEFORE = "before"
    AFTER = "after"
    RETURN = "return"


def evidence(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    stage: Annotated[
        Stage | None, typer.Option(help="What the photos show; those of `return` stay among staff. With --photo.")
    ] = None,
    photo: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A JPEG, PNG or WebP file to add; may be repeated.")
    ] = None,
    message: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What they show; the reporter sees it, but for `return`.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="PARTY", help="In whose name. Default: the responsible party.")
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all photos of the case there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as one line of JSON.")] = False,
) -> None:
    """List the photos of a case and those that its reporter sent; add some, or write all to files with --save."""
    with errors_shown():
        if (stage is None) == bool(photo):
            raise UsageFault(say("--stage and --photo belong together."))
        if not photo and (message or by):
            raise UsageFault(say("--message and --by go with --photo."))
        photos = [(each.name, photo_content(each)) for each in photo or []]
        texts = {name: text for name, text in (("message", message), ("by", by)) if text}
        found, sent, new, saved, names = asyncio.run(_evidence(case, stage, photos, texts, save, named=not as_json))
    if as_json:
        of_files = [str(path) for path in saved]
        print(json.dumps({"items": found, "reporters_photos": sent, "saved": of_files}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for each in sent:
        size = f"{each['width']}×{each['height']}"
        console.print(f"{each['id']}  {padded('sent', 6)}  {size:<9}  {say('by the reporter')}")
    for each in found:
        size = f"{each['width']}×{each['height']}"
        at = minute(each["at"], year=True, zone=True)
        console.print(f"{each['id']}  {padded(each['stage'], 6)}  {size:<9}  {at}  {escape(names.party(each['by']))}")
    console.print(
        escape(
            summary(len(found) + len(sent), new if photos else None)
            + (say(" Written to {save}.", save=save) if save else "")
        )
    )


def summary(listed: int, new: int | None) -> str:
    """How many there are; of photos that were sent, how many the case did not have."""
    if new is None:
        return say("{number}.", number=counted(listed, "photo"))
    known = listed - new
    there = say(", {known} was there already" if known == 1 else ", {known} were there already", known=known)
    return say("{photos} added{there}.", photos=counted(new, "photo") if new else "0", there=there if known else "")


async def _evidence(
    case: str,
    stage: Stage | None,
    photos: list[tuple[str, bytes]],
    texts: dict[str, str],
    save: Path | None,
    *,
    named: bool,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int, list[Path], Names]:
    """The photos, those that the reporter sent, how many of the first are new, their files, and the parties' names."""
    whole = f"/v1/cases/{quote(case, safe='')}"
    path = f"{whole}/evidence"
    async with open_client(find_target()) as client:
        before: set[str] = set()
        if stage:
            before = {each["id"] for each in (await client.get("workflow", path))["items"]}
            answer = await client.send(
                "workflow",
                "POST",
                path,
                operator=True,
                params={"stage": stage},
                files=[("photo", photo) for photo in photos],
                data=texts,
                headers={"Idempotency-Key": uuid4().hex},
            )
            found: list[dict[str, Any]] = json_of("workflow", answer)["items"]
        else:
            found = (await client.get("workflow", path))["items"]
        sent = [] if stage else await sent_photos(client, whole)
        new = len({each["id"] for each in found} - before)
        files: list[Path] = []
        if save:
            files = [await _saved(client, path, each, each["stage"], save) for each in found]
            files += [await _saved(client, f"{whole}/photos", each, "sent", save) for each in sent]
        names = await names_of(client, (await client.get("workflow", whole))["community"]) if named and found else IDS
        return found, sent, new, files, names


async def sent_photos(client: Client, path_of_case: str) -> list[dict[str, Any]]:
    """What the reporter sent; nothing while intake, which has it, is away, or from a workflow that is older."""
    try:
        sent: list[dict[str, Any]] = (await client.get("workflow", f"{path_of_case}/photos"))["items"]
    except ApiError as error:
        if error.status not in (404, 503):
            raise
        return []
    return sent


async def _saved(client: Client, path: str, photo: dict[str, Any], stage: str, directory: Path) -> Path:
    """The photo's file; its name begins with the stage, so that before and after lie together."""
    answer = await client.send("workflow", "GET", f"{path}/{photo['id']}", operator=True)
    file = directory / f"{stage}-{photo['id']}.jpg"
    write_private(file, answer.content)
    return file


def write_private(file: Path, content: bytes) -> None:
    """For nobody but this user: people and homes are in photos. A directory that is there stays as it is."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            file.chmod(0o600)  # it may have been there
            opened.write(content)
    except OSError as error:
        raise CliError(say("{file} cannot be written: {strerror}.", file=file, strerror=of_file(error))) from error
