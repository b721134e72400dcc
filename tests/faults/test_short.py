"""A short run of the fault harness: each of the five killed, the network broken, what comes twice or is no event."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.faults.arena import arena_on
from tests.faults.checker import Found, compare
from tests.faults.ledger import Ledger
from tests.faults.schedule import run
from tests.support.servers import ProxiedServers

SHORT = (
    *("kill_intake", "kill_workflow", "kill_notify", "kill_kafka", "kill_mongod", "stop_workflow", "stop_mongod"),
    *("cut_kafka", "reset_mongod", "failpoint_workflow", "failpoint_notify", "repeated", "reordered", "poison"),
    *("poison_copies", "indigestible", "dying_photos"),
)
TEN = 10
"""Of them, in an order of chance: all take longer than there is time for in a test."""


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_short_schedule_of_faults_costs_nothing(tmp_path: Path) -> None:
    servers = ProxiedServers(tmp_path / "servers")
    try:
        servers.start()
        async with arena_on(servers, tmp_path, Random(4), rate=20) as arena:
            outcome = await run(arena, 4, SHORT, faults=TEN, seconds=700, submissions=0, say=print)
    finally:
        servers.stop()
    assert outcome.verdict.sound, outcome.verdict.lines()
    assert outcome.figures()["not_recovered"] == []
    assert outcome.verdict.accepted > 200, "the load was no load"
    assert len(outcome.suffered) + len(outcome.skipped) == TEN


def settled() -> tuple[Ledger, Found]:
    """One accepted submission and all that should be there of it."""
    ledger, found = Ledger(), Found(communities=1)
    entry = ledger.ask(mail=False)
    ledger.answered(entry, "s1")
    found.submissions["s1"] = f"停水 {entry.key}"
    found.cases["s1"] = (f"停水 {entry.key}", 2, None)
    found.histories["s1"] = [(1, "linli.case.opened.v1"), (2, "linli.case.dispatched.v1")]
    found.deliveries = [("s1.2.party.water-co.webhook", "s1:2", "party:water-co", "webhook", "sent")]
    found.deliveries += [("s1.2.party.water-co.email", "s1:2", "party:water-co", "email", "sent")]
    return ledger, found


class Always(dict[str, int]):
    """A sink that has had everything once."""

    def __missing__(self, _: str) -> int:
        return 1


class Never(Always):
    """A sink that has had nothing."""

    def __missing__(self, _: str) -> int:
        return 0


def test_a_whole_story_is_sound() -> None:
    assert compare(*settled(), Always(), Always()).sound


def test_a_201_without_a_submission_or_a_case_is_lost() -> None:
    ledger, found = settled()
    found.cases.clear()
    assert compare(ledger, found, Always(), Always()).lost == {"s1": "no case"}
    found.submissions.clear()
    assert compare(ledger, found, Always(), Always()).lost == {"s1": "no submission"}


def test_a_history_with_a_gap_is_lost() -> None:
    ledger, found = settled()
    found.histories["s1"][1] = (3, "linli.case.dispatched.v1")
    assert "s1" in compare(ledger, found, Always(), Always()).lost


def test_effects_in_another_order_than_their_sequence_are_damage() -> None:
    ledger, found = settled()
    found.out_of_order["s1"] = "in notify's timeline 1 took effect after 2"
    assert not compare(ledger, found, Always(), Always()).sound


def test_an_action_that_was_answered_and_is_not_in_the_history_is_lost() -> None:
    ledger, found = settled()
    ledger.acted["s1"] = ["linli.case.accepted.v1"]
    assert "s1" in compare(ledger, found, Always(), Always()).lost


def test_a_photo_is_there_once_if_it_was_taken_and_not_at_all_if_it_was_refused() -> None:
    for answered, there, kind in (({("s1", "p")}, [], "lost"), (set(), [("s1", "p")], "other")):
        ledger, found = settled()
        ledger.photos, found.photos = answered, Counter(there)
        assert getattr(compare(ledger, found, Always(), Always()), kind)
    ledger, found = settled()
    ledger.photos, found.photos = {("s1", "p")}, Counter([("s1", "p")])
    assert compare(ledger, found, Always(), Always()).sound
    found.photos["s1", "p"] += 1
    assert compare(ledger, found, Always(), Always()).doubled


def test_a_notice_that_never_reached_its_sink_is_lost() -> None:
    assert compare(*settled(), Always(), Never()).lost == {
        "s1.2.party.water-co.webhook": "sent, and never reached its sink"
    }


def test_a_due_notice_without_a_delivery_is_lost() -> None:
    ledger, found = settled()
    found.deliveries.pop()
    assert list(compare(ledger, found, Always(), Always()).lost) == ["s1:2"]


def test_two_deliveries_of_one_notice_are_doubled() -> None:
    ledger, found = settled()
    found.deliveries.append(("another", "s1:2", "party:water-co", "email", "sent"))
    assert compare(ledger, found, Always(), Always()).doubled


def test_two_cases_of_one_key_are_doubled_also_when_it_was_never_answered() -> None:
    ledger, found = settled()
    ledger.accepted.clear()
    found.cases["s2"] = found.cases["s1"]
    assert compare(ledger, found, Always(), Always()).doubled


def test_what_is_parked_held_unsent_or_gone_without_reason_is_damage() -> None:
    for field, value in (
        ("parked", {"notify/linli.cases-0-7": "handler_failed s1"}),
        ("held", 1),
        ("unsent", 1),
        ("communities", 0),
    ):
        ledger, found = settled()
        setattr(found, field, value)
        assert compare(ledger, found, Always(), Always()).other


def test_rubbish_that_was_published_must_be_parked() -> None:
    ledger, found = settled()
    ledger.poisoned = {"workflow/linli.intake-0-7"}
    assert not compare(ledger, found, Always(), Always()).sound
    found.parked = {"workflow/linli.intake-0-7": "not_a_cloudevent None"}
    assert compare(ledger, found, Always(), Always()).sound
