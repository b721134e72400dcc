"""What can happen to a server's disk: it is full, or it is gone."""

import asyncio
import time
from collections.abc import Callable

from linli.messaging.kafka import apply_topics
from tests.faults.arena import Arena
from tests.faults.hurt import Hurt, NotPossible
from tests.faults.topics import send_again
from tests.support.small_disk import NotPermitted, SmallDisk


async def full_disk(server: str, arena: Arena) -> Hurt:
    """A server's data lie on a small disk, which is full for some seconds; what has died of it is started again."""
    start: Callable[[], None] = getattr(arena.servers, f"start_{server}")
    stop: Callable[[], None] = getattr(arena.servers, f"stop_{server}")
    disk = SmallDisk(arena.servers.data[server])
    await asyncio.to_thread(stop)
    try:
        await asyncio.to_thread(disk.mount)
    except NotPermitted as error:
        await asyncio.to_thread(start)
        raise NotPossible(f"a small disk needs a tmpfs: {error}") from error
    try:
        await asyncio.to_thread(start)
        await arena.recovered(time.monotonic(), 60)
        disk.fill()
        if server == "mongo":  # its journal has room in itself for a while
            await asyncio.to_thread(arena.servers.flush_mongo)
        await asyncio.sleep(arena.rng.uniform(3, 6))
        disk.empty()
        back = time.monotonic()
        await asyncio.to_thread(start)
        recovery = await arena.recovered(back, 90)
    finally:
        await asyncio.to_thread(stop)
        await asyncio.to_thread(disk.unmount)
        await asyncio.to_thread(start)
    await arena.recovered(time.monotonic(), 60)  # back on its own disk; not counted
    return Hurt(back, waited=True, recovery=recovery)


async def lost_kafka(arena: Arena) -> Hurt:
    """Kafka loses its data directory under load; a new one is formatted, and MongoDB has the events."""
    await arena.books.look_at_topics()
    await asyncio.to_thread(arena.servers.kill_kafka)
    await asyncio.to_thread(arena.servers.lose_kafka_data)
    back = time.monotonic()
    await asyncio.to_thread(arena.servers.start_kafka)
    await apply_topics(arena.servers.kafka, arena.system.topics)
    await send_again(arena)
    return Hurt(back)
