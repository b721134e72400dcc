"""Renewal: a subdistrict's evening. A register from a spreadsheet, sixty votes open at once, a round of all households.

A burst of ballots is measured in turn with a plain service that gets as many inserts, and with nothing but inserts; at
the end every vote is counted anew from its events, and what was answered has to be what is counted.
"""

import asyncio
import time
from typing import Any

from uuid_utils import uuid7

from bench import subdistrict
from bench.evening import Evening, begun, looked_at, watched
from bench.figures import Figure
from bench.goals import LOOKS
from bench.load import CONNECTIONS, Sent, hurry, percentiles, send, submissions
from bench.peers import ANSWERED, FASTAPI_INSERT, INSERT_ALONE, INSERT_MANY
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage
from bench.subdistrict import Office

PART = "renewal"
REGISTER, HURRY, COUNTED, SUMMED = (
    *("a register from its spreadsheet", "ballots as fast as they come", "ballots counted", "a round summed up"),
)
STEADY, BURST = "ballots, 40,000 an hour", "ballots in a burst"
COUNT, RECOUNT, ANSWERS = "a vote's count", "all votes counted anew", "answers as fast as they come"


async def measure(run: Run) -> None:
    """From the register to the count, and a round."""
    async with begun(run, _registers) as evening:
        await _ballots(evening, STEADY, run.sizes.steady_ballots, run.sizes.steady_seconds)
        for _ in run.rounds():
            async with watched(evening, "in a burst"):
                await _ballots(evening, BURST, run.sizes.burst, run.sizes.burst_seconds)
            _note(
                run.found, (BURST, FASTAPI_INSERT), await send(evening.peer, run.sizes.burst, run.sizes.burst_seconds)
            )
            await _hurried(evening)
        await looked_at(evening)
        await _counted(evening)
        await _asked_all(evening)


async def _registers(stage: Stage, office: Office) -> list[str]:
    """A great one from its spreadsheet, as often as there are rounds; for the other votes a neighbourhood's."""
    sizes, registers = stage.run.sizes, list[str]()
    content = subdistrict.workbook(subdistrict.units(sizes.units))
    for number in range(sizes.rounds):
        start = time.monotonic()
        registers.append(await office.register(content, number))
        stage.run.found[PART, REGISTER].append(time.monotonic() - start)
        stage.run.found[PART, REGISTER, INSERT_MANY].append(await _inserted(stage, registers[-1]))
    lines = subdistrict.units(sizes.owners + sizes.owners // (subdistrict.OWNS_TWO - 1) + 1)
    those = [await office.neighbourhood_s(lines, number) for number in range(1, sizes.votes)]
    return [registers[0], *those]


async def _inserted(stage: Stage, register: str) -> float:
    """Seconds that nothing but writing a register's lines takes."""
    database = stage.database("neighbourhood")
    lines = [
        line
        for each in ("register_doors", "register_owners")
        for line in await database[each].find({"register": register}).to_list(None)
    ]
    start = time.monotonic()
    await stage.database("peer").lines.insert_many(lines, ordered=False)
    return time.monotonic() - start


# Ballots -------------------------------------------------------------------------------------------------------------


async def _ballots(evening: Evening, what: str, rate: float, seconds: float) -> None:
    sent = await send(evening.url, rate, seconds, requests=evening.papers)
    evening.taken += len(sent.answered)
    _note(evening.stage.run.found, (what,), sent)


async def _hurried(evening: Evening) -> None:
    """As many as there are people for: to see how far from its end a burst is."""
    run, seconds = evening.stage.run, evening.stage.run.sizes.seconds
    sent = await hurry(evening.url, evening.papers, Sent(), seconds)
    evening.taken += len(sent.answered)
    _note(run.found, (HURRY,), sent)
    _note(run.found, (HURRY, FASTAPI_INSERT), await hurry(evening.peer, submissions(), Sent(), seconds))
    run.found[PART, HURRY, INSERT_ALONE, "rate"].append(await _inserts(evening.stage, seconds))


async def _inserts(stage: Stage, seconds: float) -> float:
    """How many small documents a second MongoDB takes, each durable by itself."""
    collection, over, done = stage.database("peer").ballots, time.monotonic() + seconds, 0

    async def one() -> None:
        nonlocal done
        while time.monotonic() < over:
            await collection.insert_one({"_id": str(uuid7()), "choices": [["a", "approve"], ["b", "oppose"]]})
            done += 1

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return done / seconds


def _note(found: Found, what: tuple[str, ...], sent: Sent) -> None:
    found[PART, *what, "rate"].append(sent.rate)
    found[PART, *what, "failures"].append(sent.failures)
    for name, value in zip(("p50", "p99"), percentiles(sent.times), strict=True):
        found[PART, *what, name].append(value)


# Counting ------------------------------------------------------------------------------------------------------------


async def _counted(evening: Evening) -> None:
    """Every vote from its sums, and again from its events and the box; fails where the two differ."""
    run, office = evening.stage.run, evening.office
    await office.close_votes(evening.polls)
    kept, times = [], []
    for poll in evening.polls:
        start = time.monotonic()
        kept.append(await office.get(f"/v1/votes/{poll.id}/count"))
        times.append(time.monotonic() - start)
    start = time.monotonic()
    for poll, count in zip(evening.polls, kept, strict=True):
        assert await office.get(f"/v1/votes/{poll.id}/count?anew=true") == count, f"{poll.id}: a recount finds others"
    run.found[PART, RECOUNT].append(time.monotonic() - start)
    for name, value in zip(("p50", "p99"), percentiles(times), strict=True):
        run.found[PART, COUNT, name].append(value)
    run.found[PART, COUNTED].append(sum(each["turnout"]["heads"] for each in kept))
    run.found[PART, COUNTED, ANSWERED].append(evening.taken)


# A round -------------------------------------------------------------------------------------------------------------


async def _asked_all(evening: Evening) -> None:
    """Every household answers; then the round is closed and summed up."""
    run, office = evening.stage.run, evening.office
    round, digest = await office.open_round()
    codes = await office.letters(round, run.sizes.answers)
    run.say(f"{PART}: {len(codes)} letters are out")
    sent = await hurry(evening.url, subdistrict.answers(codes, digest), Sent())
    _note(run.found, (ANSWERS,), sent)
    await office.later(days=11)
    await office.post(f"/v1/rounds/{round}:close")
    start = time.monotonic()
    summed: Any = await office.post(f"/v1/rounds/{round}:summarise")
    run.found[PART, SUMMED].append(time.monotonic() - start)
    assert summed["summary"]["responses"] == len(sent.answered), "every answer is in the summary"


def figures(found: Found, sizes: Sizes) -> list[Figure]:
    """Of ballots beside both peers; of looking and counting alone."""

    def of(name: str, unit: str, *what: str, peer: str | None = None, key: str | None = None) -> Figure:
        own, also = (PART, key or name, *what), (PART, key or name, peer, *what)
        failed = [
            round(sum(found[each])) for each in ((PART, key or name, "failures"), (PART, key or name, peer, "failures"))
        ]
        return Figure(
            *(PART, name, unit, found[own], peer, found[also] if peer else ()), failed[0], failed[1] if peer else 0
        )

    return [
        of(REGISTER, "s", peer=INSERT_MANY),
        of(REGISTER, "s"),
        *(of(f"{STEADY}, {each}", "ms", each, key=STEADY) for each in ("p50", "p99")),
        of(f"{BURST}, answered", "1/s", "rate", key=BURST),
        *(of(f"{BURST}, {each}", "ms", each, peer=FASTAPI_INSERT, key=BURST) for each in ("p50", "p99")),
        *(of(HURRY, "1/s", "rate", peer=peer) for peer in (None, FASTAPI_INSERT, INSERT_ALONE)),
        *(of(f"{HURRY}, {each}", "ms", each, peer=FASTAPI_INSERT, key=HURRY) for each in ("p50", "p99")),
        *(of(f"{name}, {each}", "ms", each, key=name) for name in (*LOOKS, COUNT) for each in ("p50", "p99")),
        of(COUNTED, "ballots", peer=ANSWERED),
        of(RECOUNT, "s"),
        of(ANSWERS, "1/s", "rate"),
        of(SUMMED, "s"),
    ]
