"""What a company's program may write to Kafka that is no update: each is answered, and what follows is taken."""

import asyncio
from typing import Any

import pytest

from tests.support.partner_kafka import encoded, program_of, told, update_of
from tests.support.partner_program import Denied
from tests.support.system import System

BAD: dict[str, tuple[bytes | None, str, str]] = {
    "no JSON": (b"{", "no_json", ""),
    "another encoding": ('{"update_id": "更换"}'.encode("gb18030"), "no_json", ""),
    "no object": (b"[1]", "no_object", ""),
    "a tombstone": (None, "empty", ""),
    "a field that is wrong": (b'{"update_id": "bad-1", "dispatch_no": "1"}', "wrong_schema", "/order_id"),
    "a year that nobody counts": (
        b'{"update_id": "bad-2", "order_id": "o", "dispatch_no": 1, "occurred_at": "99999-01-01", "did": "accepted"}',
        "wrong_schema",
        "/occurred_at",
    ),
    "nested without end": (b"[" * 20_000, "no_json", ""),
}


async def test_what_cannot_be_read_is_parked_and_answered_and_what_follows_is_taken(
    system: System, order: dict[str, Any]
) -> None:
    water = await program_of(system, "water-co")
    offsets = {name: await asyncio.to_thread(water.write, value) for name, (value, _, _) in BAD.items()}
    await asyncio.to_thread(water.say, order, "accepted", f"after-{order['case_id'][-8:]}")
    assert (await told(water, f"after-{order['case_id'][-8:]}"))["outcome"] == "applied"
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    invalid = {each["offset"]: each for each in receipts if each["outcome"] == "invalid"}
    parked = {
        each["offset"]: each
        for each in (await system.get("workflow", "/v1/parked", limit=200))["items"]
        if each["topic"] == water.topics["updates"]
    }
    for name, (_, reason, pointer) in BAD.items():
        receipt = invalid[offsets[name]]
        assert (receipt.get("pointer", ""), parked[offsets[name]]["reason"]) == (pointer, reason), name
        assert receipt["text_zh"] and receipt["text_en"], name


async def test_a_record_that_is_too_large_is_answered_and_a_batch_that_is_is_refused(
    system: System, order: dict[str, Any]
) -> None:
    water, mark = await program_of(system, "water-co"), order["case_id"][-8:]
    offset = await asyncio.to_thread(water.write, b"x" * 100_000)
    with pytest.raises(Denied, match="MSG_SIZE_TOO_LARGE"):
        await asyncio.to_thread(water.write, b"x" * 2_000_000)
    await asyncio.to_thread(water.say, order, "accepted", f"large-{mark}")
    await told(water, f"large-{mark}")
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    [large] = [each for each in receipts if each["offset"] == offset]
    assert (large["outcome"], large["text_en"]) == ("invalid", "A record has at most 64 KiB.")


@pytest.mark.parametrize("codec", ["gzip", "zstd", "lz4"])
async def test_what_is_small_only_while_it_is_packed_is_too_large(
    system: System, order: dict[str, Any], codec: str
) -> None:
    """16 kB that unpack to 17 MB would fit into no document."""
    water = await program_of(system, "water-co")
    with pytest.raises(Denied, match="MSG_SIZE_TOO_LARGE"):
        await asyncio.to_thread(lambda: water.write(b"a" * 17_000_000, codec=codec, seconds=40))
    mark = order["case_id"][-8:]
    await asyncio.to_thread(water.say, order, "accepted", f"unpacked-{mark}")
    assert (await told(water, f"unpacked-{mark}"))["outcome"] == "applied"


async def test_the_same_update_another_of_its_name_and_one_of_an_unknown_order_are_told_apart(
    system: System, order: dict[str, Any]
) -> None:
    water, mark = await program_of(system, "water-co"), order["case_id"][-8:]

    def write() -> None:
        update = update_of(order, "accepted", f"one-{mark}")
        water.write(encoded(update))
        water.write(encoded(update))
        water.write(encoded(update | {"message": "别的"}))
        water.write(encoded(update_of(order, "accepted", f"two-{mark}") | {"order_id": "nobody~water-co"}))
        water.write(encoded(update_of(order, "accepted", f"three-{mark}") | {"occurred_at": "2099-01-01T00:00:00Z"}))
        water.write(encoded(update_of(order, "accepted", f"four-{mark}") | {"occurred_at": "1970-01-01T00:00:00Z"}))

    await asyncio.to_thread(write)
    await told(water, f"four-{mark}")
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    assert [each["outcome"] for each in receipts if mark in (each.get("update_id") or "")] == [
        *("applied", "duplicate", "conflict", "unknown_order", "clock_skew", "clock_skew")
    ]
