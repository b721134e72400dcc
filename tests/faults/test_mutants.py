"""The checker sees the damage that builds do that are broken on purpose, and none in one that is only as slow."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.arena import Arena, arena_on
from tests.faults.checker import Verdict
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.three_mongods import ThreeMongods

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

    await until(more)


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


async def roll_back(arena: Arena, mutant: str) -> None:
    """For two seconds the primary writes alone; then another is elected, which knows nothing of that."""
    assert isinstance(arena.servers, ThreeMongods)
    await put_in(arena, mutant, "intake")
    await flows(arena)
    primary = await asyncio.to_thread(arena.servers.primary)
    await asyncio.to_thread(arena.servers.leave_alone, primary)
    await asyncio.sleep(2)
    await asyncio.to_thread(arena.servers.replace, primary)
    await flows(arena)


async def kill_neighbourhood_in_mid_ballot(arena: Arena, mutant: str) -> None:
    await put_in(arena, mutant, "neighbourhood")
    for _ in range(3):
        before = _voted(arena)

        async def more(before: int = before) -> bool:
            return _voted(arena) > before + 4 or arena.failed()

        await until(more)
        await put_in(arena, mutant, "neighbourhood")


def _voted(arena: Arena) -> int:
    return sum(owner.answered_at > 0 for owner in arena.affairs.owners.values())


Harm = Callable[[Arena, str], Awaitable[None]]


async def suffer(servers: Servers, logs: Path, mutant: str, *harms: Harm, affairs: bool = False) -> Verdict:
    async with arena_on(servers, logs, Random(7), rate=40, affairs=affairs) as arena:
        arena.load.acts = False  # the key of an action that was killed is taken to be in flight for a minute
        for harm in harms:
            await harm(arena, mutant)
        verdict, _ = await arena.verdict(PATIENCE)
        return verdict


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("mutant", "damage", "of"),
    [
        ("receipt_before_ballot", "lost", "the ballot"),
        ("votes_again", "doubled", "ballots in the events"),
        ("sums_apart", "miscounted", "is kept"),
        ("lineage_after", "lost", "stands at"),
        ("slow_affairs", None, ""),
    ],
)
async def test_the_checker_sees_what_a_broken_build_does_to_affairs_and_nothing_in_a_slow_one(
    stack: Servers, tmp_path: Path, mutant: str, damage: str | None, of: str
) -> None:
    verdict = await suffer(stack, tmp_path, mutant, kill_neighbourhood_in_mid_ballot, affairs=True)
    if damage is None:
        assert verdict.sound, verdict.lines()
    else:
        assert [what for what in getattr(verdict, damage).values() if of in what], verdict.lines()


@pytest.fixture(scope="module")
def three_mongods(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeMongods]:
    servers = ThreeMongods(tmp_path_factory.mktemp("three"))
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.mark.long
@pytest.mark.parametrize(
    ("mutant", "harm", "damage"),
    [
        ("auto_commit", kill_consumer_in_mid_batch, "lost"),
        ("commit_before_apply", kill_consumer_in_mid_batch, "lost"),
        ("no_seen_ids", start_consumer_again, "doubled"),
        ("publish_before_insert", kill_intake_in_mid_insert, "doubled"),
        ("answer_before_insert", kill_intake_in_mid_insert, "lost"),
    ],
)
async def test_the_checker_sees_what_a_broken_build_does(
    stack: Servers, tmp_path: Path, mutant: str, harm: Harm, damage: str
) -> None:
    verdict = await suffer(stack, tmp_path, mutant, harm)
    assert getattr(verdict, damage), verdict.lines()


@pytest.mark.long
async def test_the_checker_sees_what_a_rollback_takes_from_a_build_that_waits_for_one_server(
    three_mongods: ThreeMongods, tmp_path: Path
) -> None:
    verdict = await suffer(three_mongods, tmp_path, "write_concern_1", roll_back)
    assert "no submission" in verdict.lost.values(), verdict.lines()


@pytest.mark.long
async def test_the_checker_finds_nothing_in_a_sound_build_that_is_as_slow(
    three_mongods: ThreeMongods, tmp_path: Path
) -> None:
    harms = (kill_consumer_in_mid_batch, kill_intake_in_mid_insert, roll_back)
    verdict = await suffer(three_mongods, tmp_path, "sound", *harms)
    assert verdict.sound, verdict.lines()
