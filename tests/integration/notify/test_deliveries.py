"""Notify's deliveries on real servers: letters, webhooks, retries, leases."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pymongo.errors import OperationFailure
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Response

from linli.contracts.envelope import Envelope
from linli.contracts.neighbourhood.actions import ActionAssigned
from linli.contracts.workflow import case
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import outgoing
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from notify.deliveries.domain.deliveries import State, delivery
from notify.deliveries.domain.tries import Verdict
from notify.deliveries.store import DeliveryStore, Ended
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice
from notify.settings import NotifySettings
from notify.timeline.store import TimelineStore
from tests.support.builders import NOON
from tests.support.cases import CODE, said, with_party
from tests.support.notify import mail_server, notify_running
from tests.support.servers import free_ports
from tests.support.services import until

HOOK = "/hooks/estate"


@pytest.fixture(scope="module")
def mail():
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(mail):
    mail.letters.clear()
    mail.answers.clear()
    return mail


def hooked(httpserver):
    """The test community, with a webhook for the property company and no mailbox."""
    return with_party("estate", webhook=httpserver.url_for(HOOK).replace("localhost", "127.0.0.1"), email=None)


def story(id="case-1", upto=99):
    """A case from opening to resolution."""
    events = [case.CaseOpened, case.CaseDispatched, case.CaseProgressed, case.CaseResolved]
    return [said(event, id, sequence) for sequence, event in enumerate(events, 1)][:upto]


async def secret(here):
    answer = await here.http.get("/v1/parties/test/estate/webhook-secret", headers=here.operator)
    return answer.json()["secret"]


def answers(httpserver, *statuses, **headers):
    """The endpoint answers with these statuses in turn; the headers go with the first."""
    left = list(statuses)

    def answer(_):
        first = len(left) == len(statuses)
        return Response(status=left.pop(0), headers=headers if first else {})

    httpserver.expect_request(HOOK).respond_with_handler(answer)


def calls(httpserver):
    return [request for request, _ in httpserver.log if request.path == HOOK]


async def test_reporter_and_party_are_written_to(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story())
        ended = await here.ended(4)
        assert {(each["kind"], each["state"]) for each in ended} == {
            ("reporter_dispatched", "sent"),
            ("party_dispatched", "sent"),
            ("reporter_progressed", "sent"),
            ("reporter_resolved", "sent"),
        }
        letters = mailbox.to("wang@resident.example")
        assert len(letters) == 3
        assert letters[0]["Auto-Submitted"] == "auto-generated"
        text = letters[0].get_body(("plain",)).get_content()
        assert CODE in text
        assert f":8100/track/{CODE}" in text
        [to_party] = mailbox.to("e@linli.example")
        assert to_party["Subject"] == "【派单】楼道灯坏了（东院）"
        events = await here.events(4)
        assert {event["type"] for event in events} == {"linli.notice.sent.v1"}
        shown = (await here.http.get("/v1/deliveries", headers=here.operator)).text
        assert "@" not in shown
        assert "王芳" not in shown


async def test_a_resident_without_an_address_is_skipped(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story("silent-1", 2))
        [skipped] = await here.ended(1, recipient="resident:r-1")
        assert (skipped["state"], skipped["reason"], skipped["attempts"]) == ("skipped", "no_contact", 0)
        written = await here.database.deliveries.find_one({"_id": skipped["id"]})
        assert written["finished_at"] == written["created_at"], "a sender took what had no way from the start"


async def test_while_intake_is_away_a_delivery_waits_for_its_answer(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox, intake_url="http://127.0.0.1:9") as here:
        await here.tell_community()
        await here.publish(*story("silent-1", 2))
        await here.ended(1, recipient="party:estate")
        [waiting] = await here.deliveries(recipient="resident:r-1")
        assert (waiting["state"], waiting["reason"]) == ("due", None)


async def test_a_webhook_is_signed_and_holds_the_event(settings_for, httpserver, mailbox):
    httpserver.expect_request(HOOK).respond_with_data("ok")
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="webhook")
        [request] = calls(httpserver)
        body = Webhook(await secret(here)).verify(request.get_data(), dict(request.headers))
        assert request.headers["webhook-id"] == sent["id"]
        assert body["type"] == "linli.case.dispatched.v1"
        assert body["data"]["title"] == "楼道灯坏了"
        assert body["data"]["sequence"] == 2
        assert "resident_id" not in body["data"]


async def test_a_webhook_gets_common_affairs_that_concern_its_party_as_it_gets_cases(settings_for, httpserver, mailbox):
    httpserver.expect_request(HOOK).respond_with_data("ok")
    about = {"community": "test", "neighbourhood": "east", "at": NOON, "by": "key:a1", "party": "village"}
    owed = {"action_id": "x-1", "owner": "estate", "due": "2026-12-20", "what": "清理楼道", "taskforce_id": "t-1"}
    assigned = ActionAssigned(**about, **owed, comes_of={"origin": "meeting", "id": "m-1"})
    others = assigned.model_copy(update={"action_id": "x-2", "owner": "water-co"})
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        told = [Envelope("linli/neighbourhood", e.story, 1, NOON, e.story, e) for e in (others, assigned)]
        await here.publish_raw(*(outgoing(each, here.settings.topic("neighbourhood")) for each in told))
        [sent] = await here.ended(1, channel="webhook")
        [request] = calls(httpserver)
        body = Webhook(await secret(here)).verify(request.get_data(), dict(request.headers))
        assert (sent["event_type"], request.headers["webhook-id"]) == ("linli.action.assigned.v1", sent["id"])
        assert (body["data"]["action_id"], body["data"]["due"], body["data"]["sequence"]) == ("x-1", "2026-12-20", 1)
        [letter] = await here.ended(1, channel="email")
        assert letter["recipient"] == "party:water-co"


async def test_a_busy_endpoint_is_tried_again_when_it_asked_for_it(settings_for, httpserver, mailbox):
    answers(httpserver, 503, 204, **{"Retry-After": "1"})
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="webhook")
        assert (sent["state"], sent["attempts"], sent["last_error"]) == ("sent", 2, None)
        first, second = (int(request.headers["webhook-timestamp"]) for request in calls(httpserver))
        assert second - first >= 1
        assert calls(httpserver)[0].headers["webhook-id"] == calls(httpserver)[1].headers["webhook-id"]


async def test_an_endpoint_that_is_gone_is_given_up_visibly_and_can_be_retried(settings_for, httpserver, mailbox):
    answers(httpserver, 410, 200)
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [failed] = await here.ended(1, channel="webhook")
        assert (failed["state"], failed["reason"], failed["attempts"]) == ("failed", "http_410", 1)
        events = await here.events(2)
        assert [event["reason"] for event in events if event["type"] == "linli.notice.failed.v1"] == ["http_410"]

        key = {"Idempotency-Key": "retry-key-1"}
        first = await here.http.post(f"/v1/deliveries/{failed['id']}:retry", headers=here.operator | key)
        assert first.status_code == 200, first.text
        assert first.json()["items"][0]["state"] == "due"
        [sent] = await here.ended(1, channel="webhook")
        assert (sent["state"], sent["attempts"]) == ("sent", 2)
        again = await here.http.post(f"/v1/deliveries/{failed['id']}:retry", headers=here.operator | key)
        assert again.json() == first.json()
        refused = await here.http.post(f"/v1/deliveries/{failed['id']}:retry", headers=here.operator)
        assert refused.status_code == 409
        sequences = [document["_id"].rpartition(":")[2] async for document in here.database.events.find()]
        assert sorted(sequences) == ["1", "1", "2"]


async def test_when_the_schedule_is_used_up_it_is_given_up(settings_for, httpserver, mailbox):
    httpserver.expect_request(HOOK).respond_with_data("", 500)
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [failed] = await here.ended(1, channel="webhook")
        assert (failed["state"], failed["reason"], failed["attempts"]) == ("failed", "http_500", 4)
        assert len(calls(httpserver)) == 4


async def test_a_redirect_is_not_followed(settings_for, httpserver, mailbox):
    target = httpserver.url_for("/elsewhere")
    httpserver.expect_request(HOOK).respond_with_data("", 307, headers={"Location": target})
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [failed] = await here.ended(1, channel="webhook")
        assert (failed["state"], failed["reason"]) == ("failed", "http_307")
        assert "/elsewhere" not in [request.path for request, _ in httpserver.log]


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/x", "http://localhost:{port}/x", "https://[::1]:{port}/x"])
async def test_a_private_address_is_refused_unless_it_is_allowed(settings_for, httpserver, mailbox, url):
    async with notify_running(settings_for, httpserver, mailbox, webhook_allowed_networks="") as here:
        await here.tell_community(**with_party("estate", webhook=url.format(port=httpserver.port), email=None))
        await here.publish(*story(upto=2))
        [failed] = await here.ended(1, channel="webhook")
        assert (failed["state"], failed["reason"]) == ("failed", "address_refused")
        assert [request.path for request, _ in httpserver.log if request.path == "/x"] == []


async def test_an_answer_without_end_is_not_read_to_its_end(settings_for, httpserver, mailbox):
    def endless(_):
        return Response((b"x" * 65_536 for _ in range(10_000)), 200)

    httpserver.expect_request(HOOK).respond_with_handler(endless)
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1, channel="webhook")
        assert (sent["state"], sent["attempts"]) == ("sent", 1)


async def test_a_mailbox_that_does_not_exist_is_given_up_and_a_full_one_tried_again(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        mailbox.answers = ["550 5.1.1 no such user e@linli.example"]
        await here.publish(said(case.CaseOpened), said(case.CaseReminded, sequence=2))
        [failed] = await here.ended(1)
        assert (failed["state"], failed["reason"]) == ("failed", "smtp_550")
        mailbox.answers = ["452 4.2.2 mailbox full"]
        await here.publish(said(case.CaseReminded, sequence=3))
        sent = (await here.ended(2))[0]
        assert (sent["state"], sent["attempts"]) == ("sent", 2)


async def test_an_event_that_comes_twice_is_told_once(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story(upto=2), *story(upto=2))
        await here.publish(*story(upto=2), said(case.CaseResolved, sequence=3))
        await here.ended(3)
        assert len(await here.deliveries()) == 3
        assert len(mailbox.letters) == 3


async def test_a_party_without_a_channel_is_seen_and_can_be_given_one(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(said(case.CaseOpened), said(case.CaseReminded, sequence=2, party="house-1"))
        [undeliverable] = await here.ended(1)
        assert (undeliverable["state"], undeliverable["reason"]) == ("undeliverable", "no_channel")
        retry = f"/v1/deliveries/{undeliverable['id']}:retry"
        assert (await here.http.post(retry, headers=here.operator)).status_code == 409
        await here.tell_community(version=2, **with_party("house-1", email="house@linli.example"))

        async def retried():
            return (await here.http.post(retry, headers=here.operator)).status_code == 200

        await until(retried)

        async def arrived():
            return mailbox.to("house@linli.example")

        assert len(await until(arrived)) == 1

        async def marked():  # the sink has a letter a moment before notify has its answer
            counts = (await here.http.get("/v1/delivery-counts", headers=here.operator)).json()
            return counts == {"total": 2, "by_channel": {"none": {"replaced": 1}, "email": {"sent": 1}}}

        await until(marked)


async def test_an_event_of_an_unknown_community_is_parked_and_others_go_on(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox, community_patience=0.5) as here:
        await here.tell_community()
        await here.publish(said(case.CaseOpened, "case-9", community="nowhere"), *story(upto=2))
        await here.ended(2)
        parked = (await here.http.get("/v1/parked", headers=here.operator)).json()["items"]
        assert [each["reason"] for each in parked] == ["unknown_community"]


async def test_events_that_come_before_the_community_data_wait_for_it(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.publish(*story(upto=2))
        await here.tell_community()
        assert {each["state"] for each in await here.ended(2)} == {"sent"}


async def test_while_intake_is_away_residents_wait_and_parties_do_not(settings_for, httpserver, mailbox):
    away = {"intake_url": "http://127.0.0.1:9", "retry_schedule": (60.0,)}
    async with notify_running(settings_for, httpserver, mailbox, **away) as here:
        await here.tell_community()
        await here.publish(*story(upto=2))
        [sent] = await here.ended(1)
        assert sent["recipient"] == "party:estate"
        [waiting] = await here.deliveries(state="due")
        assert (waiting["last_error"], waiting["attempts"]) == ("contacts_unavailable", 1)


def store_of(database: mongo.Database, settings: NotifySettings) -> DeliveryStore:
    transactions = Transactions(database.client, lambda _: None)
    events = EventStore(database, settings.topic)
    return DeliveryStore(database.client, database, events, transactions, TimelineStore(database).over)


async def test_what_a_dead_sender_had_taken_is_taken_over_when_its_lease_ends(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        lease_end = datetime.now(UTC) + timedelta(seconds=1.5)
        event = said(case.CaseReopened, sequence=2)
        taken = delivery(event, Notice(NoticeKind.PARTY_REOPENED, "party:estate", Channel.EMAIL), lease_end)
        store = store_of(here.database, here.settings)

        async def insert(session):
            await store.add([taken], session)

        await mongo.transact(here.database.client, insert)
        await here.database.deliveries.update_one({"_id": taken.id}, {"$set": {"owner": "dead"}})
        [sent] = await here.ended(1)
        assert sent["state"] == "sent"
        assert datetime.fromisoformat(sent["finished_at"]) >= lease_end - timedelta(milliseconds=1)
        # What the dead one says when it wakes up after all does not count any more.
        late = Ended(taken, Verdict(State.FAILED, reason="late"), None)
        await store.settle("dead", [late], datetime.now(UTC))
        assert [each["state"] for each in await here.deliveries()] == ["sent"]


async def test_what_a_clock_that_was_ahead_has_made_is_sent_now_and_what_waits_goes_on_waiting(
    settings_for, httpserver, mailbox
):
    httpserver.expect_request(HOOK).respond_with_data("ok")
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        notice = Notice(NoticeKind.PARTY_DISPATCHED, "party:estate", Channel.WEBHOOK)
        now = datetime.now(UTC)
        later = now + timedelta(hours=2)
        store = store_of(here.database, here.settings)
        waiting = replace(delivery(said(case.CaseDispatched, "put-off", 2), notice, now), tries=1, due_at=later)
        made = delivery(said(case.CaseDispatched, "ahead", 2), notice, later)

        async def work(session):
            await store.add([waiting, made], session)

        await mongo.transact(here.database.client, work)
        [sent] = await here.ended(1)
        assert (sent["id"].split(".")[0], sent["state"]) == ("ahead", "sent")
        assert len(calls(httpserver)) == 1


async def test_what_a_predecessor_was_writing_when_it_was_killed_is_taken_over_at_once(settings_for):
    settings = await settings_for(NotifySettings)
    before, after = (mongo.connect(settings, name="notify/here:1") for _ in range(2))
    database = before[settings.database("notify")]
    taken = {"_id": "d1", "state": "due", "owner": "here:1/x", "due_at": datetime.now(UTC) + timedelta(minutes=1)}
    await database.deliveries.insert_one(taken)
    session = await before.start_session()
    session.start_transaction()
    await database.deliveries.update_one(
        {"_id": "d1"}, {"$set": {"state": "sent"}}, session=session
    )  # and it is killed
    store = store_of(after[settings.database("notify")], settings)
    async with asyncio.timeout(5):
        assert await store.release("here:1", set(), datetime.now(UTC)) == 1
    with pytest.raises(OperationFailure):
        await session.commit_transaction()
    before.close()
    after.close()


async def test_two_processes_send_each_notice_once(settings_for, httpserver, mailbox):
    httpserver.expect_request(HOOK).respond_with_data("")
    async with notify_running(settings_for, httpserver, mailbox, claim_size=7) as here:
        other = notify_running(settings_for, httpserver, mailbox, claim_size=7, notify_port=free_ports(1)[0])
        async with other as there:
            await here.tell_community(**hooked(httpserver))
            cases = [story(f"case-{n}", 2) for n in range(2, 62)]
            await here.publish(*(event for events in cases for event in events))
            await here.ended(60, channel="webhook", limit="500")
            ids = [request.headers["webhook-id"] for request in calls(httpserver)]
            assert len(ids) == len(set(ids)) == 60
            assert (await there.http.get("/readyz")).status_code == 200


async def test_what_was_just_written_is_looked_for_once_and_on_its_channels_alone(
    settings_for, httpserver, mailbox, monkeypatch
):
    looked, claim = Counter(), DeliveryStore.claim

    def counted(store, channel, *rest):
        looked[channel] += 1
        return claim(store, channel, *rest)

    monkeypatch.setattr(DeliveryStore, "claim", counted)
    httpserver.expect_request(HOOK).respond_with_data("")
    async with notify_running(settings_for, httpserver, mailbox, poll_seconds=10) as here:
        await here.tell_community(**hooked(httpserver))

        async def at_rest():
            return looked == dict.fromkeys((Channel.WEBHOOK, Channel.EMAIL, Channel.SMS), 1)

        await until(at_rest)
        await here.publish(*story(upto=2))
        await here.ended(2)
        assert looked == {Channel.WEBHOOK: 2, Channel.EMAIL: 2, Channel.SMS: 1}


async def test_pages_are_stable_and_filters_hold(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*(event for n in range(2, 7) for event in story(f"case-{n}", 2)))
        await here.ended(10)
        seen, cursor = [], None
        while True:
            params = {"limit": 3, "count": True} | ({"cursor": cursor} if cursor else {})
            page = (await here.http.get("/v1/deliveries", params=params, headers=here.operator)).json()
            assert page["total"] >= 10
            seen += [each["id"] for each in page["items"]]
            cursor = page["next"]
            if not cursor:
                break
            if len(seen) == 3:
                await here.publish(*story("case-9", 2))
                await here.ended(12)
        assert len(seen) == len(set(seen)) == 10
        assert {each["case"] for each in await here.deliveries(case="case-3")} == {"case-3"}
        assert len(await here.deliveries(recipient="party:estate", state="sent")) == 6
        bad = await here.http.get("/v1/deliveries", params={"cursor": "§§§"}, headers=here.operator)
        assert bad.status_code == 422
        assert (await here.http.get("/v1/deliveries")).status_code == 401


async def test_what_is_not_of_a_case_is_parked(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        said = {"key_id": "key0000001", "version": 1, "role": "operator", "sha256": "0" * 64, "expires_at": NOON}
        strange = Envelope("linli/workflow", "key0000001", 1, NOON, "key0000001", KeyPublished.model_validate(said))
        await here.publish_raw(outgoing(strange, here.settings.topic("cases")))
        await here.publish(*story(upto=2))
        await here.ended(2)
        parked = (await here.http.get("/v1/parked", headers=here.operator)).json()["items"]
        assert [each["reason"] for each in parked] == ["unexpected_type"]


async def test_no_log_line_holds_an_address_or_a_name(settings_for, httpserver, mailbox, capfd):
    mailbox.answers = ["550 no such user wang@resident.example"] * 2
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story())
        await here.ended(4)
    printed = "".join(capfd.readouterr())
    assert "delivery_failed" in printed
    assert "@" not in printed
    assert "王芳" not in printed
    assert CODE not in printed
    assert json.dumps("王芳") not in printed


async def test_a_stop_waits_for_what_is_under_way_and_nothing_is_sent_again(settings_for, httpserver, mailbox):
    def slow(_):
        time.sleep(1)
        return Response(status=204)

    httpserver.expect_request(HOOK).respond_with_handler(slow)
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**hooked(httpserver))
        await here.publish(*story(upto=2))

        async def begun():
            return [each for each in await here.deliveries(channel="webhook") if (each["due_at"] or "") > later]

        later = (datetime.now(UTC) + timedelta(seconds=20)).isoformat()
        await until(begun)
    async with notify_running(settings_for, httpserver, mailbox) as here:
        [sent] = await here.deliveries(channel="webhook")
        assert (sent["state"], sent["attempts"]) == ("sent", 1)
        assert len(calls(httpserver)) == 1
        await here.events(2)


async def test_an_endpoint_that_does_not_answer_holds_up_nobody_else(settings_for, httpserver, mailbox):
    def stuck(_):
        time.sleep(1)
        return Response(status=204)

    pace = {"webhook_timeout": 0.3, "retry_schedule": (1e6,), "concurrency": 4}
    # An endpoint on a server of its own: it serves one request after another, and intake's would wait behind these.
    with HTTPServer(port=0) as endpoint:
        endpoint.expect_request(HOOK).respond_with_handler(stuck)
        async with notify_running(settings_for, httpserver, mailbox, **pace) as here:
            await here.tell_community(**hooked(endpoint))
            await here.publish(*(event for n in range(2, 32) for event in story(f"case-{n}", 2)))
            await here.ended(30, channel="email", limit="500")

            async def all_tried():
                found = await here.deliveries(channel="webhook", limit="500")
                return found if all(each["attempts"] for each in found) else []

            assert {(each["state"], each["last_error"]) for each in await until(all_tried)} == {("due", "timeout")}
            assert len(calls(endpoint)) < 30


async def test_the_interface_is_described_and_measured(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story(upto=2))
        await here.ended(2)
        paths = (await here.http.get("/openapi.json")).json()["paths"]
        assert "text/event-stream" in paths["/v1/stream"]["get"]["responses"]["200"]["content"]
        metrics = (await here.http.get("/metrics")).text
        for name in ("delivered_total", "due", "send_seconds_count"):
            assert f"linli_notify_{name}" in metrics
        for path in ("/v1/deliveries", "/v1/delivery-counts", "/v1/parties/test/estate/webhook-secret", "/v1/parked"):
            assert (await here.http.get(path)).status_code == 401
        assert (await here.http.get("/v1/deliveries/none", headers=here.operator)).status_code == 404
        stranger = await here.http.get("/v1/parties/test/stranger/webhook-secret", headers=here.operator)
        assert stranger.status_code == 404
        secrets = {await secret(here) for _ in range(2)}
        assert len(secrets) == 1
