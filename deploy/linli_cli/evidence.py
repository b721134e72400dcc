"""`linli evidence`: the photos of a case, how it was before and after."""

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.client import Client, open_client
from linli_cli.errors import CliError, errors_shown
from linli_cli.submit import photo_content
from linli_cli.target import find_target
from linli_cli.words import counted


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
    """List the photos of a case; add some with --stage and --photo, or write them to files with --save."""
    with errors_shown():
        if (stage is None) == bool(photo):
            raise CliError("--stage and --photo belong together.")
        if not photo and (message or by):
            raise CliError("--message and --by go with --photo.")
        photos = [(each.name, photo_content(each)) for each in photo or []]
        texts = {name: said for name, said in (("message", message), ("by", by)) if said}
        found, saved = asyncio.run(_evidence(case, stage, photos, texts, save))
    if as_json:
        print(json.dumps({"items": found, "saved": [str(path) for path in saved]}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for each in found:
        size = f"{each['width']}×{each['height']}"
        console.print(f"{each['id']}  {each['stage']:<6}  {size:<9}  {each['at'][:16]}  {escape(each['by'])}")
    done = " added" if photos else ""
    console.print(f"{counted(len(found), 'photo')}{done}." + (f" Written to {save}." if save else ""))


async def _evidence(
    case: str, stage: Stage | None, photos: list[tuple[str, bytes]], texts: dict[str, str], save: Path | None
) -> tuple[list[dict[str, Any]], list[Path]]:
    path = f"/v1/cases/{quote(case, safe='')}/evidence"
    async with open_client(find_target()) as client:
        if stage:
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
            found: list[dict[str, Any]] = answer.json()["items"]
        else:
            found = (await client.get("workflow", path))["items"]
        return found, [await _saved(client, path, each, save) for each in found] if save else []


async def _saved(client: Client, path: str, photo: dict[str, Any], directory: Path) -> Path:
    """The photo's file; its name begins with the stage, so that before and after lie together."""
    answer = await client.send("workflow", "GET", f"{path}/{photo['id']}", operator=True)
    file = directory / f"{photo['stage']}-{photo['id']}.jpg"
    _write(file, answer.content)
    return file


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}.") from error
