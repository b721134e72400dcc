"""`linli topology`: what flows where, how each stands, and what is amiss; the portal's picture as a table."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_apart
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.times import local, parse_time, second

AMISS = 1
WATCH_EVERY = 5.0
FIRST_WITHIN = 30.0
"""Seconds that a portal which has just started has for its first look."""
WAITS = sentence("The portal has seen nothing yet; its first picture is waited for, {seconds:.0f} s at most.")
STATES = {
    "well": sentence("well"),
    "ailing": sentence("ailing"),
    "stopped": sentence("stopped"),
    "silent": sentence("silent"),
    "undeclared": sentence("undeclared"),
    "unknown": sentence("not known"),
    "seen": sentence("seen"),
}
COLOURS = {"ailing": "yellow", "stopped": "red", "undeclared": "red", "silent": "yellow", "unknown": "magenta"}
KINDS = {
    "channel": sentence("channel"),
    "service": sentence("service"),
    "instance": sentence("process"),
    "database": sentence("database"),
    "topic": sentence("topic"),
    "group": sentence("consumer group"),
    "delivery": sentence("delivery channel"),
    "partner": sentence("partner"),
    "parking": sentence("parked records"),
    "user": sentence("user of Kafka"),
}
RULES = {
    "service_stopped": sentence("no process of it answers"),
    "process_silent": sentence("this process does not answer"),
    "service_fails": sentence("it answers with faults of its own"),
    "service_not_ready": sentence("it is not ready"),
    "group_stalled": sentence("there is something to read, and nothing takes effect"),
    "group_falls_behind": sentence("it reads, and is ever further behind"),
    "partner_silent": sentence("it has said nothing of orders within their time"),
    "undeclared_producer": sentence("somebody writes here who is not declared"),
    "undeclared_topic": sentence("a topic named like ours that nobody declares"),
    "undeclared_group": sentence("a consumer group named like ours that nobody declares"),
    "acl_undeclared": sentence("somebody has rights on Kafka that nobody has declared"),
    "acl_missing": sentence("rights on Kafka that are declared are not there"),
    "topic_missing": sentence("this topic is not there"),
    "topic_differs": sentence("its settings are not as declared"),
    "copies_behind": sentence("copies are not in sync"),
    "leaderless": sentence("no broker leads some of it"),
    "kafka_silent": sentence("Kafka does not tell of itself"),
    "members_away": sentence("members of MongoDB's replica set are away"),
    "parked": sentence("records wait for a decision"),
    "unknown_type": sentence("events of a type or version that no contract has"),
    "held": sentence("events wait for an earlier one"),
    "unsent": sentence("events wait for Kafka"),
    "given_up": sentence("deliveries were given up"),
}


RIGHTS = {
    "": sentence("Who may do what on Kafka is not known: it did not tell."),
    "refused": sentence("Who may do what on Kafka is not known: the portal's user may not describe the cluster."),
    "no_authorizer": sentence("Who may do what on Kafka is not known: it has no authorizer, so everybody may do all."),
    "too_many": sentence("Who may do what on Kafka is not known: there are too many rights to be compared."),
}


topology = typer.Typer(invoke_without_command=True)


@topology.callback()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON, as GET /v1/topology answers.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Show it again every five seconds, until Ctrl-C.")] = False,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="A moment of the last seven days, such as 2026-11-24T06:00.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Tell what is otherwise than at that moment.")
    ] = None,
) -> None:
    """Show what flows where, how each stands, and what is amiss.

    Exit code 0: nothing is amiss. 1: something is. 4: nobody can tell; why is on stderr.
    """
    if context.invoked_subcommand is not None:
        return
    with errors_apart():
        asyncio.run(_show(_moment(at), _moment(since), as_json=as_json, watch=watch))


@topology.command()
def accept(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Its id, as `linli topology --json` has it.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Print a patch of deploy/topics.yaml that declares what was found; an engineer reviews and applies it.

    Exit code 0: here it is. 1: this cannot be declared; why is on stderr. 4: nobody can tell.
    """
    with errors_apart():
        found = asyncio.run(_acceptance(finding))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
        elif found["patch"]:
            print(found["patch"], end="")
        if not as_json:
            typer.echo(found["said"], err=True)
        if not found["patch"]:
            raise typer.Exit(AMISS)


async def _acceptance(finding: str) -> Mapping[str, Any]:
    async with open_client(find_target()) as client:
        found: Mapping[str, Any] = await client.get("portal", "/v1/topology/acceptance", finding=finding)
        return found


async def _show(at: str | None, since: str | None, *, as_json: bool, watch: bool) -> None:
    console = Console(highlight=False)
    async with open_client(find_target()) as client:
        while True:
            found = await _picture(client, at, since)
            if as_json:
                print(json.dumps(found, ensure_ascii=False), flush=True)
            else:
                if watch:
                    console.clear()
                _tables(console, found)
            if not watch:
                break
            await asyncio.sleep(WATCH_EVERY)
    if standing(found["findings"]):
        raise typer.Exit(AMISS)


async def _picture(client: Client, at: str | None, since: str | None) -> Mapping[str, Any]:
    """Raises CliError; a portal that has not looked yet has a while to do so."""
    until, told = time.monotonic() + FIRST_WITHIN, False
    while True:
        try:
            found: Mapping[str, Any] = await client.get("portal", "/v1/topology", at=at, since=since)
        except ApiError as error:
            if error.slug != "not_seen_yet" or time.monotonic() >= until:
                raise
            if not told:
                typer.echo(say(WAITS, seconds=FIRST_WITHIN), err=True)
            told = True
            await asyncio.sleep(1)
        else:
            return found


def standing(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that are there now."""
    return [each for each in findings if each["ended"] is None]


def _tables(console: Console, found: Mapping[str, Any]) -> None:
    at = second(local(found["at"]))
    if found["fresh"]:
        console.print(say("As it was at {at}.", at=at))
    else:
        console.print(say("As it was at {at}; how it is now is not known.", at=at))
    if found["rights"] != "told":
        console.print(say(RIGHTS.get(found["rights"], RIGHTS[""])))
    nodes = Table(say("what"), say("name"), say("how it stands"), say("figures"), box=None)
    for node in sorted(found["nodes"], key=lambda each: (each["lane"], each["kind"], each["name"])):
        nodes.add_row(say(KINDS[node["kind"]]), escape(node["name"]), _state(node["state"]), _figures(node["figures"]))
    console.print(nodes)
    edges = Table(say("from"), say("to"), say("how it stands"), say("a second"), say("errors"), say("last"), box=None)
    for edge in found["edges"]:
        moved = second(local(edge["moved"])) if edge["moved"] else "–"
        ends = escape(edge["source"]), escape(edge["target"])
        edges.add_row(*ends, _state(edge["flow"]), _rate(edge["rate"]), _rate(edge["errors"]), moved)
    console.print(edges)
    for each in standing(found["findings"]):
        console.print(escape(finding_in_words(each)), style="bold")
    if found["difference"]:
        for line in otherwise_in_words(found["difference"]):
            console.print(escape(line))


def _state(state: str) -> str:
    word = say(STATES[state])
    colour = COLOURS.get(state)
    return f"[{colour}]{word}[/]" if colour else word


def _figures(figures: Mapping[str, Any]) -> str:
    shown = (
        f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}" for name, value in figures.items()
    )
    return escape(", ".join(shown))


def _rate(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2f}"


def finding_in_words(each: Mapping[str, Any]) -> str:
    rule = RULES.get(each["rule"])
    words = say(rule) if rule else each["rule"]
    since = say("since {at}", at=second(local(each["first_seen"])))
    evidence = _figures(each["evidence"])
    seen = say("; {who} sees to it", who=each["acknowledged_by"]) if each["acknowledged_by"] else ""
    return f"! {each['node']}{say(': ')}{words} ({since}) {evidence}{seen}"


def otherwise_in_words(found: Mapping[str, Any]) -> list[str]:
    lines = [f"+ {id}" for id in found["came"]] + [f"- {id}" for id in found["went"]]
    changed = [(each["id"], say(STATES[each["before"]]), say(STATES[each["after"]])) for each in found["changed"]]
    lines += [f"~ {id}{say(': ')}{before} → {after}" for id, before, after in changed]
    return lines or [say("Nothing is otherwise.")]


def _moment(said: str | None) -> str | None:
    return parse_time(said, datetime.now(UTC)).isoformat() if said else None
