"""What `linli status`, `linli doctor` and `linli deliveries` say of who was not told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client.samples import Sample

from linli_cli.operations.deliveries import in_lines
from linli_cli.operations.delivery_health import count_deliveries, gave_up, in_words, refuses
from linli_cli.operations.finding import Level

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def samples(**values: float) -> list[Sample]:
    return [Sample(f"linli_notify_{name}", {}, value) for name, value in values.items()]


def test_the_status_counts_what_was_given_up_and_who_refuses() -> None:
    given_up = [Sample("linli_notify_given_up", {"channel": "webhook", "reason": "http_404"}, 2.0)]
    found = count_deliveries([*samples(due=3, endpoints_refusing=1), *given_up], NOW)
    assert in_words(found) == (
        "Deliveries: 3 on their way, 2 given up in the last 7 days, 1 endpoint refusing what is sent. "
        "Which: linli deliveries list --state failed"
    )


@pytest.mark.parametrize("said", [None, [], samples(due=float("nan"), endpoints_refusing=float("nan"))])
def test_what_notify_does_not_say_is_unknown_and_not_none(said: Any) -> None:
    assert in_words(count_deliveries(said, NOW)) == "Deliveries: unknown."


def test_the_doctor_names_the_reason_the_parties_and_what_to_do_and_no_resident() -> None:
    found = gave_up("http_410", 3, ["party:estate", "resident:r-1"])
    assert found.level is Level.WRONG
    assert "3 deliveries to estate given up: http_410" in found.said
    assert "r-1" not in found.said
    assert "linli deliveries retry --reason http_410" in found.todo
    assert "--state undeliverable" in gave_up("no_channel", 1, ["party:house-1"]).todo
    refused = refuses("party:estate", "address_refused", 2)
    assert "estate's endpoint refuses (address_refused); 2 deliveries wait" in refused.said


def test_a_delivery_is_listed_with_its_whole_id_and_why_it_waits() -> None:
    delivery = {
        "id": "c1.2.party.estate.webhook",
        "state": "due",
        "channel": "webhook",
        "kind": "party_dispatched",
        "recipient": "party:estate",
        "reason": None,
        "last_error": "http_404",
        "attempts": 2,
        "created_at": "2026-11-28T06:00:00Z",
    }
    first, second = in_lines(delivery).splitlines()
    assert first == delivery["id"]
    assert second.endswith("party_dispatched to party:estate by webhook: due (http_404), tried 2 times")
