"""All that the services hold of one resident, brought together in one file."""

import base64
import json
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linli.privacy.parked_of import parked_of
from linli_cli.connection.client import ApiError, Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

Photos = dict[str, bytes]
"""Path in the file → the JPEG."""


async def collected(
    client: Client, resident: dict[str, Any], advance: Callable[[str], None]
) -> tuple[dict[str, Any], Photos]:
    """What is held: submissions, cases with their history, deliveries, parked records; and the photos."""
    advance(say("submissions"))
    submissions = (await client.post("intake", "/v1/residents:export", resident))["items"]
    photos: Photos = {}
    cases, deliveries = [], []
    for number, submission in enumerate(submissions, start=1):
        advance(say("{number} of {count}", number=number, count=len(submissions)))
        id = submission["id"]
        for photo in submission["photos"]:
            photo["file"] = f"photos/{id}/{photo['id']}.jpg"
            path = f"/v1/submissions/{id}/attachments/{photo['id']}"
            photos[photo["file"]] = (await client.send("intake", "GET", path, operator=True)).content
        for case in await _story(client, id):
            photos |= await _evidence(client, case)
            cases.append(case)
        deliveries += await _deliveries(client, id)
    streams = dict.fromkeys(each["id"] for each in (*submissions, *cases))
    parked, left_out = await parked_of(list(streams), lambda service, asked: client.get(service, "/v1/parked", **asked))
    made = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "by": "Linli"}
    held = {"submissions": submissions, "cases": cases, "deliveries": deliveries, "parked": parked}
    return made | held | {"not_included": left_out}, photos


async def _story(client: Client, id: str) -> list[dict[str, Any]]:
    """The case and those that it was split into; none while the submission waits somewhere on its way."""
    try:
        case = await _case(client, id)
    except ApiError as error:
        if error.status == 404:
            return []
        raise
    return [case, *[await _case(client, part) for part in case["parts"]]]


async def _case(client: Client, id: str) -> dict[str, Any]:
    """With its whole history, of which workflow gives the newest steps first."""
    case: dict[str, Any] = await client.get("workflow", f"/v1/cases/{id}")
    while case["earlier"] is not None:
        before = await client.get("workflow", f"/v1/cases/{id}", before=case["earlier"])
        case |= {"history": [*before["history"], *case["history"]], "earlier": before["earlier"]}
    return case


async def _evidence(client: Client, case: dict[str, Any]) -> Photos:
    """The photos that staff have added to a case, each named in it by its file."""
    photos: Photos = {}
    for photo in case["evidence"]:
        photo["file"] = f"photos/{case['id']}/{photo['stage']}-{photo['id']}.jpg"
        path = f"/v1/cases/{case['id']}/evidence/{photo['id']}"
        photos[photo["file"]] = (await client.send("workflow", "GET", path, operator=True)).content
    return photos


async def _deliveries(client: Client, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await client.get("notify", "/v1/deliveries", case=id, limit=500, cursor=cursor or None)
        found += page["items"]
        cursor = page["next"]
    return found


def write(path: Path, data: dict[str, Any], photos: Photos) -> None:
    """A zip with `resident.json` and the photos, or one JSON with the photos in base64; for its owner's eyes only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CliError(say("{out} is there already.", out=path), say("Choose another file.")) from error
    except OSError as error:
        raise CliError(
            say("{path} cannot be written: {error}", path=path, error=of_file(error)), say("Choose another file.")
        ) from error
    with os.fdopen(handle, "wb") as file:
        if path.suffix.lower() == ".json":
            inside = {name: base64.b64encode(jpeg).decode() for name, jpeg in photos.items()}
            file.write(_json(data | {"photos": inside}))
            return
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("resident.json", _json(data))
            for name, jpeg in photos.items():
                archive.writestr(name, jpeg)


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()
