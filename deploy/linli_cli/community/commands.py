"""`linli community check`, `load`, `retire` and `unretire`."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from linli.application.settings import Networks
from linli.contracts.workflow.community import Community
from linli.security.addresses import Network
from linli_cli.cases.case_words import HOLIDAYS_TODO, unknown_holidays
from linli_cli.community.faults import CommunityFaults
from linli_cli.community.files import Loaded, read_community
from linli_cli.connection.client import Client, json_of, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, errors_shown, in_words
from linli_cli.terminal.language import say, term
from linli_cli.terminal.words import counted

NAMED_AT_MOST = 10
"""Rules and policies in a warning."""

app = typer.Typer(no_args_is_help=True, help="A community: check its folder, load it, retire it.")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder, such as deploy/community/fushan-road.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@app.command()
def check(folder: Folder, as_json: Json = False) -> None:
    """Say everything that is wrong in a community's files: file, line, field. Nothing is sent."""
    with errors_shown():
        try:
            loaded = read_community(folder, named_networks())
        except CommunityFaults as error:
            if not as_json:
                raise _as_cli_error(folder, error) from error
            faults = [vars(fault) for fault in error.faults]
            print(json.dumps({"valid": False, "faults": faults}, ensure_ascii=False))
            raise typer.Exit(1) from error
        community = loaded.community
        warnings = [*map(str, loaded.doubts), *holidays_ahead(community, datetime.now(UTC))]
        if as_json:
            summary = {"valid": True, "id": community.id, **counts(community), "warnings": warnings}
            print(json.dumps(summary, ensure_ascii=False))
        else:
            print(
                say(
                    "{id} {name}: {counts}. No faults.",
                    id=community.id,
                    name=community.name,
                    counts=_counted(community),
                )
            )
            _warn(warnings)


@app.command()
def load(folder: Folder, as_json: Json = False) -> None:
    """Check a community's files and make them the running stack's data."""
    with errors_shown():
        loaded = read_folder(folder)
        community = loaded.community
        answer = asyncio.run(_load(community))
        warnings = [*map(str, loaded.doubts), *holidays_ahead(community, datetime.now(UTC))]
        if as_json:
            print(json.dumps(answer | counts(community) | {"warnings": warnings}, ensure_ascii=False))
        else:
            is_new = answer["changed"]
            news = say("loaded as version {version}" if is_new else "unchanged, still version {version}", **answer)
            about = {"id": community.id, "name": community.name, "counts": _counted(community)}
            print(say("{id} {name}: {counts}; {news}.", news=news, **about))
            _warn(warnings)


@app.command()
def retire(
    id: Annotated[str, typer.Argument(metavar="COMMUNITY", help="Its id, as in community.yaml.")], as_json: Json = False
) -> None:
    """Let a community take no new submissions any more. Its cases go on, and it stays readable."""
    _retire(id, "retire", as_json=as_json)


@app.command()
def unretire(
    id: Annotated[str, typer.Argument(metavar="COMMUNITY", help="Its id, as in community.yaml.")], as_json: Json = False
) -> None:
    """Let a retired community take submissions again."""
    _retire(id, "unretire", as_json=as_json)


def _retire(id: str, what: str, *, as_json: bool) -> None:
    async def ask() -> dict[str, Any]:
        async with open_client(find_target()) as client:
            path = f"/v1/communities/{quote(id, safe='')}:{what}"
            answer: dict[str, Any] = (await client.send("workflow", "POST", path, operator=True)).json()
            return answer

    with errors_shown():
        answer = asyncio.run(ask())
        if as_json:
            print(json.dumps(answer, ensure_ascii=False))
            return
        now = say("takes no new submissions") if answer["retired_at"] else say("takes submissions")
        before = "" if answer["changed"] else say(", as before")
        print(say("{id} {now}{before}; version {version}.", id=id, now=now, before=before, version=answer["version"]))


def read_folder(folder: Path) -> Loaded:
    """The community of a folder. Raises `CliError` with all its faults."""
    try:
        return read_community(folder, named_networks())
    except CommunityFaults as error:
        raise _as_cli_error(folder, error) from error


def named_networks() -> tuple[Network, ...]:
    """The networks that webhooks may go to, as the installation's settings have it."""
    try:
        return _Webhooks().webhook_allowed_networks
    except ValidationError as error:
        raise CliError(f"LINLI_WEBHOOK_ALLOWED_NETWORKS: {in_words(error.errors()[0]['msg'])}") from error


class _Webhooks(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    webhook_allowed_networks: Networks = ()


def holidays_ahead(community: Community, now: datetime) -> list[str]:
    """A warning where working days, counted from now, reach into years whose public holidays are not known."""
    from linli.working_time import WorkingCalendar, working_spans  # noqa: PLC0415 - as other parts of services

    calendar = WorkingCalendar.of(community)
    years: set[int] = set()
    beyond = []
    for name, span in working_spans(community).items():
        if unknown := calendar.unknown_years(now, calendar.end_of(now, span, working_days=True)):
            years.update(unknown)
            beyond.append(name)
    if not beyond:
        return []
    named = ", ".join(beyond[:NAMED_AT_MOST])
    more = say(" and {more} more", more=len(beyond) - NAMED_AT_MOST) if len(beyond) > NAMED_AT_MOST else ""
    message = say(
        "{unknown} Counted from today, working days of {named}{more} reach there; Monday to Friday count. {todo}",
        unknown=unknown_holidays(sorted(years)),
        named=named,
        more=more,
        todo=say(HOLIDAYS_TODO),
    )
    return [message]


async def put_community(client: Client, community: Community) -> dict[str, Any]:
    """Give it to workflow, which publishes it to the others; loading the same again changes nothing."""
    path = f"/v1/communities/{community.id}"
    response = await client.send("workflow", "PUT", path, operator=True, json=community.model_dump(mode="json"))
    answer: dict[str, Any] = json_of("workflow", response)
    return answer


async def community_heads(client: Client) -> list[dict[str, Any]]:
    """`{id, name, version, retired_at}` of each that the running stack has."""
    found: list[dict[str, Any]] = (await client.get("workflow", "/v1/communities"))["items"]
    return found


async def loaded_communities(client: Client) -> list[str]:
    """Their ids."""
    return [head["id"] for head in await community_heads(client)]


async def community_of(client: Client, id_: str) -> Community:
    """A community's data as they are in force in the running stack."""
    return Community.model_validate(await client.get("workflow", f"/v1/communities/{quote(id_, safe='')}"))


def counts(community: Community) -> dict[str, int]:
    """How many of each a community has."""
    return {name: len(getattr(community, name)) for name in ("parties", "neighbourhoods", "categories", "rules")}


async def _load(community: Community) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        return await put_community(client, community)


def _warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        print(say("Warning: {warning}", warning=warning), file=sys.stderr)


def _counted(community: Community) -> str:
    return say(", ").join(f"{count} {term(name)}" for name, count in counts(community).items())


def _as_cli_error(folder: Path, error: CommunityFaults) -> CliError:
    return CliError(
        say("{folder} has {faults}:\n{error}", folder=folder, faults=counted(len(error.faults), "fault"), error=error)
    )
