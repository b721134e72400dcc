"""`linli partners`: the parties that take part with a system of their own."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.partners import doing
from linli_cli.partners.doctor import doctor as doctor_command
from linli_cli.terminal.errors import errors_apart, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import day, local, second

partners = typer.Typer(no_args_is_help=True, help="Companies whose own systems take part.")
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Party = Annotated[str, typer.Argument(metavar="PARTY", help="Id or name of the party.")]
Community = Annotated[str | None, typer.Option(metavar="ID", help="Id or name. Default: the only one that is loaded.")]
partners.command("doctor")(doctor_command)


@partners.command()
def add(
    party: Party,
    community: Community = None,
    kafka: Annotated[bool, typer.Option("--kafka", help="Give it topics and a user of its own on Kafka.")] = False,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Post its events there; it is to answer a challenge first.")
    ] = None,
    pull: Annotated[bool, typer.Option("--pull", help="It fetches its events.")] = False,
    open311: Annotated[bool, typer.Option("--open311", help="It speaks Open311.")] = False,
    as_json: Json = False,
) -> None:
    """Make a party a partner: from now on its own system has an order for each case.

    A second time adds the ways that it has not yet, completes what was done by half, and changes nothing else.
    """
    ways = [way for way, wanted in (("kafka", kafka), ("pull", pull), ("open311", open311)) if wanted]
    added = _run(doing.add(party, community, ways, webhook))
    if as_json:
        print(json.dumps(added, ensure_ascii=False))
        return
    print(say("{party} of {community} is a partner.", **_named(added)))
    if webhook:
        print(say("Its events are posted to {url}.", url=webhook))
    typer.echo(
        say("What its program needs: linli partners kit {party} --community {community} --out DIR", **_named(added)),
        err=True,
    )


@partners.command("list")
def list_(as_json: Json = False) -> None:
    """All partners: how each stands, who is silent, behind or refused."""
    found = _run(doing.listing())
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    columns = (say("community"), say("party"), say("stands"), say("ways"), say("unread since"), say("since"))
    table = Table(*columns, box=None, header_style="bold")
    for each in found:
        unread = (each.get("standing_of_reading") or {}).get("unread_since")
        table.add_row(
            escape(each["community"]),
            escape(each["party"]),
            _stands(each),
            ", ".join(each["ways"]),
            _at(unread) if unread else "",
            day(each["added_at"]),
        )
    Console(width=140).print(table)


@partners.command()
def show(party: Party, community: Community = None, as_json: Json = False) -> None:
    """One partner: its ways, its users on Kafka, what it has read, and how its endpoint does."""
    found = _run(doing.show(party, community))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(say("{party} of {community}: {stands}", **_named(found), stands=_stands(found)))
    print(say("ways: {ways}", ways=", ".join(found["ways"]) or "-"))
    for login in found["logins"]:
        until = say("until {until}", until=_at(login["until"])) if login["until"] else say("newest")
        print(f"  {login['username']}  {until}")
    for way in (found["standing_of_reading"] or {}).get("ways", []):
        values = {"way": way["way"], "behind": way["behind"], "state": term(way["state"])}
        read = say("last read {when}", when=_at(way["last_read"])) if way["last_read"] else say("never read")
        print("  " + say("{way}: {behind} behind, {state}", **values) + say(", ") + read)
    print(say("orders that are not ended: {count}", count=found["orders"]))


@partners.command()
def pause(party: Party, community: Community = None, as_json: Json = False) -> None:
    """Send it nothing and take nothing from it, until `resume`. Its events wait."""
    _changed(doing.change(party, community, "pause"), as_json)


@partners.command()
def resume(party: Party, community: Community = None, as_json: Json = False) -> None:
    """Let it go on where it was."""
    _changed(doing.change(party, community, "resume"), as_json)


@partners.command()
def rotate(
    party: Party,
    community: Community = None,
    at_once: Annotated[bool, typer.Option("--at-once", help="The password before ends now.")] = False,
    as_json: Json = False,
) -> None:
    """Give it new secrets: its password on Kafka, what is posted to it is signed with. Then hand it a new kit.

    The password before counts for seven days more, the secret before signs for one.
    """
    _changed(doing.rotate(party, community, at_once=at_once), as_json)


@partners.command()
def revoke(
    party: Party,
    community: Community = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """End its part: nothing that it sends is taken, its users, its endpoint and the keys of its kits go."""
    if not yes:
        typer.confirm(say("End the part of {party}?", party=party), abort=True, err=True)
    _changed(doing.revoke(party, community), as_json)


@partners.command()
def kit(
    party: Party,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where it goes.")],
    community: Community = None,
    as_json: Json = False,
) -> None:
    """Write the folder that is handed over: addresses, secrets, schemas, samples, and what to do.

    A second time brings it up to date; an API key that is there stays.
    """
    written = _run(doing.kit(party, community, out.expanduser()))
    if as_json:
        print(json.dumps({"directory": str(out), "files": written}, ensure_ascii=False))
        return
    print(say("Written to {directory}: {files}.", directory=out, files=say(", ").join(written)))
    typer.echo(say("Hand it over safely: {secrets} open what is theirs.", secrets=doing.secrets_in(written)), err=True)


@partners.command()
def test(
    party: Party,
    community: Community = None,
    wait: Annotated[float, typer.Option(min=1, max=3600, help="Seconds to wait for its answer.")] = 60.0,
    as_json: Json = False,
) -> None:
    """Send it orders that are only for trying, and wait until its program has done the first of them."""
    with errors_apart():
        tried = asyncio.run(doing.test(party, community, wait, (lambda line: None) if as_json else print))
    if as_json:
        print(json.dumps(tried, ensure_ascii=False))
    if not tried["done"]:
        raise typer.Exit(1)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    with errors_shown():
        return asyncio.run(work)


def _changed(work: Coroutine[Any, Any, Any], as_json: bool) -> None:
    after = _run(work)
    if as_json:
        print(json.dumps(after, ensure_ascii=False))
    else:
        print(say("{party} of {community}: {stands}", **_named(after), stands=_stands(after)))


def _named(partner: Mapping[str, Any]) -> dict[str, Any]:
    return {"party": partner["party"], "community": partner["community"]}


def _stands(partner: Mapping[str, Any]) -> str:
    stands = term(partner["standing"])
    return stands if partner["in_line"] else say("{stands}, Kafka follows", stands=stands)


def _at(text: str) -> str:
    return second(local(text))
