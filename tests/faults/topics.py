"""What can happen to a topic: it is deleted and made anew, with nothing unread on it or in the middle of the load."""

import asyncio
import time

from linli.messaging.kafka import apply_topics, delete_topics
from tests.faults.arena import Arena
from tests.faults.hurt import Hurt
from tests.support.command_line import figures_of

LATELY = "1m"
"""Longer than a fault takes: what is older has been told before, and what is sent again takes its time to be read."""


async def send_again(arena: Arena) -> None:
    """What an operator does when Kafka has lost events."""
    await figures_of(arena.system, "outbox", "resend", "--since", LATELY)


async def topic_made_anew(arena: Arena) -> Hurt:
    """A topic is deleted, when nothing on it is unread, and made again: nothing needs to be sent again."""
    async with arena.paused():
        await arena.settle(20)
        await _make_anew(arena)
        back = time.monotonic()
    return Hurt(back)


async def topic_lost(arena: Arena) -> Hurt:
    """A topic is deleted under load, with what is unread on it, and made again; MongoDB has the events."""
    await _make_anew(arena)
    back = time.monotonic()
    await send_again(arena)
    return Hurt(back)


async def _make_anew(arena: Arena) -> None:
    await arena.books.look_at_topics()
    await delete_topics(
        arena.servers.kafka, [arena.settings.topic(arena.rng.choice(["intake", "cases", "neighbourhood"]))]
    )
    await asyncio.sleep(1)
    await apply_topics(arena.servers.kafka, arena.system.topics)
