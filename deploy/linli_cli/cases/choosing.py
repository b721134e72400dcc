"""Choosing cases: what is asked for by name or number as what workflow is asked, page by page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from linli_cli.community.known_names import is_id
from linli_cli.community.lookup import ids_of
from linli_cli.connection.client import Client
from linli_cli.privacy.residents import cases_of, is_number
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.times import parse_time

PAGE = 200
MOST = 10_000
"""Cases that one command acts on."""
NAMED = ("party", "neighbourhood", "category", "community", "escalated_to")
"""What is asked for by id or by name."""
TIMES = {
    "since": "opened_after",
    "until": "opened_before",
    "called_since": "called_after",
    "called_until": "called_before",
}


async def chosen_cases(client: Client, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """All cases of which this is true. Raises CliError where they are more than anybody has looked at."""
    found, total = await find_cases(client, filters, MOST)
    if total > len(found):
        raise CliError(
            say(
                "{total} cases are meant; at most {most} are acted on at once. Add another --filter.",
                total=total,
                most=MOST,
            )
        )
    return found


async def find_cases(client: Client, wanted: Mapping[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    """The first `limit` cases, and how many there are in all; `wanted` are options of `linli cases`."""
    named = {name: wanted[name] for name in NAMED if wanted.get(name) is not None}
    ids = named if all(map(is_id, named.values())) else await ids_of(client, named)
    now = datetime.now(UTC)
    times = {TIMES[name]: parse_time(wanted[name], now).isoformat() for name in TIMES if wanted.get(name)}
    others = {name: value for name, value in wanted.items() if name not in {*NAMED, *TIMES, "resident"}}
    filters: dict[str, Any] = {**ids, **times, **others}
    resident = wanted.get("resident")
    if resident is None and (resident := is_number(filters.get("q"))) is not None:
        del filters["q"]
    if resident is not None:
        filters["id"] = await cases_of(client, resident)
        if not filters["id"]:
            return [], 0
    found, total = await _pages(client, filters, limit)
    if total == 0 and named:
        await ids_of(client, named)  # none, or no such party?
    return found, total


async def _pages(client: Client, filters: Mapping[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    found: list[dict[str, Any]] = []
    cursor, total = None, 0
    while len(found) < limit:
        count = None if cursor else "true"
        size = min(PAGE, limit - len(found))
        page = await client.get("workflow", "/v1/cases", **filters, limit=size, cursor=cursor, count=count)
        found += page["items"]
        total = total if cursor else page["total"]
        cursor = page["next"]
        if cursor is None:
            break
    return found, total
