"""`linli outbox`: events that are on disk and may be missing in Kafka."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from linli_cli.connection.settings import Service
from linli_cli.connection.target import find_target
from linli_cli.connection.which_services import Named, chosen
from linli_cli.operations.databases import OUTBOXES, Databases, open_databases
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.times import parse_time, second
from linli_cli.terminal.words import counted

outbox = typer.Typer(no_args_is_help=True, help="Events on disk, and Kafka, which may have lost them.")


@outbox.callback()
def _outbox() -> None:
    """Keeps `resend` a sub-command while it is the only one."""


@outbox.command()
def resend(
    since: Annotated[
        str, typer.Option(metavar="TIME", help="2026-11-24T06:00 (this machine's zone unless said), or an age: 2h, 3d.")
    ],
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only what happened before. Default: all.")] = None,
    service: Named = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Send again what the services published since TIME, from their databases: for a Kafka that has lost it.

    Choose TIME before the loss; too early costs time and nothing else, for readers drop what they have had. They start
    again at the beginning of their topics. The newest data of each community go along, however old: their topic keeps
    them for whoever starts anew. Topics that are missing come first: linli topics apply.
    """
    with errors_shown():
        now = datetime.now(UTC)
        begin, end = parse_time(since, now), parse_time(until, now) if until else None
        if begin >= (end or now):
            later = f"--until {until}" if end else say("now")
            raise UsageFault(say("--since {since} is not before {later}.", since=since, later=later))
        counts = asyncio.run(_resend(begin, end, chosen(service), dry_run=dry_run))
    if as_json:
        print(json.dumps({"events": counts, "since": begin.isoformat(), "dry_run": dry_run}))
        return
    of_each = say(", ").join(f"{name} {count}" for name, count in counts.items())
    values = {"events": counted(sum(counts.values()), "event"), "since": second(begin.astimezone()), "of_each": of_each}
    if dry_run:
        print(say("{events} since {since} ({of_each}) would be sent again.", **values))
    else:
        print(
            say(
                "{events} since {since} ({of_each}) will be sent again as the services run; watch: linli status.",
                **values,
            )
        )


async def _resend(
    since: datetime, until: datetime | None, services: Sequence[Service], *, dry_run: bool
) -> dict[str, int]:
    from linli.messaging import outbox as stored  # noqa: PLC0415 - `linli --help` need not wait for Kafka's client
    from linli.messaging.inbox_store import start_over  # noqa: PLC0415 - as above
    from linli_cli.operations.reading import read_of  # noqa: PLC0415 - as above
    from linli_cli.operations.resending import resend_communities  # noqa: PLC0415 - as above

    async def of(name: Service, databases: Databases) -> int:
        if dry_run:
            return await stored.count_sent(databases.of(name), OUTBOXES[name], since, until)
        for reader in read_of(name):
            await start_over(databases.of(reader))
        marked = await stored.resend(databases.of(name), OUTBOXES[name], since, until)
        return marked + (await resend_communities(databases) if name == "workflow" else 0)

    async with open_databases(find_target()) as databases:
        counts = await asyncio.gather(*(of(name, databases) for name in services))
    return dict(zip(services, counts, strict=True))
