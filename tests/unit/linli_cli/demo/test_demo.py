"""The demo does the same on every run, and what is missing is told."""

from collections import Counter
from typing import Any

import pytest
from rich.console import Console

from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.partner import Way
from linli_cli.demo.check import Outcome, Story
from linli_cli.demo.script import steps
from linli_cli.demo.utilities.taking_part import Figures
from linli_cli.demo.utilities.view import as_figures, show_utilities
from linli_cli.demo.view import in_words

PARTY, RESIDENT = "party:water", "resident:r1"


def entry(sequence: int, type: str, party: str | None = "water", resident: str | None = "r1") -> dict[str, Any]:
    return {"sequence": sequence, "type": f"linli.case.{type}.v1", "data": {"party": party, "resident_id": resident}}


def case(*history: dict[str, Any], state: str = "dispatched") -> dict[str, Any]:
    party = {"id": "water", "name": "供水公司"}
    return {"id": "c1", "state": state, "version": len(history), "party": party, "history": list(history)}


def delivery(sequence: int, recipient: str, state: str = "sent") -> dict[str, Any]:
    id_ = f"c1.{sequence}.{recipient.replace(':', '.')}.email"
    return {"id": id_, "case": "c1", "recipient": recipient, "state": state, "channel": "email"}


DISPATCHED = case(entry(1, "opened"), entry(2, "dispatched"))
TOLD = [delivery(2, PARTY), delivery(2, RESIDENT, "skipped")]


def test_two_thirds_of_the_dispatched_are_accepted_and_some_go_each_way() -> None:
    scripts = [steps(place, Kind.DEMAND, Language.ZH) for place in range(48)]

    assert Counter(tuple(step.action for step in script) for script in scripts) == {
        (): 12,
        ("return",): 4,
        ("accept",): 8,
        ("accept", "progress"): 8,
        ("accept", "progress", "resolve"): 8,
        ("accept", "progress", "resolve", "close"): 8,
    }
    assert scripts == [steps(place, Kind.DEMAND, Language.ZH) for place in range(48)]


def test_a_utility_lets_no_order_wait() -> None:
    scripts = [steps(place, Kind.DEMAND, Language.ZH, answers=True) for place in range(48)]

    assert min(map(len, scripts)) == 1
    assert sum(script != steps(place, Kind.DEMAND, Language.ZH) for place, script in enumerate(scripts)) == 12


def took_part(**known: Any) -> Figures:
    figures = {"party": "water", "name": "供水公司", "way": Way.KAFKA, "orders": 1, "updates": 2, "applied": 2}
    return Figures(**(figures | known))


@pytest.mark.parametrize("lacks", [{"orders": 0}, {"applied": 1}, {"updates": 0, "applied": 0}, {"skipped": "no way"}])
def test_a_utility_that_lacks_anything_did_not_take_part(lacks: dict[str, Any]) -> None:
    assert took_part().whole
    assert not took_part(**lacks).whole
    assert took_part(**lacks).fits(may_skip=True) == ("skipped" in lacks)
    assert not took_part(**lacks).fits(may_skip=False)


def test_a_utility_that_reports_has_to_see_the_end_of_each_report() -> None:
    assert took_part(reports=2, followed=2).whole
    assert not took_part(reports=2, followed=1).whole
    assert not took_part(reports=0, followed=0).whole


def test_each_way_and_what_it_lacked_are_told() -> None:
    console = Console(record=True, width=200)
    told = [took_part(), took_part(way=Way.PULL, name="gas", applied=1, fault="no receipt came")]
    show_utilities(console, [*told, took_part(way=Way.WEBHOOK, name="power", skipped="not reached")])

    text = console.export_text()
    assert "gas took part by pull, but not wholly: no receipt came" in text
    assert "power took no part by webhook: not reached" in text
    assert as_figures(told)["water"]["applied"] == 1


def test_an_english_reporter_reads_english_words() -> None:
    texts = [step.words for place in range(12) for step in steps(place, Kind.DISPUTE, Language.EN) if place != 10]

    assert all(text.isascii() for text in texts)


def test_nothing_is_missing_when_every_due_notice_is_sent_or_has_nobody_to_go_to() -> None:
    assert Story("c1", DISPATCHED, TOLD).missing == []


def test_a_letter_that_was_replaced_is_not_told_until_the_message_is() -> None:
    letter, message = [delivery(2, RESIDENT, state) for state in ("replaced", "skipped")]
    assert Story("c1", DISPATCHED, [TOLD[0], letter]).missing == ["resident:r1 was not told of step 2"]
    assert Story("c1", DISPATCHED, [TOLD[0], letter, message | {"channel": "sms"}]).missing == []


def test_a_submission_without_a_case_is_lost() -> None:
    assert Outcome([Story("c1", None), Story("c2", DISPATCHED, TOLD)]).lost == {"c1": ["there is no case"]}


def test_a_case_that_was_never_routed_is_lost() -> None:
    assert Story("c1", case(entry(1, "opened"), state="open")).missing


def test_a_gap_in_the_history_is_told() -> None:
    gappy = case(entry(1, "opened"), entry(3, "accepted"))

    assert Story("c1", gappy).missing == ["the history is not whole: [1, 3] of 2"]


def test_a_notice_that_was_never_made_or_not_sent_is_told() -> None:
    never_made = Story("c1", DISPATCHED, [delivery(2, PARTY)])
    not_sent = Story("c1", DISPATCHED, [delivery(2, PARTY, "due"), delivery(2, RESIDENT)])

    assert never_made.missing == ["resident:r1 was not told of step 2"]
    assert "party:water was not told of step 2" in not_sent.missing


def test_a_return_is_told_to_the_node_above_and_not_to_the_reporter() -> None:
    returned = case(entry(1, "opened"), entry(2, "dispatched"), entry(3, "returned", party="office"), state="returned")

    assert Story("c1", returned, TOLD).missing == ["party:office was not told of step 3"]


def test_counts_are_by_state_by_party_and_by_channel() -> None:
    outcome = Outcome([Story("c1", DISPATCHED, TOLD), Story("c2", DISPATCHED | {"state": "closed"}, TOLD[:1])])

    assert outcome.by_state() == {"dispatched": 1, "closed": 1}
    assert outcome.by_party() == {"water": {"dispatched": 1, "closed": 1}}
    assert outcome.notices() == {"email": {"sent": 2, "skipped": 1}}


def test_nobody_was_told_where_nothing_was_sent_for_want_of_a_server() -> None:
    unsent = [each | {"state": "skipped", "reason": "no_mail_server"} for each in TOLD]
    outcome = Outcome([Story("c1", DISPATCHED, unsent)])

    assert outcome.lost == {}
    assert not outcome.stories[0].all_notified
    assert outcome.notified() == {"sent": 0, "nobody": 0, "no_server": 2, "elsewhere": 0, "not_yet": 0}
    assert in_words(0, outcome.reasons()).startswith("Nobody was told")
    assert "2 for want of a mail server" in in_words(0, outcome.reasons())


def test_who_left_no_address_is_told_apart_from_who_could_not_be_told() -> None:
    outcome = Outcome([Story("c1", DISPATCHED, [TOLD[0], TOLD[1] | {"reason": "no_contact"}])])

    assert outcome.stories[0].all_notified
    assert in_words(1, outcome.reasons()) == "1 notice sent. Not sent: 1 who left no address."
