"""What `linli partners` asks of the services."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.partners import kit as kits
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, term

NOT_FOUND = 404
FOLLOWS_WITHIN = 30.0
"""Seconds in which the broker has come in line with a change."""
LOOK_EVERY = 0.3


@asynccontextmanager
async def _of(party: str, community: str | None) -> AsyncIterator[tuple[Client, str, dict[str, str]]]:
    """A client, the path of a partner, and its ids."""
    async with open_client(find_target()) as client:
        found = await ids_of(client, {"party": party, "community": await the_community(client, community)})
        named = {name: str(id) for name, id in found.items()}
        yield client, f"{named['community']}/{named['party']}", named


async def add(party: str, community: str | None, ways: Sequence[str], webhook: str | None) -> dict[str, Any]:
    """The partner with these ways too, and its endpoint; returns when the broker has followed."""
    async with _of(party, community) as (client, path, named):
        all_ways = [*ways, "webhook"] if webhook else list(ways)
        await client.post("workflow", "/v1/partners", named | {"ways": all_ways})
        endpoint = await client.put("notify", f"/v1/endpoints/{path}", {"url": webhook}) if webhook else None
        added = await in_line(client, path)
        if "kafka" in added["ways"]:
            credentials = await client.get("workflow", f"/v1/partners/{path}/credentials")
            added["kafka"] = {name: value for name, value in credentials.items() if name != "password"}
        return added | ({"endpoint": endpoint} if endpoint else {})


async def listing() -> list[dict[str, Any]]:
    """All partners, each with what it has read."""
    async with open_client(find_target()) as client:
        items: list[dict[str, Any]] = (await client.get("workflow", "/v1/partners"))["items"]
        return [each | {"standing_of_reading": await _reading(client, _path(each))} for each in items]


async def show(party: str, community: str | None) -> dict[str, Any]:
    """A partner with all that is known of it."""
    async with _of(party, community) as (client, path, named):
        partner: dict[str, Any] = await client.get("workflow", f"/v1/partners/{path}")
        orders = await _orders(client, named)
        return partner | {"standing_of_reading": await _reading(client, path), "orders": orders}


async def change(party: str, community: str | None, action: str) -> dict[str, Any]:
    """The partner after an action."""
    async with _of(party, community) as (client, path, _):
        await client.post("workflow", f"/v1/partners/{path}:{action}")
        return await in_line(client, path)


async def rotate(party: str, community: str | None, *, at_once: bool) -> dict[str, Any]:
    """The partner with new secrets."""
    async with _of(party, community) as (client, path, _):
        partner = await client.get("workflow", f"/v1/partners/{path}")
        if not {"kafka", "webhook"} & set(partner["ways"]):
            raise CliError(
                say("{party} has no secret but its API key.", party=partner["party"]),
                say("Make another: linli keys create, and end the one before: linli keys revoke"),
            )
        if "webhook" in partner["ways"]:  # first, for what comes second is refused when it is repeated
            await client.post("notify", f"/v1/endpoints/{path}/secret:rotate")
        if "kafka" in partner["ways"]:
            await client.post("workflow", f"/v1/partners/{path}:rotate", {"at_once": at_once})
        return await in_line(client, path)


async def revoke(party: str, community: str | None) -> dict[str, Any]:
    """The partner that is none any more; first of all workflow takes nothing from it."""
    async with _of(party, community) as (client, path, named):
        ended = await end(client, path, named)
        return await in_line(client, path) | {"keys_revoked": ended}


async def end(client: Client, path: str, named: Mapping[str, str]) -> list[str]:
    """Take nothing from a partner any more, end the keys of its kits, and post it nothing; the ids of these keys.

    What needs workflow alone comes first: notify may be away.
    """
    await client.post("workflow", f"/v1/partners/{path}:revoke")
    keys = (await client.get("workflow", "/v1/keys"))["items"]
    theirs = [key["id"] for key in keys if _is_of_a_kit(key, named) and not key["revoked_at"]]
    for id in theirs:
        await client.post("workflow", f"/v1/keys/{id}:revoke")
    await client.post("notify", f"/v1/endpoints/{path}/secret:rotate")  # if it comes back it has another one
    await no_endpoint(client, path)
    return theirs


async def no_endpoint(client: Client, path: str) -> None:
    """Nothing is posted to a partner any more, if anything was."""
    try:
        await client.send("notify", "DELETE", f"/v1/endpoints/{path}", operator=True)
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise


async def kit(party: str, community: str | None, out: Path) -> list[str]:
    """Write the kit; the names of its files."""
    async with _of(party, community) as (client, path, named):
        partner = await client.get("workflow", f"/v1/partners/{path}")
        found = await client.get("workflow", f"/v1/communities/{named['community']}")
        names = {each["id"]: each["name"] for each in found["parties"]}
        collected = await kits.collected(client, partner, names.get(named["party"], named["party"]), out)
    return collected.write(out)


def secrets_in(names: Iterable[str]) -> str:
    """Those of a kit's files that open something."""
    return say(", ").join(name for name in names if name in kits.SECRET)


async def test(party: str, community: str | None, wait: float, tell: Callable[[str], None]) -> dict[str, Any]:
    """Send orders for trying and wait for what comes back; each step is told in a line as it is seen."""
    async with _of(party, community) as (client, path, _):
        ids = (await client.post("workflow", f"/v1/partners/{path}:try"))["orders"]
        tell(say("sent {count} orders for trying", count=len(ids)))
        seen: list[str] = []
        until = time.monotonic() + wait
        while True:
            trials = (await client.get("workflow", f"/v1/partners/{path}/trials", orders=",".join(ids)))["items"]
            first = next(each for each in trials if each["order_id"] == ids[0])
            for update in first["updates"][len(seen) :]:
                seen.append(update["update_id"])
                tell(f"  {update['update_id']}: {term(update['outcome'])}")
            done = first["case_state"] == "resolved"
            if done or time.monotonic() > until:
                break
            await asyncio.sleep(LOOK_EVERY)
        tell(say("done: its program has answered") if done else _what_is_missing(seen, wait))
        return {"done": done, "orders": trials}


def _what_is_missing(seen: Sequence[str], wait: float) -> str:
    if seen:
        return say("not done within {wait:g} s: something came back, but not `done`", wait=wait)
    return say("nothing came back within {wait:g} s. See: linli partners doctor", wait=wait)


@dataclass(frozen=True)
class Asked:
    """What the doctor looks at."""

    partner: dict[str, Any]
    credentials: dict[str, Any] | None
    """None without Kafka."""
    ca: Path
    reading: dict[str, Any] | None
    unanswered: int
    skew: float
    """Seconds that the deployment's clock is ahead of this machine's."""


async def asked_by_the_doctor(party: str, community: str | None) -> Asked:
    """All that the services know of a partner."""
    async with _of(party, community) as (client, path, _):
        partner = await client.get("workflow", f"/v1/partners/{path}")
        credentials = None
        if partner["logins"]:
            credentials = await client.get("workflow", f"/v1/partners/{path}/credentials")
        ca = client.target.secret(kits.CA) if credentials else Path()
        begun = datetime.now(UTC)
        answer = await client.send("workflow", "GET", f"/v1/partners/{path}", operator=True)
        skew = (parsedate_to_datetime(answer.headers["Date"]) - begun).total_seconds()
        return Asked(partner, credentials, ca, await _reading(client, path), partner["unanswered"], skew)


async def in_line(client: Client, path: str) -> dict[str, Any]:
    """The partner once the broker has followed, or as it is after a while."""
    until = time.monotonic() + FOLLOWS_WITHIN
    while True:
        partner: dict[str, Any] = await client.get("workflow", f"/v1/partners/{path}")
        if partner["in_line"] or time.monotonic() > until:
            return partner
        await asyncio.sleep(LOOK_EVERY)


async def _reading(client: Client, path: str) -> dict[str, Any] | None:
    """What it has read, as notify sees it; None where notify has not heard of it yet."""
    try:
        found: dict[str, Any] = await client.get("notify", f"/v1/partners/{path}/standing")
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise
        return None
    return found


async def _orders(client: Client, named: dict[str, str]) -> int:
    """How many of its orders are not ended, and not done."""
    count, after = 0, None
    while True:
        page = await client.get(
            "workflow", "/v1/orders", community=named["community"], party=named["party"], limit=200, after=after
        )
        count += sum(
            each["ended"] is None and each["case_state"] in {"dispatched", "accepted"} for each in page["items"]
        )
        after = page["next"]
        if after is None:
            return count


def _path(partner: dict[str, Any]) -> str:
    return f"{partner['community']}/{partner['party']}"


def _is_of_a_kit(key: Mapping[str, Any], named: Mapping[str, str]) -> bool:
    return bool(key["name"] == kits.key_name(named["community"], named["party"]))
