"""`linli demo renewal`: a neighbourhood's renewal, played in minutes, with its figures checked at the end."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from linli.contracts.kinds import Kind
from linli_cli.community.commands import put_community, read_folder
from linli_cli.connection.client import ApiError, open_client
from linli_cli.connection.target import Target, find_target
from linli_cli.demo.command import PATIENCE, sample_folder
from linli_cli.demo.renewal import own_stack
from linli_cli.demo.renewal.figures import Figure, figures
from linli_cli.demo.renewal.pages import Page, pages
from linli_cli.demo.renewal.play import ACTS, play
from linli_cli.demo.renewal.shown import as_json, show_figures, show_pages, show_wrong
from linli_cli.demo.renewal.signing_in import links_for
from linli_cli.demo.renewal.speaking import Speaking
from linli_cli.demo.renewal.stage import Stage
from linli_cli.demo.renewal.story import COMMUNITY, NEIGHBOURHOOD
from linli_cli.demo.sample_submissions import load_submissions
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

LOADED_WITHIN = 300
"""Tenths of a second in which neighbourhood hears of the community."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a run has come to, where it is shown, and who may sign in there: reader → link."""

    figures: list[Figure]
    pages: list[Page]
    portal: str
    links: Mapping[str, str]


def renewal(
    stop: Annotated[bool, typer.Option("--exit", help="At the end stop what was started here.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Watch a neighbourhood's renewal, from what 37 households need to works that are accepted, and its 12 disputes.

    Plays four months in about half a minute, on a stack of its own (`renewal` within LINLI_HOME, begun anew each
    time), whose clock it puts ahead. Tells which pages show each stage. With --exit that stack and its data are gone
    afterwards; otherwise it runs on, to be looked at.

    Exit code 0: every figure of the story is as it has to be, each demand's way ends in an acceptance or a reason, and
    each dispute in an agreement kept or broken, or a level higher. 1: not so, and what is off is named.
    """
    console = Console(stderr=True, highlight=False)
    with errors_shown():
        home = own_stack.start(Progress(console)).home
        keep = False
        clear = True
        try:
            begun = time.monotonic()
            played = asyncio.run(_played(find_target(), console, links=not stop))
            seconds = round(time.monotonic() - begun, 1)
            keep = not stop
            _tell(played, seconds, home=home, kept=keep, json_wanted=json_wanted)
        except Exception:
            clear = False  # its logs say more
            raise
        finally:
            if not keep:
                own_stack.stop(home, clear=clear)
        if not all(each.right for each in played.figures):
            show_wrong(console, played.figures)
            raise typer.Exit(1)


def _tell(played: Played, seconds: float, *, home: Path, kept: bool, json_wanted: bool) -> None:
    if json_wanted:
        print(as_json(played.figures, played.pages, played.portal, played.links, seconds))
        return
    console = Console(highlight=False)
    show_figures(console, played.figures, seconds)
    if not kept:
        console.print(say("Without --exit it runs on, and the pages of each stage can be looked at."), soft_wrap=True)
        return
    show_pages(console, played.pages, played.portal, played.links)
    console.print(f"\n{say('to stop')}{say(': ')}{own_stack.to_stop(home)}", soft_wrap=True, markup=False)


async def _played(target: Target, console: Console, *, links: bool) -> Played:
    folder = sample_folder()
    community = read_folder(folder).community
    said = load_submissions(folder)
    begun, told = time.monotonic(), iter(range(1, len(ACTS) + 1))

    def begin(act: str) -> None:
        seconds = f"{time.monotonic() - begun:.0f} s"
        console.print(f"{next(told):>2}/{len(ACTS)}  {seconds:>5}  {say(ACTS[act])}", soft_wrap=True, markup=False)

    async with open_client(target, PATIENCE) as client:
        await put_community(client, community)
        stage = Stage(Speaking(client), ZoneInfo(community.timezone))
        await _ready(stage)
        demands, disputes = ([each for each in said if each["kind"] == kind] for kind in (Kind.DEMAND, Kind.DISPUTE))
        try:
            await play(stage, demands, begin, disputes)
        except TimeoutError as error:
            raise CliError(
                say("What the services tell one another does not come about."),
                say("See what holds it up: linli status"),
            ) from error
        shown = pages(stage.seen)
        readers = {each.reader for each in shown} if links else set[str]()
        return Played(figures(stage.seen), shown, target.url("portal"), await links_for(client, readers))


async def _ready(stage: Stage) -> None:
    """Neighbourhood has heard of the community, and its clock can be put ahead. Raises CliError."""
    try:
        await stage.now()
    except ApiError as error:
        raise CliError(
            say("The clock of this deployment cannot be put ahead, and should not be where people live."),
            say("See what holds it up: linli status"),
        ) from error
    for _ in range(LOADED_WITHIN):
        try:
            await stage.get("/v1/rounds", community=COMMUNITY, neighbourhood=NEIGHBOURHOOD)
            return
        except ApiError:
            await asyncio.sleep(0.1)
    raise CliError(say("Neighbourhood does not hear of the community."), say("See what holds it up: linli status"))
