"""The list of erased submissions that lies beside the databases, and what in Kafka tells of them."""

from pathlib import Path

import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.workflow.case import CaseProgressed, CaseRedacted
from linli.messaging.kafka import Place, Received
from linli_cli.privacy.erased_list import read, remember
from linli_cli.privacy.purging import about
from linli_cli.terminal.errors import CliError
from tests.support.builders import NOON, garbage, received, submitted
from tests.support.cases import said

ID = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"


def test_each_is_on_the_list_once_in_a_file_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "home" / "erasures.jsonl"
    remember(path, ["a", "b"])
    remember(path, ["b", "c"])
    assert read(path) == ["a", "b", "c"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text("[1]\n")
    for wrong in (path, tmp_path / "absent"):
        with pytest.raises(CliError):
            read(wrong)


def test_a_record_tells_of_a_submission_by_its_key_its_cause_or_when_unreadable_its_value() -> None:
    assert about(received(submitted(ID)), {ID}, {ID})
    assert not about(received(submitted("another")), {ID}, {ID})
    delivery = Received(Place("t", 0), 0, f"{ID}.2.party.x.email".encode(), b"{}", (("ce_id", b"x"),))
    assert about(delivery, {ID}, {ID})
    without_key = Received(Place("t", 0), 0, b"", f'{{"id": "{ID}"}}'.encode(), ())
    assert about(without_key, {ID}, {ID}) and not about(garbage(), {ID}, {ID})


def test_the_erasure_itself_says_nothing_and_may_stay() -> None:
    event = Envelope("linli/intake", ID, 2, NOON, ID, ResidentErased(submission_id=ID, erased_at=NOON))
    assert not about(received(event), {ID}, {ID})


def test_what_a_case_that_was_merged_says_goes_and_its_redaction_goes_with_its_own_reporter() -> None:
    other = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a02"
    assert about(received(said(CaseProgressed, other)), {ID}, {ID, other})
    redacted = received(said(CaseRedacted, other))
    assert not about(redacted, {ID}, {ID, other}), "it has title and pseudonym of another, who is not erased"
    assert about(redacted, {other}, {ID, other})
