"""What the bench of a subdistrict's evening sends, and what it makes of what came of it."""

import asyncio
import json
from collections import Counter
from hashlib import sha256

import pytest

from bench import renewal
from bench.load import Sent, hurry, percentiles, send
from bench.peers import FASTAPI_INSERT, INSERT_ALONE
from bench.run import Found
from bench.sizes import Sizes
from bench.subdistrict import Poll, answers, ballots, heads, units, workbook
from neighbourhood.papers.registers.reading import read_register, rows_of
from neighbourhood.votes.domain.register_rows import OpaqueIds, check


def test_its_register_is_one_that_nothing_is_wrong_with() -> None:
    file = read_register(workbook(units(500)))
    ids = OpaqueIds(hash_of, hash_of, hash_of)
    found = check(rows_of(file, str), ids, file.total_area)
    assert (file.faults, file.doubts, found.faults, found.doubts) == ((), (), (), ())
    assert len(found.entries) == 500
    assert len({each.owner for each in found.entries}) == heads(500) == 480


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_each_code_is_used_once_and_the_votes_in_turn() -> None:
    polls = [Poll("a", ["A1", "A2", "A3"]), Poll("b", ["B1"])]
    sent = list(ballots(polls))
    assert [path for path, _ in sent] == [f"v1/ballots/{each}" for each in ("A1", "B1", "A2", "A3")]
    assert all(set(json.loads(body)["choices"]) == {"a", "b"} for _, body in sent)
    chosen = Counter(json.loads(body)["answers"][0]["chosen"][0] for _, body in answers(["x"] * 9, "0" * 64))
    assert set(chosen.values()) == {3}


async def test_what_is_due_is_sent_at_its_own_address_until_there_is_no_more() -> None:
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split()[1].decode()
            await reader.readexactly(2)
            asked.append(path)
            status = b"409 Conflict" if path == "/v1/ballots/3" else b"201 Created"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        requests = iter([(f"v1/ballots/{at}", b"{}") for at in range(8)])
        steadily = await send(url, 1_000, 0.005, requests=requests)
        assert (steadily.asked, len(steadily.answered), steadily.failures) == (5, 4, 1)
        at_once = await hurry(url, requests, Sent())
        assert (at_once.asked, len(at_once.answered), at_once.failures) == (3, 3, 0)
        server.close()
    assert sorted(asked) == [f"/v1/ballots/{at}" for at in range(8)]
    assert steadily.unanswered == at_once.unanswered == 0
    assert len(steadily.times) == 4 and all(each >= 0 for each in steadily.times)


def test_times_and_rates_are_of_what_was_answered() -> None:
    sent = Sent(due={"a": 10.0, "b": 11.0}, answered={"a": 10.5, "b": 12.0}, asked=3, failures=1)
    assert (sent.times, sent.rate) == ([0.5, 1.0], 1.0)
    assert Sent().rate == 0
    assert percentiles([]) == (0.0, 0.0)
    assert percentiles([0.02]) == (20.0, 20.0)
    assert percentiles([0.01] * 99 + [0.5])[0] == pytest.approx(10.0)


def test_a_burst_stands_beside_the_plain_service_and_beside_nothing_but_inserts() -> None:
    found = Found(list)
    found["renewal", renewal.HURRY, "rate"] = [500.0]
    found["renewal", renewal.HURRY, "failures"] = [2]
    found["renewal", renewal.HURRY, FASTAPI_INSERT, "rate"] = [1_000.0]
    found["renewal", renewal.HURRY, INSERT_ALONE, "rate"] = [2_000.0]
    made = [each for each in renewal.figures(found, Sizes()) if each.name == renewal.HURRY]
    assert [(each.peer, each.ratio, each.failures) for each in made] == [
        (None, None, 2),
        (FASTAPI_INSERT, 0.5, 2),
        (INSERT_ALONE, 0.25, 2),
    ]
