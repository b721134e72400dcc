"""How the utilities become partners for the time of the demo: as an office does it, each with a kit of its own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from linli.contracts.workflow.community import Community
from linli.contracts.workflow.partner import Standing, Way
from linli_cli.connection.client import ApiError, Client
from linli_cli.connection.settings import LOOPBACK
from linli_cli.demo.utilities.by_kafka import OnKafka
from linli_cli.demo.utilities.by_open311 import Open311
from linli_cli.demo.utilities.by_pull import Pulling
from linli_cli.demo.utilities.by_webhook import Endpoint
from linli_cli.demo.utilities.desk import Program
from linli_cli.demo.utilities.taking_part import WAYS, Utilities
from linli_cli.partners import doing
from linli_cli.partners import kit as kits
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

HEARD_WITHIN = 40
"""Looks, of `AGAIN_AFTER`, until notify has heard of the community."""
AGAIN_AFTER = 0.25


@asynccontextmanager
async def utilities_take_part(client: Client, community: Community) -> AsyncIterator[Utilities]:
    """Partners with running programs, as long as the block lasts. A party that was a partner before stays one."""
    utilities = Utilities({party.id: party.name for party in community.parties})
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-demo-")))

        async def join(party: str, way: Way) -> None:
            try:
                utilities.programs[party] = await _joined(client, community.id, party, way, folder / party, stack)
            except CliError as error:
                utilities.skipped[party] = str(error)

        await asyncio.gather(*(join(party, way) for party, way in WAYS.items()))
        yield utilities


async def _joined(client: Client, community: str, party: str, way: Way, kit: Path, stack: AsyncExitStack) -> Program:
    """The running program of a party that is a partner now. Raises `CliError`."""
    path, named = f"{community}/{party}", {"community": community, "party": party}
    before = await _standing(client, path)
    if before is Standing.PAUSED:
        raise CliError(say("it is paused; to let it go on: linli partners resume {party}", party=party))
    await _spare_endpoint(client, path, way)
    if before is not Standing.ACTIVE:
        stack.push_async_callback(_left, client, path, named)
    await client.post("workflow", "/v1/partners", named | {"ways": [way]})
    partner = await doing.in_line(client, path)
    if way is Way.KAFKA and not partner["in_line"]:
        raise CliError(say("the broker does not follow: nothing runs that brings it in line"))
    if way is Way.WEBHOOK:
        await _heard_of(client, path)
    collected = await kits.collected(client, partner, party, kit)
    collected.write(kit)
    if before is Standing.ACTIVE:
        stack.push_async_callback(_keys_ended, client, kits.before_in(kit).get("keys", {}).values())
    program = await stack.enter_async_context(_program(client, community, way, kit))
    if isinstance(program, Endpoint):
        stack.push_async_callback(_unposted, client, path)
        await _posted(client, path, program.url)
    return program


def _program(client: Client, community: str, way: Way, kit: Path) -> Program:
    workflow, notify = client.target.urls["workflow"], client.target.urls["notify"]
    match way:
        case Way.KAFKA:
            return OnKafka(kit, workflow)
        case Way.WEBHOOK:
            return Endpoint(kit, workflow)
        case Way.PULL:
            return Pulling(kit, workflow, notify)
    portal = client.target.faces.get("portal")
    if portal is None:
        raise CliError(say("LINLI_PORTAL_URL does not say where the portal is"))
    return Open311(kit, workflow, notify, portal, community)


async def _standing(client: Client, path: str) -> Standing | None:
    try:
        return Standing((await client.get("workflow", f"/v1/partners/{path}"))["standing"])
    except ApiError as error:
        if error.status != doing.NOT_FOUND:
            raise
    return None


async def _spare_endpoint(client: Client, path: str, way: Way) -> None:
    """Raises `CliError` where the party has an endpoint that no demo has made."""
    if way is not Way.WEBHOOK:
        return
    try:
        url = (await client.get("notify", f"/v1/endpoints/{path}"))["url"]
    except ApiError as error:
        if error.status != doing.NOT_FOUND:
            raise
        return
    if not url.startswith(f"http://{LOOPBACK}:"):
        raise CliError(say("it has an endpoint of its own: {url}", url=url))


async def _heard_of(client: Client, path: str) -> None:
    """Notify may be a moment behind a community that has just been loaded."""
    for left in range(HEARD_WITHIN, -1, -1):
        try:
            await client.get("notify", f"/v1/endpoints/{path}/secret")
        except ApiError as error:
            if error.status != doing.NOT_FOUND or not left:
                raise
        else:
            return
        await asyncio.sleep(AGAIN_AFTER)


async def _posted(client: Client, path: str, url: str) -> None:
    """Notify may be a moment behind a community that has just changed."""
    for left in range(HEARD_WITHIN, -1, -1):
        try:
            await client.put("notify", f"/v1/endpoints/{path}", {"url": url})
            return
        except ApiError as error:
            if error.status != doing.NOT_FOUND or not left:
                raise
        await asyncio.sleep(AGAIN_AFTER)


async def _left(client: Client, path: str, named: dict[str, str]) -> None:
    """It is no partner any more, as before the demo."""
    with suppress(CliError):
        await doing.end(client, path, named)


async def _unposted(client: Client, path: str) -> None:
    with suppress(CliError):
        await doing.no_endpoint(client, path)


async def _keys_ended(client: Client, ids: Iterable[str]) -> None:
    """Those of this run's kit: the partner's own stay."""
    for id in ids:
        with suppress(CliError):
            await client.post("workflow", f"/v1/keys/{id}:revoke")
