"""`linli deliveries`: who was told, who was not and why, and another try."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.case_words import minute
from linli_cli.community.known_names import is_id
from linli_cli.community.lookup import ids_of
from linli_cli.community.names import IDS, Names, names_of_all
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import chinese, say, term, wide
from linli_cli.terminal.sentences.words import DELIVERED
from linli_cli.terminal.times import parse_time
from linli_cli.terminal.words import counted

deliveries = typer.Typer(no_args_is_help=True, help="Letters, messages and webhooks: who was told, and who was not.")

PAGE = 500
STATES = ("due", "sent", "failed", "skipped", "undeliverable", "replaced")
Channel = Annotated[str | None, typer.Option(metavar="CHANNEL", help="Only by email, webhook, sms or none.")]
Recipient = Annotated[
    str | None, typer.Option(metavar="WHO", help="Only to party:ID or resident:ID; a bare ID is a party's.")
]
Case = Annotated[str | None, typer.Option(metavar="CASE", help="Only of this case.")]
Kind = Annotated[str | None, typer.Option(metavar="KIND", help="Only of this kind, such as party_dispatched.")]
Reason = Annotated[
    str | None, typer.Option(metavar="REASON", help="Only for this reason, such as http_404 or no_mail_server.")
]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="Made since 2026-11-24T06:00, or 2h.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Made before this.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@deliveries.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help=f"Only those that stand so: {', '.join(STATES)}.")
    ] = None,
    channel: Channel = None,
    to: Recipient = None,
    case: Case = None,
    kind: Kind = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List deliveries, newest first. What was given up: linli deliveries list --state failed"""
    with errors_shown():
        asked = {"state": state, "case": case} | _narrowed(channel, to, kind, reason, since, until)
        found, total, names = asyncio.run(_list(asked, limit, named=not as_json))
    if as_json:
        print(json.dumps({"items": found, "total": total}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for each in found:
        console.print(escape(in_lines(each, names)))
    more = say(", {more} more (--limit)", more=total - len(found)) if total > len(found) else ""
    console.print(
        say("{number}.", number=counted(len(found), "delivery", "deliveries") + more)
        if found
        else _none_to(asked["recipient"], names)
    )


@deliveries.command()
def show(id: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Show one delivery, as `linli deliveries list` names it."""
    with errors_shown():
        found = asyncio.run(_show(id))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for name, value in found.items():
        if value is not None:
            console.print(f"{wide(term(name.replace('_', ' ')), 12)}{escape(_value(name, value))}")


@deliveries.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As `list` shows them.")] = None,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="failed, or undeliverable: whose party had no channel.")
    ] = "failed",
    channel: Channel = None,
    to: Recipient = None,
    case: Case = None,
    kind: Kind = None,
    reason: Reason = None,
    since: Since = None,
    until: Until = None,
    all_: Annotated[bool, typer.Option("--all", help="All that were given up, without narrowing it down.")] = False,
    as_json: Json = False,
) -> None:
    """Try again what was given up: by id, or all that match. It begins with the first wait of the schedule again."""
    with errors_shown():
        narrowed = _narrowed(channel, to, kind, reason, since, until) | {"case": case}
        named = any(value is not None for value in narrowed.values())
        if bool(ids) + (named or all_) != 1:
            raise UsageFault(say("Say which ones."), say("Give ids, or options such as --reason http_404, or --all."))
        if state not in {"failed", "undeliverable"}:
            raise UsageFault(
                say("'{state}' is not given up.", state=state), say("--state failed, or --state undeliverable.")
            )
        body = {"state": state} | {name: value for name, value in narrowed.items() if value is not None}
        done = asyncio.run(_retry_each(ids) if ids else _retry_all(body))
    if as_json:
        print(json.dumps(done, ensure_ascii=False))
        return
    print(say("{deliveries} will be tried again.", deliveries=counted(done["retried"], "delivery", "deliveries")))
    if done["without_channel"]:
        print(
            say(
                "{count} stay: their parties still have neither an e-mail address nor a webhook.",
                count=done["without_channel"],
            )
        )


@deliveries.command()
def bounced(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A mailbox, or a number as +8613800138000.")],
    undo: Annotated[bool, typer.Option("--undo", help="Letters arrive there again.")] = False,
    as_json: Json = False,
) -> None:
    """Write no more to an address that letters came back from. It is kept as a keyed hash, and in the audit log not."""
    with errors_shown():
        done = asyncio.run(_post("/v1/addresses:mark", {"address": address, "dead": not undo}))
    if as_json:
        print(json.dumps(done))
        return
    print(say("It is written to again.") if undo else say("Nothing is written there any more. Undo it: --undo"))


@deliveries.command("webhook-secret")
def webhook_secret(
    community: Annotated[str, typer.Argument(metavar="COMMUNITY")],
    party: Annotated[str, typer.Argument(metavar="PARTY")],
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new one first; for a day the old one signs as well.")
    ] = False,
    endpoint: Annotated[
        bool, typer.Option("--endpoint", help="Of its endpoint as a partner, in place of its webhook.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the secret that a party verifies its webhooks with, or change it. Hand it over by a safe way."""
    with errors_shown():
        found = asyncio.run(_secret(community, party, rotate, endpoint))
    if as_json:
        print(json.dumps(found))
        return
    print(found["secret"])
    if found.get("both_until"):
        typer.echo(
            say("Until {moment} the one before signs too.", moment=minute(found["both_until"], year=True, zone=True)),
            err=True,
        )


def _none_to(recipient: str | None, names: Names) -> str:
    """There are none; of a party that nobody knows, that too: its id may have been mistyped."""
    sort, _, id = (recipient or "").partition(":")
    if sort == "party" and names.parties and id not in names.parties:
        return say("There are none, and no community has a party with the id {id}.", id=id)
    return say("There are none.")


def in_lines(found: Mapping[str, Any], names: Names = IDS) -> str:
    """The id first and whole, whatever the terminal's width."""
    sort, _, id = found["recipient"].partition(":")
    to = f"{term(sort)} {names.party(id)} {id}" if id in names.parties else found["recipient"]
    why = found["reason"] or (found["last_error"] if found["state"] == "due" else None)
    at = minute(found["created_at"], year=True)
    tries = say(", tried {times}", times=counted(found["attempts"], "time")) if found["attempts"] else ""
    line = say(
        "{kind} to {recipient} by {channel}: {state}",
        kind=_what(found["kind"]),
        recipient=to,
        channel=_stands(found["channel"]),
        state=_stands(found["state"]),
    )
    return f"{found['id']}\n    {at}  {line}{f' ({why})' if why else ''}{tries}"


def _value(name: str, value: Any) -> str:
    if name.endswith("_at"):
        return minute(value, year=True)
    text = str(value)
    return {"kind": _what, "state": _stands, "channel": _stands}.get(name, str)(text)


def _what(kind: str) -> str:
    """`party_dispatched`, 承办单位：已派单"""
    whom, _, what = kind.partition("_")
    return f"{term(whom)}：{term(what)}" if chinese() else kind


def _stands(text: str) -> str:
    return DELIVERED.get(text, text) if chinese() else text


def _narrowed(
    channel: str | None, to: str | None, kind: str | None, reason: str | None, since: str | None, until: str | None
) -> dict[str, str | None]:
    now = datetime.now(UTC)
    return {
        "channel": channel,
        "recipient": asyncio.run(_recipient(to)) if to else None,
        "kind": kind,
        "reason": reason,
        "since": parse_time(since, now).isoformat() if since else None,
        "until": parse_time(until, now).isoformat() if until else None,
    }


async def _recipient(text: str) -> str:
    """`party:ID` for a party's id or name; what names its sort (`resident:…`) stays. Raises CliError for no party.

    An id stands for itself: of a party that is no more there are deliveries still.
    """
    if ":" in text or is_id(text):
        return text if ":" in text else f"party:{text}"
    async with open_client(find_target()) as client:
        return f"party:{(await ids_of(client, {'party': text}))['party']}"


async def _list(asked: Mapping[str, Any], limit: int, *, named: bool) -> tuple[list[dict[str, Any]], int, Names]:
    found: list[dict[str, Any]] = []
    cursor, total = None, 0
    async with open_client(find_target()) as client:
        while len(found) < limit:
            page = await client.get(
                "notify",
                "/v1/deliveries",
                limit=min(PAGE, limit - len(found)),
                cursor=cursor,
                count="true" if cursor is None else None,
                **asked,
            )
            total = total if cursor else page["total"]
            found, cursor = found + page["items"], page["next"]
            if not cursor:
                break
        names = await names_of_all(client) if named else IDS
    return found, total, names


async def _show(id: str) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        found: dict[str, Any] = await client.get("notify", f"/v1/deliveries/{quote(id, safe='')}")
    return found


async def _retry_each(ids: list[str]) -> dict[str, int]:
    retried = 0
    async with open_client(find_target()) as client:
        for id in ids:
            retried += len((await client.post("notify", f"/v1/deliveries/{quote(id, safe='')}:retry"))["items"])
    return {"retried": retried, "without_channel": 0}


async def _retry_all(body: dict[str, Any]) -> dict[str, int]:
    """Page by page, until nothing is left of what had been given up when it began."""
    body = body | {"given_up_before": datetime.now(UTC).isoformat()}
    total = {"retried": 0, "without_channel": 0}
    async with open_client(find_target()) as client:
        while True:
            done = await client.post("notify", "/v1/deliveries:retry", body)
            total["retried"] += done["retried"]
            total["without_channel"] = max(total["without_channel"], done["without_channel"])
            if not done["retried"]:
                return total


async def _post(path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        done: dict[str, Any] = await client.post("notify", path, body)
    return done


async def _secret(community: str, party: str, rotate: bool, endpoint: bool) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        if not (is_id(community) and is_id(party)):
            ids = await ids_of(client, {"community": community, "party": party})
            community, party = str(ids["community"]), str(ids["party"])
        whose = f"{quote(community)}/{quote(party)}"
        path = f"/v1/endpoints/{whose}/secret" if endpoint else f"/v1/parties/{whose}/webhook-secret"
        if rotate:
            await client.post("notify", f"{path}:rotate")
        found: dict[str, Any] = await client.get("notify", path)
    return found
