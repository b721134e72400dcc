"""The faults by name. Each hurts the system, heals it, and says when the healing began.

A killed process counts as back from the moment it is started, a stopped one from the moment it is continued.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from aiokafka import AIOKafkaConsumer

from linli.messaging.story import read
from tests.faults.arena import Arena
from tests.faults.disks import full_disk, lost_kafka
from tests.faults.dying_photos import dying_photos
from tests.faults.hurt import Fault, Hurt
from tests.faults.ledger import new_key
from tests.faults.topics import topic_lost, topic_made_anew
from tests.support.builders import submitted, withdrawn
from tests.support.failpoints import POINTS
from tests.support.poison import every_sort, send_raw, send_with_a_broken_header_name
from tests.support.proxy import Mood
from tests.support.servers import free_ports
from tests.support.system import SERVICES
from tests.support.topics import publish, publish_raw

# SIGKILL and SIGSTOP of each of the five -----------------------------------------------------------------------------


async def kill_service(name: str, arena: Arena) -> Hurt:
    async with arena.without(name):
        arena.system.kill(name)
        await asyncio.sleep(arena.rng.uniform(0, 1.5))
        back = time.monotonic()
        arena.system.launch(name)
    return Hurt(back)


async def stop_service(name: str, arena: Arena) -> Hurt:
    arena.system.signal(name, signal.SIGSTOP)
    await asyncio.sleep(arena.rng.uniform(0.5, 4))
    arena.system.signal(name, signal.SIGCONT)
    return Hurt(time.monotonic())


async def kill_kafka(arena: Arena) -> Hurt:
    await asyncio.to_thread(arena.servers.kill_kafka)
    await asyncio.sleep(arena.rng.uniform(0, 1.5))
    back = time.monotonic()
    await asyncio.to_thread(arena.servers.start_kafka)
    return Hurt(back)


async def kill_mongod(arena: Arena) -> Hurt:
    await asyncio.to_thread(arena.servers.kill_mongo)
    await asyncio.sleep(arena.rng.uniform(0, 1.5))
    back = time.monotonic()
    await asyncio.to_thread(arena.servers.start_mongo)
    return Hurt(back)


async def stop_kafka(arena: Arena) -> Hurt:
    arena.servers.signal_kafka(signal.SIGSTOP)
    await asyncio.sleep(arena.rng.uniform(0.5, 4))
    arena.servers.signal_kafka(signal.SIGCONT)
    return Hurt(time.monotonic())


async def stop_mongod(arena: Arena) -> Hurt:
    arena.servers.signal_mongo(signal.SIGSTOP)
    await asyncio.sleep(arena.rng.uniform(0.5, 4))
    arena.servers.signal_mongo(signal.SIGCONT)
    return Hurt(time.monotonic())


async def kill_all_services(arena: Arena) -> Hurt:
    async with arena.without(*SERVICES):
        for name in SERVICES:
            arena.system.kill(name)
        back = time.monotonic()
        for name in SERVICES:
            arena.system.launch(name)
    return Hurt(back)


# The network ----------------------------------------------------------------------------------------------------------


async def net(server: str, mood: Mood, arena: Arena) -> Hurt:
    proxy = arena.proxy(server)
    proxy.be(mood)
    await asyncio.sleep(arena.rng.uniform(1, 6))
    proxy.be(Mood.CLEAR)
    return Hurt(time.monotonic())


async def reset(server: str, arena: Arena) -> Hurt:
    for _ in range(3):
        arena.proxy(server).reset()
        await asyncio.sleep(arena.rng.uniform(0, 0.5))
    return Hurt(time.monotonic())


# In the middle of a batch ---------------------------------------------------------------------------------------------


async def failpoint(name: str, arena: Arena) -> Hurt:
    """A build that kills itself at one of the awaits of its transaction, then the sound one."""
    point = arena.rng.choice(list(POINTS))
    async with arena.without(name):
        arena.system.kill(name)
        arena.system.launch(name, "tests.support.failpoints", name, point)
        await asyncio.to_thread(arena.system.wait_ended, name, 60)
        back = time.monotonic()
        arena.system.launch(name)
    return Hurt(back)


# What comes twice, too early, or is no event --------------------------------------------------------------------------


async def repeated(arena: Arena) -> Hurt:
    """Events of both topics again, in an order of chance."""
    messages = await arena.books.published(200)
    arena.rng.shuffle(messages)
    await publish_raw(arena.servers.kafka, *messages)
    return Hurt(time.monotonic())


async def reordered(arena: Arena) -> Hurt:
    """Stories that arrive back to front."""
    topic = arena.settings.topic("intake")
    ids = [str(uuid4()) for _ in range(10)]
    now = datetime.now(UTC)
    code = arena.rng.randbytes
    for make in (
        withdrawn,
        lambda id: submitted(
            id,
            title=f"停水 {new_key()}",
            neighbourhood="east",
            submitted_at=now,
            tracking_hash=code(32).hex(),
            resident_id=None,
        ),
    ):
        await publish(arena.servers.kafka, topic, *(make(id) for id in ids))
    arena.ledger.told.update(ids)
    return Hurt(time.monotonic())


READERS = {
    **{
        "intake": ["workflow"],
        "subscriptions": ["notify", "neighbourhood"],
        "cases": ["notify", "neighbourhood"],
        "neighbourhood": ["workflow", "notify"],
    },
    **{name: ["intake", "notify", "neighbourhood"] for name in ("community", "principals")},
}
"""Topic → who reads it."""


async def poison(only: tuple[str, ...], arena: Arena) -> Hurt:
    """Records of every sort that are no events, on topics and on those of which services keep copies."""
    for name in only:
        rubbish = every_sort(f"poison-{new_key()}")
        if name in {"community", "principals"}:
            rubbish = [raw for raw in rubbish if raw.key]  # a compacted topic takes none without a key
        for record in await send_raw(arena.servers.kafka, arena.settings.topic(name), rubbish):
            arena.ledger.poisoned |= {f"{reader}/{read(record, name).parked_id}" for reader in READERS[name]}
    return await _until_parked(arena)


async def indigestible(arena: Arena) -> Hurt:
    """Batches that the client itself cannot take apart, on every topic."""
    for name, readers in READERS.items():
        topic = arena.settings.topic(name)
        key = b"poison" if name in {"community", "principals"} else None
        values = [b"poison %d" % number for number in range(3)]
        for record in await send_with_a_broken_header_name(arena.servers.kafka, topic, values, 0, key):
            arena.ledger.poisoned |= {f"{reader}/{read(record, name).parked_id}" for reader in readers}
    return await _until_parked(arena)


async def _until_parked(arena: Arena) -> Hurt:
    back = time.monotonic()
    while arena.ledger.poisoned - (await arena.books.parked()).keys() and time.monotonic() < back + 60:
        await asyncio.sleep(0.2)
    return Hurt(back)


# The group ------------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def second(name: str, arena: Arena) -> AsyncIterator[str]:
    """Another replica of a service, for the block; asked to end after it.

    Its partitions are another's when its session is over, 15 s later: that is waited for, and not counted.
    """
    replica = f"{name}-2"
    (port,) = free_ports(1)
    arena.system.urls[replica] = f"http://127.0.0.1:{port}"
    arena.system.launch(
        replica,
        name,
        **{f"LINLI_{name.upper()}_PORT": str(port), "LINLI_INSTANCE": "second"},
    )
    try:
        await arena.system.ready(replica)
        await asyncio.sleep(2)  # it has its share of the partitions
        yield replica
    finally:
        arena.system.signal(replica, signal.SIGTERM)
        await asyncio.to_thread(arena.system.wait_ended, replica, 40)
        arena.system.forget(replica)
        await arena.recovered(time.monotonic(), 60)


async def zombie(name: str, arena: Arena) -> Hurt:
    """Frozen for longer than its session while another takes over, then thawed: it must not write."""
    async with second(name, arena):
        arena.system.signal(name, signal.SIGSTOP)
        await asyncio.sleep(18)
        arena.system.signal(name, signal.SIGCONT)
        back = time.monotonic()
        recovery = await arena.recovered(back, 90)
    return Hurt(back, waited=True, recovery=recovery)


async def gone(name: str, arena: Arena) -> Hurt:
    """Killed and not started again: another replica has it all. Counted from the kill."""
    async with second(name, arena), arena.without(name):
        arena.system.kill(name)
        killed = time.monotonic()
        recovery = await arena.recovered(killed, 90)
        arena.system.launch(name)
        await arena.system.ready(name)
    return Hurt(killed, restarted=False, waited=True, recovery=recovery)


async def rebalance_storm(arena: Arena) -> Hurt:
    """Members that join the groups of those that read and leave them, again and again."""
    groups = [("intake", "workflow"), ("cases", "notify"), ("cases", "neighbourhood")]
    for topic, group in arena.rng.sample(groups * 2, 6):
        member = AIOKafkaConsumer(
            arena.settings.topic(topic),
            **arena.servers.kafka.client(),
            group_id=arena.settings.topic(group),
            enable_auto_commit=False,
        )
        await member.start()
        await asyncio.sleep(arena.rng.uniform(0, 0.5))
        await member.stop()
    return Hurt(time.monotonic())


# Clocks ---------------------------------------------------------------------------------------------------------------


async def clock(name: str, arena: Arena) -> Hurt:
    """The service's clock jumps two hours ahead, then two hours behind the true time, then is right again."""
    async with arena.without(name):
        arena.system.kill(name)
        arena.system.launch(name, "tests.support.shifting", name)
        await arena.system.ready(name)
        for number in arena.rng.sample([signal.SIGUSR1, signal.SIGUSR2], 2):
            arena.system.signal(name, number)
            await asyncio.sleep(2)
        arena.system.signal(name, signal.SIGHUP)
        back = time.monotonic()
    return Hurt(back)


FAULTS: dict[str, Fault] = {
    **{f"kill_{name}": partial(kill_service, name) for name in SERVICES},
    **{f"stop_{name}": partial(stop_service, name) for name in SERVICES},
    "kill_kafka": kill_kafka,
    "kill_mongod": kill_mongod,
    "stop_kafka": stop_kafka,
    "stop_mongod": stop_mongod,
    "kill_all_services": kill_all_services,
    **{f"cut_{server}": partial(net, server, Mood.CUT) for server in ("kafka", "mongod")},
    **{f"slow_{server}": partial(net, server, Mood.SLOW) for server in ("kafka", "mongod")},
    **{f"reset_{server}": partial(reset, server) for server in ("kafka", "mongod")},
    **{f"failpoint_{name}": partial(failpoint, name) for name in ("workflow", "notify", "neighbourhood")},
    "repeated": repeated,
    "reordered": reordered,
    "poison": partial(poison, ("intake", "cases", "neighbourhood")),
    "poison_copies": partial(poison, ("community", "principals")),
    "indigestible": indigestible,
    "dying_photos": dying_photos,
    "zombie_workflow": partial(zombie, "workflow"),
    "zombie_notify": partial(zombie, "notify"),
    "gone_workflow": partial(gone, "workflow"),
    "gone_notify": partial(gone, "notify"),
    "zombie_neighbourhood": partial(zombie, "neighbourhood"),
    "gone_neighbourhood": partial(gone, "neighbourhood"),
    "rebalance_storm": rebalance_storm,
    **{f"clock_{name}": partial(clock, name) for name in SERVICES},
    "topic_made_anew": topic_made_anew,
    "topic_lost": topic_lost,
    "lost_kafka": lost_kafka,
    "full_disk_kafka": partial(full_disk, "kafka"),
    "full_disk_mongod": partial(full_disk, "mongo"),
}
