"""The faults by name. Each hurts the system, heals it, and says when the healing began.

A killed process counts as back from the moment it is started, a stopped one from the moment it is continued.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from tests.faults.arena import Arena
from tests.support.system import SERVICES


@dataclass(frozen=True, slots=True)
class Hurt:
    """A fault that is over."""

    back: float
    """Monotonic: when what was hurt was back, or, without a restart, when it was hurt."""
    restarted: bool = True


Fault = Callable[[Arena], Awaitable[Hurt]]


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


FAULTS: dict[str, Fault] = {
    **{f"kill_{name}": partial(kill_service, name) for name in SERVICES},
    **{f"stop_{name}": partial(stop_service, name) for name in SERVICES},
    "kill_kafka": kill_kafka,
    "kill_mongod": kill_mongod,
    "stop_kafka": stop_kafka,
    "stop_mongod": stop_mongod,
    "kill_all_services": kill_all_services,
}
