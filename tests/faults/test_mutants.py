"""The checker sees the damage that builds do that are broken on purpose, and none in one that is only as slow."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults.arena import Arena, arena_on
from tests.faults.checker import Verdict
from tests.support.servers import Servers
from tests.support.services import until

PATIENCE = 8.0
"""Seconds without change after which what is missing is lost."""


async def put_in(arena: Arena, mutant: str, name: str) -> None:
    """Kill what runs and start a broken build in its place; the keeper leaves it alone."""
    arena.down.add(name)
    arena.system.kill(name)
    arena.system.launch(name, "tests.support.mutants", mutant, name)
    await arena.system.ready(name)


async def flows(arena: Arena) -> None:
    """Something that is asked from now on is told."""
    before = len(arena.sinks.heard)

    async def more() -> bool:
        return len(arena.sinks.heard) > before + 5

    await until(more, 30)


async def kill_consumer_in_mid_batch(arena: Arena, mutant: str) -> None:
    await put_in(arena, mutant, "workflow")
    for _ in range(2):
        await flows(arena)
        await asyncio.sleep(arena.rng.uniform(0, 0.3))
        await put_in(arena, mutant, "workflow")


async def start_consumer_again(arena: Arena, mutant: str) -> None:
    await flows(arena)
    await put_in(arena, mutant, "notify")
    await flows(arena)


async def kill_intake_in_mid_insert(arena: Arena, mutant: str) -> None:
    await put_in(arena, mutant, "intake")
    for _ in range(2):
        await flows(arena)
        await put_in(arena, mutant, "intake")


async def kill_mongod_with_its_memory(arena: Arena, mutant: str) -> None:
    """Nobody else may write meanwhile: another's journalled write would take these along."""
    await put_in(arena, mutant, "intake")
    await flows(arena)
    for _ in range(3):
        for name in ("workflow", "notify"):
            arena.system.signal(name, signal.SIGSTOP)
        accepted = len(arena.ledger.accepted)

        async def enough(accepted: int = accepted) -> bool:
            return len(arena.ledger.accepted) > accepted + 10

        await until(enough)
        await asyncio.to_thread(arena.servers.kill_mongo)
        await asyncio.to_thread(arena.servers.start_mongo)
        for name in ("workflow", "notify"):
            arena.system.signal(name, signal.SIGCONT)
        await flows(arena)


Harm = Callable[[Arena, str], Awaitable[None]]


async def suffer(stack: Servers, logs: Path, harm: Harm, mutant: str) -> Verdict:
    async with arena_on(stack, logs, Random(7), rate=40) as arena:
        await harm(arena, mutant)
        verdict, _ = await arena.verdict(PATIENCE)
        return verdict


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("mutant", "harm", "damage"),
    [
        ("auto_commit", kill_consumer_in_mid_batch, "lost"),
        ("commit_before_apply", kill_consumer_in_mid_batch, "lost"),
        ("no_seen_ids", start_consumer_again, "doubled"),
        ("publish_before_insert", kill_intake_in_mid_insert, "doubled"),
        ("answer_before_insert", kill_intake_in_mid_insert, "lost"),
        ("write_concern_1", kill_mongod_with_its_memory, "lost"),
    ],
)
async def test_the_checker_sees_what_a_broken_build_does(
    stack: Servers, tmp_path: Path, mutant: str, harm: Harm, damage: str
) -> None:
    verdict = await suffer(stack, tmp_path, harm, mutant)
    assert getattr(verdict, damage), verdict.lines()


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.parametrize("harm", [kill_consumer_in_mid_batch, kill_intake_in_mid_insert])
async def test_the_checker_finds_nothing_in_a_sound_build_that_is_as_slow(
    stack: Servers, tmp_path: Path, harm: Harm
) -> None:
    verdict = await suffer(stack, tmp_path, harm, "sound")
    assert verdict.sound, verdict.lines()
