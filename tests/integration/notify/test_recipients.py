"""Who is written to and how freely: strangers' addresses, dead ones, secrets that have leaked, many notices at once."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from linli.contracts.workflow import case
from notify.deliveries.domain import digests
from tests.support.cases import CODE, said, with_party
from tests.support.notify import answer_contacts, mail_server, notify_running
from tests.support.services import until

HOOK = "/hooks/estate"
BAIT = "停水补贴请登录 http://evil.example/login 领取"


@pytest.fixture
def mailbox():
    with mail_server() as mailbox:
        yield mailbox


def reported(number, event=case.CaseDispatched, **fields):
    """A resident's message, each by another resident, and a step of its case."""
    id, who = f"case-{number}", f"r-{number}"
    return [said(case.CaseOpened, id, 1, resident_id=who), said(event, id, 2, resident_id=who, **fields)]


def bodies(letter):
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def link_in(letter):
    return re.search(r"/v1/letters/\w+", bodies(letter)[0])[0]


async def test_an_address_that_a_stranger_left_gets_few_letters_and_none_of_their_words(
    settings_for, httpserver, mailbox
):
    async with notify_running(settings_for, httpserver, mailbox, letters_per_day=5) as here:
        answer_contacts(here.server, here.settings, name="尊敬的用户，中奖了")
        await here.tell_community()
        await here.publish(*(event for n in range(60) for event in reported(n, title=BAIT)))
        ended = [each for each in await here.ended(120, limit="500") if each["recipient"].startswith("resident:")]
        letters = mailbox.to("wang@resident.example")
        assert len(letters) == 5
        assert {(each["state"], each["reason"]) for each in ended} == {("sent", None), ("skipped", "enough_for_a_day")}
        for letter in letters:
            for text in (letter["Subject"], *bodies(letter)):
                assert not re.search("补贴|登录|evil|尊敬的用户|中奖", text)
            assert CODE in bodies(letter)[0]
        [shown] = {link for letter in letters for link in re.findall(r"https?://[^/\s\"]+", bodies(letter)[1])} - {
            f"http://127.0.0.1:{here.settings.notify_port}"
        }
        assert shown == "http://127.0.0.1:8100", "the portal's pages"


async def test_who_took_the_address_down_is_quoted_and_links_in_residents_words_lead_nowhere(
    settings_for, httpserver, mailbox
):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        here.server.clear()
        answer_contacts(here.server, here.settings, vouched=True)
        await here.tell_community()
        await here.publish(*reported(1, title=BAIT, text="看\nhttps://evil.example/x", place="www.evil.example"))
        await here.ended(2)
        for address in ("wang@resident.example", "e@linli.example"):
            [letter] = mailbox.to(address)
            assert "停水补贴请登录 evil example/login 领取" in letter["Subject"]
            assert not any(re.search(r"evil\.|//evil", text) for text in bodies(letter))


async def test_who_gets_letters_can_confirm_them_or_stop_them_and_a_look_changes_nothing(
    settings_for, httpserver, mailbox
):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*reported(1))
        await here.ended(2)
        [first] = mailbox.to("wang@resident.example")
        assert "楼道灯坏了" not in first["Subject"] + "".join(bodies(first))
        link = link_in(first)
        assert first["List-Unsubscribe"].endswith(f"{link}>")
        for _ in range(3):
            assert "form" in (await here.http.get(link)).text
        assert (await here.http.get(f"{link[:-1]}z")).status_code == 404
        assert await here.database.addresses.count_documents({"confirmed_at": {"$exists": True}}) == 0

        assert (await here.http.post(link, data={"do": "confirm"})).status_code == 200
        await here.publish(*reported(2))
        await here.ended(4)
        assert "楼道灯坏了" in mailbox.to("wang@resident.example")[1]["Subject"]

        assert (await here.http.post(link, data={"List-Unsubscribe": "One-Click"})).status_code == 200
        await here.publish(*reported(3))
        ended = await here.ended(6)
        assert [each["reason"] for each in ended if each["recipient"] == "resident:r-3"] == ["recipient_stopped"]
        assert "@" not in str(await here.database.addresses.find().to_list(None))


async def test_nothing_is_written_to_an_address_that_letters_came_back_from(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()

        async def mark(address, **fields):
            said_so = {"address": address, **fields}
            return await here.http.post("/v1/addresses:mark", json=said_so, headers=here.operator)

        assert (await here.http.post("/v1/addresses:mark", json={"address": "a@b.example"})).status_code == 401
        for address in ("Wang@Resident.example", "e@linli.example"):
            assert (await mark(address)).json() == {"dead": True}
        await here.publish(*reported(1))
        ended = {each["recipient"]: (each["state"], each["reason"]) for each in await here.ended(2)}
        assert ended == {"resident:r-1": ("skipped", "address_dead"), "party:estate": ("failed", "address_dead")}
        assert mailbox.letters == []
        await mark("e@linli.example", dead=False)
        await here.publish(said(case.CaseReminded, "case-1", 3, resident_id="r-1"))
        assert (await here.ended(3))[0]["state"] == "sent"
        log = (await here.http.get("/v1/audit", headers=here.operator)).text
        assert "address_dead" in log and "@" not in log


async def test_a_secret_that_has_leaked_is_changed_and_for_a_day_both_sign(settings_for, httpserver, mailbox):
    httpserver.expect_request(HOOK).respond_with_data("ok")
    url = httpserver.url_for(HOOK).replace("localhost", "127.0.0.1")
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**with_party("estate", webhook=url, email=None))
        path = "/v1/parties/test/estate/webhook-secret"

        async def secret():
            return (await here.http.get(path, headers=here.operator)).json()

        before = await secret()
        key = here.operator | {"Idempotency-Key": "rotate-key-1"}
        first, again = [await here.http.post(f"{path}:rotate", headers=key) for _ in range(2)]
        assert first.status_code == 200, first.text
        assert first.json() == again.json()
        after = await secret()
        assert after["secret"] != before["secret"]
        assert after["both_until"] == first.json()["both_until"]
        await here.publish(*reported(1))
        await here.ended(1, channel="webhook")
        [request] = [request for request, _ in httpserver.log if request.path == HOOK]
        assert len(request.headers["webhook-signature"].split()) == 2
        for each in (before["secret"], after["secret"]):
            Webhook(each).verify(request.get_data(), dict(request.headers))
        await here.database.webhook_secrets.update_one({}, {"$set": {"at": datetime.now(UTC) - timedelta(days=2)}})
        await here.publish(said(case.CaseReminded, "case-1", 3))
        await here.ended(2, channel="webhook")
        request = [request for request, _ in httpserver.log if request.path == HOOK][-1]
        assert len(request.headers["webhook-signature"].split()) == 1
        assert (await here.http.post("/v1/parties/test/stranger/webhook-secret:rotate", headers=key)).status_code == 404


async def test_what_waits_to_be_assigned_comes_in_one_letter(settings_for, httpserver, mailbox):
    pace = {"digest_quiet": 3.0, "digest_at_most": 20, "claim_size": 7}
    async with notify_running(settings_for, httpserver, mailbox, **pace) as here:
        await here.tell_community()
        await here.publish(*(e for n in range(60) for e in reported(f"silent-{n}", case.CaseTriaged, party="grid-1")))
        ended = await here.ended(60, recipient="party:grid-1", limit="500")
        assert {each["state"] for each in ended} == {"sent"}
        [letter] = mailbox.to("g1@linli.example")
        assert "60" in letter["Subject"]
        assert len({each["digest"] for each in ended}) == 1
        text = bodies(letter)[0]
        assert text.count("case-silent-") == 50
        assert "另有 10 件" in text

        await here.publish(*reported("alone", case.CaseTriaged, party="grid-1"))

        async def second():
            return mailbox.to("g1@linli.example")[1:]

        [alone] = await until(second)
        assert alone["Subject"].startswith("【待分派】楼道灯坏了")


async def test_what_is_too_much_for_one_letter_comes_in_the_next_ones_at_once(
    settings_for, httpserver, mailbox, monkeypatch
):
    monkeypatch.setattr(digests, "MOST", 20)
    pace = {"digest_quiet": 3.0, "digest_at_most": 600, "claim_size": 7}
    async with notify_running(settings_for, httpserver, mailbox, **pace) as here:
        await here.tell_community()
        await here.publish(*(e for n in range(60) for e in reported(f"silent-{n}", case.CaseTriaged, party="grid-1")))
        ended = await here.ended(60, recipient="party:grid-1", limit="500")
        assert {each["state"] for each in ended} == {"sent"}
        told_by = Counter(each["digest"] for each in ended)
        assert len(told_by) == len(mailbox.to("g1@linli.example")) > 1
        assert max(told_by.values()) <= 20 + 7


async def test_a_flood_of_cases_comes_to_a_party_in_a_few_letters_and_then_one(settings_for, httpserver, mailbox):
    pace = {"digest_quiet": 3.0, "letters_a_minute": 5, "claim_size": 7}
    async with notify_running(settings_for, httpserver, mailbox, **pace) as here:
        await here.tell_community()
        late = {"accept_by": "2027-01-01T00:00:00Z", "resolve_by": "2027-01-02T00:00:00Z"}
        await here.publish(*(event for n in range(60) for event in reported(f"silent-{n}", **late)))
        ended = await here.ended(60, recipient="party:estate", limit="500")
        assert {each["state"] for each in ended} == {"sent"}
        letters = mailbox.to("e@linli.example")
        assert len(letters) == 6
        assert sorted("55 件事项" in each["Subject"] for each in letters) == [False] * 5 + [True]
        assert Counter(each["digest"] is None for each in ended) == {True: 5, False: 55}


async def test_all_that_was_given_up_for_one_reason_is_tried_again_at_once(settings_for, httpserver, mailbox):
    gone = httpserver.expect_request(HOOK)
    gone.respond_with_data("", 410)
    url = httpserver.url_for(HOOK).replace("localhost", "127.0.0.1")
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community(**with_party("estate", webhook=url, email=None))
        await here.publish(*(event for n in range(12) for event in reported(f"silent-{n}")))
        await here.ended(12, channel="webhook")
        assert len(await here.deliveries(reason="http_410", since="2020-01-01T00:00:00Z")) == 12
        assert await here.deliveries(reason="http_404") == []
        assert await here.deliveries(kind="party_dispatched", until="2020-01-01T00:00:00Z") == []

        async def told():
            shown = (await here.http.get("/metrics")).text
            return 'linli_notify_given_up{channel="webhook",reason="http_410"} 12.0' in shown

        await until(told)
        gone.respond_with_data("ok")

        async def retry(**narrowed):
            answer = await here.http.post("/v1/deliveries:retry", json=narrowed, headers=here.operator)
            assert answer.status_code == 200, answer.text
            return answer.json()["retried"]

        assert await retry(reason="http_404") == 0
        assert await retry(reason="http_410", given_up_before="2020-01-01T00:00:00Z") == 0
        assert await retry(reason="http_410") == 12
        ended = await here.ended(12, channel="webhook", state="sent")
        assert {each["attempts"] for each in ended} == {2}
        assert await retry() == 0
