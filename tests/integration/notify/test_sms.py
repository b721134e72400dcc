"""Text messages on real servers: a gateway that takes them, is busy, refuses, is away or is not there."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from standardwebhooks import Webhook
from werkzeug import Response

from linli.application.settings import SettingsError
from linli.contracts.workflow import case
from notify.deliveries.channels.sms import SmsGateway, Texter, secret_of
from notify.deliveries.domain.deliveries import State, delivery, on_channel
from notify.deliveries.domain.tries import Refused, Took, Unreached
from notify.deliveries.store import _document
from notify.main import build
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice
from notify.settings import NotifySettings
from tests.support.cases import CODE, said
from tests.support.clocks import process_time
from tests.support.notify import answer_contacts, mail_server, notify_running
from tests.support.servers import free_ports

GATEWAY = "/sms"
KEY = "a-key-of-the-gateway"
MOBILE = "+8613800138000"
ONLY_A_NUMBER = {"email": None, "phone": MOBILE}


@pytest.fixture(scope="module")
def mail():
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(mail):
    mail.letters.clear()
    mail.answers.clear()
    return mail


@pytest.fixture
def gateway(httpserver, tmp_path):
    """Settings that name a gateway on the test's own server."""
    key = tmp_path / "sms.key"
    key.write_text(KEY)
    key.chmod(0o600)
    return {"sms_url": httpserver.url_for(GATEWAY), "sms_key_file": key}


def answers(httpserver, *statuses, **headers):
    left = list(statuses)

    def answer(_):
        first = len(left) == len(statuses)
        return Response(status=left.pop(0) if len(left) > 1 else left[0], headers=headers if first else {})

    httpserver.expect_request(GATEWAY, method="POST").respond_with_handler(answer)


def handed_in(httpserver):
    return [request for request, _ in httpserver.log if request.path == GATEWAY]


def story(upto=99):
    """A case from opening to resolution."""
    events = [case.CaseOpened, case.CaseDispatched, case.CaseProgressed, case.CaseResolved]
    return [said(event, "case-1", sequence) for sequence, event in enumerate(events, 1)][:upto]


def reporter(here, **contact):
    """From now on intake knows the reporter so."""
    here.server.clear()
    answer_contacts(here.server, here.settings, **contact)


async def test_who_left_only_a_number_is_told_everything_by_message(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, 202)
        await here.tell_community()
        await here.publish(*story())
        sent = await here.ended(3, channel="sms")
        assert {(each["kind"], each["state"]) for each in sent} == {
            ("reporter_dispatched", "sent"),
            ("reporter_progressed", "sent"),
            ("reporter_resolved", "sent"),
        }
        letters = await here.ended(3, channel="email", recipient="resident:r-1")
        assert {(each["state"], each["reason"]) for each in letters} == {("replaced", "by_sms")}
        assert mailbox.to("wang@resident.example") == []
        bodies = []
        for request in handed_in(httpserver):
            assert request.headers["Authorization"] == f"Bearer {KEY}"
            body = Webhook(secret_of(KEY)).verify(request.get_data(), dict(request.headers))
            assert request.headers["webhook-id"] == body["id"]
            bodies.append(body)
        assert {body["to"] for body in bodies} == {MOBILE}
        assert len({body["id"] for body in bodies}) == 3
        assert sum(f":8100/track/{CODE}/follow-up" in body["text"] for body in bodies) == 1
        assert not any("r-1" in str(body) for body in bodies)
        events = [event for event in await here.events(4) if event["channel"] == "sms"]
        assert {event["type"] for event in events} == {"linli.notice.sent.v1"}
        shown = (await here.http.get("/v1/deliveries", headers=here.operator)).text
        assert MOBILE not in shown


async def test_who_left_both_gets_letters_and_the_follow_up_by_both(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, phone=MOBILE)
        answers(httpserver, 200)
        await here.tell_community()
        await here.publish(*story())
        [message] = await here.ended(1, channel="sms")
        assert (message["kind"], message["state"]) == ("reporter_resolved", "sent")
        letters = await here.ended(3, channel="email", recipient="resident:r-1")
        assert [each["state"] for each in letters] == ["sent"] * 3
        assert len(handed_in(httpserver)) == 1


async def test_a_letter_that_is_tried_again_asks_for_one_message_only(settings_for, httpserver, mailbox, gateway):
    mailbox.answers += ["450 later"] * 2
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, phone=MOBILE)
        answers(httpserver, 200)
        await here.tell_community()
        await here.publish(said(case.CaseOpened, "case-1", 1), said(case.CaseResolved, "case-1", 2))
        [letter] = await here.ended(1, channel="email")
        assert (letter["state"], letter["attempts"]) == ("sent", 3)
        assert len(await here.ended(1, channel="sms")) == 1
        assert len(handed_in(httpserver)) == 1


async def test_a_letter_that_the_version_before_wrote_is_found_and_asks_for_no_second_message(
    settings_for, httpserver, mailbox, gateway
):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, phone=MOBILE)
        answers(httpserver, 200)
        await here.tell_community()
        now = datetime.now(UTC)
        notice = Notice(NoticeKind.REPORTER_RESOLVED, "resident:r-1", Channel.EMAIL)
        letter = replace(delivery(said(case.CaseResolved, "case-1", 2), notice, now), id="case-1.2.resident.r-1.email")
        message = replace(on_channel(letter, Channel.SMS, now), state=State.SENT, due_at=None, finished_at=now)
        await here.database.deliveries.insert_one(_document(message))
        await here.database.deliveries.insert_one(_document(letter))
        [sent] = await here.ended(1, channel="email")
        assert (sent["id"], sent["state"]) == (letter.id, "sent")
        assert {each["id"] for each in await here.deliveries()} == {letter.id, "case-1.2.resident.r-1.sms"}
        assert handed_in(httpserver) == []


async def test_without_a_gateway_messages_are_skipped_visibly(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        reporter(here, **ONLY_A_NUMBER)
        await here.tell_community()
        await here.publish(*story(upto=2))
        [skipped] = await here.ended(1, recipient="resident:r-1")
        assert (skipped["channel"], skipped["state"], skipped["reason"]) == ("email", "skipped", "no_sms_gateway")


async def test_a_landline_is_not_sent_a_message(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, email=None, phone="+8653287654321")
        answers(httpserver, 200)
        await here.tell_community()
        await here.publish(*story(upto=2))
        [skipped] = await here.ended(1, channel="sms")
        assert (skipped["state"], skipped["reason"]) == ("skipped", "not_mobile")
        assert handed_in(httpserver) == []


async def test_without_a_mail_server_who_has_both_is_told_by_message(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, smtp_host="", **gateway) as here:
        reporter(here, phone=MOBILE)
        answers(httpserver, 200)
        await here.tell_community()
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="sms")
        assert (sent["kind"], sent["state"]) == ("reporter_dispatched", "sent")


async def test_a_number_is_not_flooded_by_who_reports_in_its_name(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, sms_per_day=3, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, 200)
        await here.tell_community()
        for round in range(2):
            ids = [f"case-{round}{number}" for number in range(4)]
            events = (case.CaseOpened, case.CaseDispatched)
            await here.publish(*(said(event, id, n) for id in ids for n, event in enumerate(events, 1)))
            await here.ended(4 * (round + 1), channel="sms")
        ended = await here.ended(8, channel="sms")
        assert sorted(each["state"] for each in ended) == ["sent"] * 3 + ["skipped"] * 5
        assert {each["reason"] for each in ended if each["state"] == "skipped"} == {"enough_for_a_day"}
        assert len(handed_in(httpserver)) == 3


async def test_a_busy_gateway_is_tried_again_when_it_asked_for_it(settings_for, httpserver, mailbox, gateway):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, 429, 503, 200, **{"Retry-After": "1"})
        await here.tell_community()
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="sms")
        assert (sent["state"], sent["attempts"]) == ("sent", 3)
        first, second, third = [orjson.loads(request.get_data()) for request in handed_in(httpserver)]
        assert first == second == third  # the same id, so that the gateway can tell


async def test_a_number_that_the_gateway_refuses_is_given_up_and_can_be_retried(
    settings_for, httpserver, mailbox, gateway
):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, 422, 200)
        await here.tell_community()
        await here.publish(*story(upto=2))
        [failed] = await here.ended(1, channel="sms")
        assert (failed["state"], failed["reason"], failed["attempts"]) == ("failed", "http_422", 1)
        again = await here.http.post(f"/v1/deliveries/{failed['id']}:retry", headers=here.operator)
        assert again.status_code == 200
        [sent] = await here.ended(1, channel="sms", state="sent")
        assert sent["attempts"] == 2


@pytest.mark.parametrize("status", [401, 403, 404, 302])
async def test_a_wrong_key_or_address_is_the_operators_to_set_right(settings_for, httpserver, mailbox, gateway, status):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, status, 200)
        await here.tell_community()
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="sms")
        assert (sent["state"], sent["attempts"]) == ("sent", 2)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Took()),
        (202, Took()),
        (400, Refused("http_400")),
        (413, Refused("http_413")),
        (408, Unreached("http_408")),
        (409, Unreached("http_409")),
        (425, Unreached("http_425")),
        (500, Unreached("http_500")),
        (401, Unreached("http_401")),
    ],
)
async def test_what_a_status_means(httpserver, status, outcome):
    answers(httpserver, status)
    texter = Texter(SmsGateway(httpserver.url_for(GATEWAY), KEY), 2, process_time)
    assert await texter.send("d-1", MOBILE, "好") == outcome
    await texter.close()


async def test_a_gateway_that_is_away_or_silent_is_tried_later(httpserver):
    away = Texter(SmsGateway(f"http://127.0.0.1:{free_ports(1)[0]}/sms", KEY), 2, process_time)
    assert await away.send("d-1", MOBILE, "好") == Unreached("unreachable", away=True)
    await away.close()
    # Numbers do not travel the Internet unencrypted.
    abroad = Texter(SmsGateway("http://192.0.2.1/sms", KEY), 2, process_time)
    assert await abroad.send("d-1", MOBILE, "好") == Unreached("address_refused")
    await abroad.close()


async def test_a_gateway_without_its_key_does_not_start(settings_for, httpserver, tmp_path):
    for name in ("none-such.key", "open.key"):
        (tmp_path / "open.key").write_text(KEY)
        (tmp_path / "open.key").chmod(0o644)
        settings = await settings_for(NotifySettings, sms_url=httpserver.url_for(GATEWAY), sms_key_file=tmp_path / name)
        with pytest.raises(SettingsError):
            build(settings)


async def test_no_log_line_holds_a_number_or_the_key(settings_for, httpserver, mailbox, gateway, capfd):
    async with notify_running(settings_for, httpserver, mailbox, **gateway) as here:
        reporter(here, **ONLY_A_NUMBER)
        answers(httpserver, 422)
        await here.tell_community()
        await here.publish(*story(upto=2))
        await here.ended(1, channel="sms")
    logged = "".join(capfd.readouterr())
    assert "delivery_failed" in logged
    for secret in ("13800138000", KEY, CODE):
        assert secret not in logged
