"""`linli attach`: photos for a submission that was sent before; and what a photo's file must be like."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from linli.photos.limits import MAX_BYTES, MB, admitted, too_heavy
from linli.web.localized import in_chinese
from linli.web.problems import Problem
from linli_cli.connection.client import Client, json_of, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import chinese, say
from linli_cli.terminal.words import counted


def attach(
    id: Annotated[str, typer.Argument(metavar="ID", help="The submission's id, from its receipt.")],
    photo: Annotated[list[Path], typer.Option(metavar="FILE", help="A JPEG, PNG or WebP file; may be repeated.")],
    code: Annotated[
        str | None, typer.Option(metavar="CODE", help="The tracking code. Without it: as an operator, with your key.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was added as one line of JSON.")] = False,
) -> None:
    """Add photos to a submission that was sent before."""
    with errors_shown():
        photos = [(each, photo_content(each)) for each in photo]
        added = asyncio.run(_attach_all(id, code, photos))
        if as_json:
            print(json.dumps({"photos": added}, ensure_ascii=False))
        else:
            print(say("{photos} added.", photos=counted(len(added), "photo")))


async def _attach_all(id: str, code: str | None, photos: list[tuple[Path, bytes]]) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        return [each for photo in photos for each in await add_photo(client, id, code, photo)]


def readable(files: list[Path]) -> tuple[list[tuple[Path, bytes]], list[tuple[Path, str]]]:
    """What the files hold, and why some will not be taken: the words are sent all the same."""
    readable, missing = [], []
    for file in files:
        try:
            readable.append((file, photo_content(file)))
        except CliError as error:
            missing.append((file, error.message))
    return readable, missing


async def add_photo(client: Client, id: str, code: str | None, photo: tuple[Path, bytes]) -> list[dict[str, Any]]:
    response = await client.send(
        "intake",
        "POST",
        f"/v1/submissions/{quote(id, safe='')}/attachments",
        operator=code is None,
        files=[("photo", (photo[0].name, photo[1]))],
        headers={"X-Tracking-Code": code} if code else {},
    )
    items: list[dict[str, Any]] = json_of("intake", response)["items"]
    return items


def photo_content(photo: Path) -> bytes:
    """Raises CliError for a file that the services would not take for a photo by its size or what it says it is."""
    try:
        content = photo.read_bytes()
    except OSError as error:
        raise CliError(say("{photo} cannot be read: {strerror}.", photo=photo, strerror=of_file(error))) from error
    if len(content) > MAX_BYTES:
        raise CliError(
            say(
                "{photo} has {size:.1f} MB. {detail}",
                photo=photo,
                size=len(content) / MB,
                detail=_spoken(too_heavy()),
            )
        )
    try:
        admitted(content)
    except Problem as refusal:
        raise CliError(f"{photo}{say(': ')}{_spoken(refusal)}") from None
    return content


def _spoken(refusal: Problem) -> str:
    return in_chinese(refusal.detail) if chinese() else refusal.detail
