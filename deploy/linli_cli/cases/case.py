"""`linli case`: one case, whole: what it is about, who has it, until when, and what happened."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.case_steps import shown, step_lines
from linli_cli.cases.case_words import due, marks, minute, named, owed, unknown_holidays
from linli_cli.cases.evidence import sent_photos
from linli_cli.community.names import IDS, Names, names_of
from linli_cli.community.routing_words import why
from linli_cli.connection.client import open_client, read_back
from linli_cli.connection.target import find_target
from linli_cli.importing.rows import AS_WRITTEN
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import padded, say, term
from linli_cli.terminal.words import counted


def case(
    id: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    every: Annotated[
        bool, typer.Option("--all", help="Every step; else the newest, where a story is very long.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all there is as one line of JSON.")] = False,
) -> None:
    """Show one case: text, state, party, deadlines, parts, followers and its steps."""
    with errors_shown():
        story, names = asyncio.run(_story(id, whole=every or as_json))
    if as_json:
        print(json.dumps(story, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in case_lines(story, names):
        console.print(escape(line))


async def _story(id: str, *, whole: bool) -> tuple[dict[str, Any], Names]:
    async with open_client(find_target()) as client:
        path = f"/v1/cases/{quote(id, safe='')}"
        story = await read_back(client, path, "history", whole=whole)
        if not story["part_of"] and not story["erased_at"]:  # a part went by hand; what is erased explains nothing
            story["routing"] = await client.get("workflow", f"{path}/routing")
        story["reporters_photos"] = await sent_photos(client, path)
        return story, await names_of(client, story["community"])


def case_lines(story: Mapping[str, Any], names: Names = IDS) -> Iterator[str]:
    """The case in lines."""
    yield story["title"]
    stands = f"{term(story['kind'])}, {term(story['state'])}"
    yield f"{story['id']}  {term('version')} {story['version']}  {stands}"
    neighbourhood, category = names.neighbourhood(story["neighbourhood"] or ""), names.category(story["category"] or "")
    where = " · ".join(text for text in (neighbourhood, story["place"], category) if text)
    about = {"marks": marks(story), "where": where, "party": named(story["party"])}
    about |= {"rule": why(story["routing"], names) if story.get("routing") else ""}
    about |= {"escalated": named(story["escalated_to"]), "text": story["text"]}
    about["reported"] = as_reported(story, names)
    about["written"] = _as_written(story.get("attributes") or {})
    if story["first_party"] != story["party"]:
        about["first"] = named(story["first_party"])
    about["number"] = story["external_id"] or ""
    about["called"] = minute(story["submitted_at"], year=True, zone=True)
    about["opened"] = minute(story["opened_at"], year=True, zone=True)
    about |= {
        name: say("by {by}{how}", by=minute(by, year=True, zone=True), how=_how(story, name, by))
        for name, by in owed(story)
    }
    if story["holidays_unknown"]:
        about["holidays"] = say(
            "{unknown} Monday to Friday count there.",
            unknown=unknown_holidays(story["holidays_unknown"]),
        )
    about["missed"] = say(", ").join(map(term, story["missed"]))
    if sent := story.get("reporters_photos"):
        about["sent"] = say(
            "{photos} from the reporter: linli evidence {id} --save DIR",
            photos=counted(len(sent), "photo"),
            id=story["id"],
        )
    about["photos"] = counted(len(story["evidence"]), "photo") if story["evidence"] else ""
    for label, text in about.items():
        if text:
            yield f"  {padded(label, 10)}{text.replace(chr(10), chr(10) + ' ' * 12)}"
    for part in story["parts_stand"]:
        yield f"  {padded('part', 10)}{part['id']}  {term(part['state'])}  {named(part['party'])}  {part['title']}"
    for follower in story["followers"]:
        yield f"  {padded('follower', 10)}{follower}"
    if story["earlier"] is not None:
        yield say("  … earlier steps: linli case {id} --all", id=story["id"])
    for entry in story["history"]:
        yield from step_lines(entry, names)


def as_reported(case: Mapping[str, Any], names: Names = IDS) -> str:
    """What staff put right, as its reporter had it; empty where nothing was."""
    reported = case.get("reported") or {}
    differs = [name for name, value in reported.items() if value != case[name] and name != "location"]
    moved = [term("location")] if reported and reported["location"] != case["location"] else []
    return say(", ").join([*(f"{term(name)} {shown(reported, name, names)}" for name in differs), *moved])


def _as_written(attributes: Mapping[str, Any]) -> str:
    """Cells of an import that it could not take."""
    cells = {name.removeprefix(AS_WRITTEN): cell for name, cell in attributes.items() if name.startswith(AS_WRITTEN)}
    return say("; ").join(f"{name} {cell}" for name, cell in cells.items())


def _how(story: Mapping[str, Any], name: str, by: str) -> str:
    if name in story["missed"]:
        return say(", missed")
    if story["paused_at"]:
        return say(", later by as long as it is paused")
    return say(", next") if by == due(story) else ""
