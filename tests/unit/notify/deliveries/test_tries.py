"""What follows from a try: sent, later, or given up."""

from datetime import timedelta

import aiosmtplib
import pytest

from notify.deliveries.channels.email import failed, message_id
from notify.deliveries.channels.webhook import answered, seconds
from notify.deliveries.domain.deliveries import State
from notify.deliveries.domain.tries import NobodyThere, NotBegun, Refused, Took, Unreached, judge
from notify.settings import NotifySettings
from tests.support.builders import NOON

SCHEDULE = (5.0, 30.0, 120.0)


def wait(outcome: Unreached, tries: int, luck: float) -> float:
    verdict = judge(outcome, tries, SCHEDULE, NOON, luck)
    assert verdict.state is State.DUE
    assert verdict.due_at is not None
    return (verdict.due_at - NOON).total_seconds()


def test_what_was_taken_is_sent():
    assert judge(Took(), 0, SCHEDULE, NOON, 0.5).state is State.SENT


def test_what_was_refused_is_given_up_at_once_with_the_reason():
    verdict = judge(Refused("http_410"), 0, SCHEDULE, NOON, 0.5)
    assert (verdict.state, verdict.reason) == (State.FAILED, "http_410")


def test_nobody_to_tell_is_no_failure():
    assert judge(NobodyThere("no_contact"), 0, SCHEDULE, NOON, 0.5).state is State.SKIPPED


def test_waits_are_between_half_and_the_whole_of_the_schedule():
    assert [wait(Unreached("x"), tries, 1.0) for tries in range(3)] == [5.0, 30.0, 120.0]
    assert wait(Unreached("x"), 2, 0.5) == 90.0
    assert wait(Unreached("x"), 2, 0.0) == 60.0


def test_what_an_endpoint_says_while_it_is_deployed_is_tried_for_ten_hours_at_least():
    schedule, tries, hours = NotifySettings().retry_schedule, 0, 0.0
    while (verdict := judge(answered(404, None, NOON), tries, schedule, NOON, 0.0)).state is State.DUE:
        assert verdict.due_at is not None
        hours += (verdict.due_at - NOON).total_seconds() / 3600
        tries += 1
    assert hours >= 10
    assert (verdict.state, verdict.reason) == (State.FAILED, "http_404")


def test_the_schedule_used_up_it_is_given_up():
    verdict = judge(Unreached("http_503"), 3, SCHEDULE, NOON, 0.5)
    assert (verdict.state, verdict.reason) == (State.FAILED, "http_503")


def test_a_wait_is_never_shorter_than_was_asked_for():
    assert wait(Unreached("x", retry_after=60), 0, 0.5) == 60
    assert wait(Unreached("x", retry_after=1), 2, 1.0) == 120


def test_nobody_can_park_a_notice_for_ever():
    assert wait(Unreached("x", retry_after=10_000_000), 0, 0.5) == timedelta(hours=6).total_seconds()


def test_what_was_not_begun_is_due_at_once_and_was_no_try():
    verdict = judge(NotBegun(), 3, SCHEDULE, NOON, 0.5)
    assert (verdict.state, verdict.due_at, verdict.tried) == (State.DUE, NOON, False)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_2xx_is_taken(status):
    assert answered(status, None, NOON) == Took()


@pytest.mark.parametrize("status", [302, 303, 307, 401, 403, 404, 405, 408, 409, 421, 425, 429, 500, 502, 503, 504])
def test_some_statuses_are_worth_a_retry(status):
    assert answered(status, b"7", NOON) == Unreached(f"http_{status}", 7.0)


@pytest.mark.parametrize("status", [301, 308, 400, 410, 413, 415, 422])
def test_what_speaks_of_the_body_or_of_for_ever_is_final(status):
    assert answered(status, None, NOON) == Refused(f"http_{status}")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        (b"", None),
        (b"120", 120.0),
        (b"Mon, 23 Nov 2026 04:01:00 GMT", 60.0),
        (b"Mon, 23 Nov 2026 03:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"9" * 40, None),
        (b"\xff\xfe", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_and_nonsense_is_ignored(header, expected):
    assert seconds(header, NOON) == expected


def test_smtp_5xx_on_a_recipient_is_final_and_4xx_is_not():
    refused = aiosmtplib.SMTPRecipientRefused(550, "no such user", "a@b.example")
    full = aiosmtplib.SMTPRecipientRefused(452, "mailbox full", "a@b.example")
    assert failed(refused) == Refused("smtp_550")
    assert failed(full) == Unreached("smtp_452")
    assert failed(aiosmtplib.SMTPDataError(554, "spam")) == Refused("smtp_554")


def test_our_own_trouble_with_the_mail_server_does_not_end_a_letter():
    assert failed(aiosmtplib.SMTPAuthenticationError(535, "no")) == Unreached("smtp_535")
    assert failed(aiosmtplib.SMTPSenderRefused(550, "no", "us@b.example")) == Unreached("smtp_550")
    assert failed(aiosmtplib.SMTPConnectError("refused")) == Unreached("smtp_unreachable", away=True)


def test_a_message_id_is_the_same_at_every_try_and_names_nobody():
    first = message_id("case-1.2.resident.r-1.email", "linli.example")
    assert first == message_id("case-1.2.resident.r-1.email", "linli.example")
    assert first != message_id("case-1.3.resident.r-1.email", "linli.example")
    assert "r-1" not in first
