"""An import accounts for every row, whatever intake answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linli_cli.connection.client import Client
from linli_cli.connection.settings import TargetKind
from linli_cli.connection.target import Target
from linli_cli.importing import run as import_run
from linli_cli.importing.columns import match_columns
from linli_cli.importing.rows import Defaults
from linli_cli.importing.run import Item, Receipt, Tally, batches, prepared, send, wait_for_cases
from linli_cli.importing.tables import Row
from linli_cli.terminal.errors import CliError

HEADER = ("id", "title", "text")
URLS = {service: f"http://{service}.example" for service in ("intake", "workflow", "notify")}


def rows(count: int) -> list[Row]:
    return [Row(number + 2, (str(number), f"第{number}件", "路灯坏了")) for number in range(count)]


def items(given: list[Row], tally: Tally | None = None) -> list[Item]:
    return list(prepared(given, len(HEADER), match_columns(HEADER, {}), Defaults(), tally or Tally(rows=len(given))))


def accepted(request: httpx2.Request) -> httpx2.Response:
    """Intake's answer when it takes all items."""
    sent = json.loads(request.content)["items"]
    results = [
        {"index": index, "status": "accepted", "id": item["external_id"], "tracking_code": "x"}
        for index, item in enumerate(sent)
    ]
    return httpx2.Response(200, json={"results": results})


@pytest.fixture
def client_to(tmp_path: Path) -> Callable[..., Client]:
    """A client whose requests a function answers, without a socket."""
    key = tmp_path / "secrets" / "operator.key"
    key.parent.mkdir()
    key.write_text("operator")
    key.chmod(0o600)

    def make(answer: Callable[[httpx2.Request], httpx2.Response], patience: float = 5.0) -> Client:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        target = Target(
            TargetKind.EMBEDDED,
            "a test's",
            "nothing",
            URLS,
            "127.0.0.1:1",
            "mongodb://127.0.0.1:1",
            None,
            lambda _: key,
        )
        return Client(http, target, patience)

    return make


def nothing() -> None:
    """The progress bar that nobody looks at."""


def test_two_rows_with_one_id_and_different_content_are_not_taken_for_one_message() -> None:
    given = [Row(2, ("7", "路灯坏了", "")), Row(3, ("7", "路灯坏了", "")), Row(4, ("7", "电梯坏了", ""))]

    tally = Tally(rows=3)
    kept = items(given, tally)

    assert [item.row.line for item in kept] == [2, 3]
    assert [(each.row.line, each.reason) for each in tally.rejections] == [
        (4, "the id 7 stands in row 2 with other content")
    ]


def test_a_number_that_excel_has_cut_off_is_told_of_where_it_stands_twice() -> None:
    tally = Tally(rows=2)
    items([Row(2, ("202611030000000000", "路灯坏了")), Row(3, ("202611030000000000", "漏气"))], tally)

    assert "has Excel made zeros of its last digits?" in tally.rejections[0].reason


def test_half_of_a_character_costs_its_row_alone() -> None:
    tally = Tally(rows=2)
    kept = items([Row(2, ("1", "\ud83d 路灯")), Row(3, ("2", "路灯"))], tally)

    assert ([item.row.line for item in kept], len(tally.rejections)) == ([3], 1)


def test_batches_keep_the_order_and_stay_within_both_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_run, "BATCH_BYTES", 2_000)
    given = items(rows(450))

    made = list(batches(given))

    assert [item for batch in made for item in batch] == given
    assert max(len(batch) for batch in made) <= import_run.BATCH_ITEMS
    assert len(made) > 3


async def test_every_row_is_accepted_known_or_rejected(client_to: Callable[..., Client]) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        results = accepted(request).json()["results"]
        results[1] = {"index": 1, "status": "duplicate", "id": "known"}
        faults = [{"field": "reporter.phone", "message": "is no telephone number"}]
        problem = {"slug": "invalid", "detail": "Some fields are wrong.", "errors": faults}
        results[2] = {"index": 2, "status": "rejected", "problem": problem}
        return httpx2.Response(200, json={"results": results})

    tally = Tally(rows=450, receipts=[])
    await send(client_to(answer), items(rows(450)), tally, nothing)

    assert tally.complete
    told = {receipt.line: receipt for receipt in tally.receipts or []}
    assert len(told) == 450
    assert told[2] == Receipt(2, "0", "accepted", "0", "x")
    assert told[3] == Receipt(3, "1", "duplicate", "known")
    assert told[4] == Receipt(4, "2", "rejected", reason="reporter.phone: is no telephone number")
    assert (len(tally.accepted_ids), tally.duplicates) == (444, 3)
    assert {rejection.reason for rejection in tally.rejections} == {"reporter.phone: is no telephone number"}
    assert sorted(rejection.row.line for rejection in tally.rejections) == [4, 204, 404]


async def test_an_id_that_intake_knows_with_other_content_is_named(client_to: Callable[..., Client]) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        errors = [{"field": "external_id", "message": "is taken by submission X, which says something else"}]
        problem = {"slug": "external_id_taken", "errors": errors}
        results = [{"index": index, "status": "rejected", "problem": problem} for index in range(2)]
        return httpx2.Response(200, json={"results": results})

    tally = Tally(rows=2)
    given = [Row(2, ("GD7", "路灯坏了", "")), Row(3, ("", "路灯坏了", ""))]
    await send(client_to(answer), items(given), tally, nothing)

    assert [each.reason for each in tally.rejections] == [
        "the id GD7: is taken by submission X, which says something else"
    ]
    assert tally.duplicates == 1  # the id of a row without one is its content's: it is the same row


async def test_a_row_that_spoils_its_batch_does_not_stop_the_others(client_to: Callable[..., Client]) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if any(item["external_id"] == "137" for item in json.loads(request.content)["items"]):
            return httpx2.Response(400, json={"type": "urn:linli:problem:malformed_json", "detail": "not JSON"})
        return accepted(request)

    tally = Tally(rows=300)
    await send(client_to(answer), items(rows(300)), tally, nothing)

    assert tally.complete
    assert [rejection.row.line for rejection in tally.rejections] == [139]


async def test_a_batch_is_tried_again_under_the_same_key_until_intake_is_back(client_to: Callable[..., Client]) -> None:
    keys: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx2.ConnectError("refused", request=request)
        if len(keys) == 2:
            return httpx2.Response(503, json={"detail": "starting"}, headers={"Retry-After": "0"})
        return accepted(request)

    tally = Tally(rows=10)
    await send(client_to(answer), items(rows(10)), tally, nothing)

    assert (len(tally.accepted_ids), len(keys), len(set(keys))) == (10, 3, 1)


async def test_an_intake_that_stays_away_ends_the_import_with_an_error(client_to: Callable[..., Client]) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    tally = Tally(rows=10)
    with pytest.raises(CliError, match=r"^intake at .* does not answer"):
        await send(client_to(answer, patience=0.3), items(rows(10)), tally, nothing)

    assert not tally.complete


async def test_waiting_ends_when_every_accepted_row_has_left_the_open_state(client_to: Callable[..., Client]) -> None:
    states: list[dict[str, Any]] = [{"1": "open"}, {"1": "triage", "2": "open"}, {"2": "dispatched"}]

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"found": states.pop(0)})

    tally = Tally(rows=2, accepted_ids=["1", "2"])
    await wait_for_cases(client_to(answer), tally, nothing)

    assert (tally.settled, states) == (2, [])


async def test_a_row_that_never_becomes_a_case_is_told(
    client_to: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "STALLED_AFTER", 0.2)
    tally = Tally(rows=1, accepted_ids=["1"])

    with pytest.raises(CliError, match="1 accepted row has had no case"):
        await wait_for_cases(client_to(lambda _: httpx2.Response(200, json={"found": {}})), tally, nothing)
