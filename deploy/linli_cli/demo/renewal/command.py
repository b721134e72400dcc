"""`linli demo renewal`: a neighbourhood's renewal, played in minutes, with its figures checked at the end."""

import asyncio
import io
import json
import os
import random
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from linli.contracts.kinds import Kind
from linli_cli.community.commands import put_community, read_folder
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target, find_target, require_embedded_stack
from linli_cli.demo.command import PATIENCE, sample_folder
from linli_cli.demo.renewal.figures import Figure, figures
from linli_cli.demo.renewal.play import ACTS, play
from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.sample_submissions import load_submissions
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

PLAY_TIME = "LINLI_PLAY_TIME"
REFUSED = frozenset({409, 422})
LOADED_WITHIN = 300
"""Tenths of a second in which neighbourhood hears of the community."""


def renewal(
    stop: Annotated[bool, typer.Option("--exit", help="At the end stop what was started here.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Watch a neighbourhood's renewal, from 37 households' needs to accepted works, on a clock that is put ahead.

    It wants a system of its own, for it moves the clock by months: LINLI_HOME names one. Exit code 0: every figure of
    the story is as it has to be. 1: not so.
    """
    console = Console(stderr=json_wanted, highlight=False)
    with errors_shown():
        started = _start(Progress(console))
        keep = not (stop and started)
        try:
            begun = time.monotonic()
            found = asyncio.run(_played(find_target(), console))
            seconds = round(time.monotonic() - begun, 1)
        except BaseException:
            keep = not started
            raise
        else:
            _shown(console, found, seconds, json_wanted=json_wanted)
        finally:
            if not keep:
                from linli_cli.stack.detached import stop_stack  # noqa: PLC0415 - needs the embedded stack's packages

                stop_stack()
        if not all(each.right for each in found):
            raise typer.Exit(1)


def _start(progress: Progress) -> bool:
    """Whether the stack was started here, with a clock that can be put ahead."""
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        return False
    require_embedded_stack()
    from linli_cli.stack.detached import ensure_running  # noqa: PLC0415 - as above

    os.environ[PLAY_TIME] = "true"
    return ensure_running(settings, progress)


async def _played(target: Target, console: Console) -> list[Figure]:
    folder = sample_folder()
    community = read_folder(folder).community
    said = [each for each in load_submissions(folder) if each["kind"] == Kind.DEMAND]
    async with open_client(target, PATIENCE) as client:
        await put_community(client, community)
        stage = Stage(Speaking(client))
        await _ready(stage)
        await play(stage, said, lambda act: console.print(f"· {say(ACTS[act])}", highlight=False))
        return figures(stage.seen)


async def _ready(stage: Stage) -> None:
    """Neighbourhood has heard of the community, and its clock can be put ahead. Raises CliError."""
    try:
        await stage.now()
    except ApiError as error:
        raise CliError(
            say("The clock of this deployment cannot be put ahead, and should not be where people live."),
            say("Play it in a system of its own: LINLI_HOME=/tmp/linli-renewal linli demo renewal"),
        ) from error
    for _ in range(LOADED_WITHIN):
        try:
            await stage.get("/v1/rounds", **PLACE)
            return
        except ApiError:
            await asyncio.sleep(0.1)
    raise CliError(say("Neighbourhood does not hear of the community."), say("See what holds it up: linli status"))


class Speaking:
    """The command line's client, as the story asks."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any:
        return await self._client.get(service, path, operator=operator, **params)

    async def knows(self, service: Any, headers: Mapping[str, str]) -> bool:
        try:
            await self._client.send(service, "GET", "/v1/whoami", operator=False, headers=dict(headers))
        except ApiError:
            return False
        return True

    async def post(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return await self._client.post(service, path, body, operator=operator and headers is None, headers=headers)

    async def refused(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        try:
            await self.post(service, path, body, operator=operator, headers=headers)
        except ApiError as error:
            if error.status in REFUSED:
                return str(error.document.get("reason"))
            raise
        return "taken"

    async def photo(self, service: Any, path: str, taken_at: datetime, headers: Mapping[str, str]) -> str:
        sent: httpx2.Response = await self._client.send(
            service,
            "POST",
            path,
            operator=False,
            headers=dict(headers),
            files=[("photo", ("site.jpg", _picture(), "image/jpeg"))],
            data={"taken_at": taken_at.isoformat(), "lon": "120.404", "lat": "36.132"},
        )
        [kept] = sent.json()["photos"]
        return str(kept["sha256"])


def _picture() -> bytes:
    """A picture of its own: coloured squares, as no two are alike."""
    from PIL import Image  # noqa: PLC0415 - with the embedded stack, whose intake has it

    shades = random.Random()  # noqa: S311 - no secret
    picture = Image.new("RGB", (64, 48))
    for left in range(0, 64, 16):
        for top in range(0, 48, 16):
            picture.paste(tuple(shades.randrange(256) for _ in range(3)), (left, top, left + 16, top + 16))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def _shown(console: Console, found: list[Figure], seconds: float, *, json_wanted: bool) -> None:
    if json_wanted:
        told = {each.name: {"found": each.found, "right": each.right} for each in found}
        print(json.dumps({"figures": told, "right": all(each.right for each in found), "seconds": seconds}))
        return
    table = Table("", say("Figure"), say("Found"), box=None)
    for each in found:
        table.add_row("✓" if each.right else "✗", say(each.words), _short(each.found))
    console.print(table)
    console.print(say("Played in {seconds} s.", seconds=seconds))


def _short(value: Any) -> str:
    written = str(value)
    return written if len(written) <= 60 else f"{written[:57]}…"
