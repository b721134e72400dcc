"""A resident reads a neighbourhood's bulletins by e-mail: asks, confirms by the letter, hears less, ends it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.affairs import PLACE, Affairs
from tests.support.databases import databases_of
from tests.support.forces import formed
from tests.support.notify import Mailbox, mail_server
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import system_on

BOX = "wang@residents.example"


@pytest.fixture
async def mailed(stack: Servers, tmp_path: Path) -> AsyncIterator[tuple[Affairs, Mailbox]]:
    with mail_server() as mailbox:
        smtp = {"LINLI_SMTP_HOST": "127.0.0.1", "LINLI_SMTP_PORT": str(mailbox.port), "LINLI_PLAY_TIME": "true"}
        async with system_on(stack, tmp_path, **smtp) as system:
            await system.load()
            affairs = Affairs(system)
            await affairs.hears_of_the_community()
            yield affairs, mailbox


def texts(mailbox: Mailbox, about: str) -> list[str]:
    """Of the letters to the resident that say this."""
    letters = [letter for letter in mailbox.letters if BOX in str(letter["To"])]
    bodies = [letter.get_body(("plain",)) for letter in letters]
    return [text for body in bodies if body and about in (text := body.get_content())]


async def test_bulletins_go_to_who_has_confirmed_and_as_much_as_they_want(mailed: tuple[Affairs, Mailbox]) -> None:
    affairs, mailbox = mailed
    intake, resident = affairs.system.urls["intake"], affairs.system.resident
    force = await formed(affairs)

    async def bulletin(title: str) -> None:
        said = {"title": title, "text": "周一进场。"}
        await affairs.post(f"/v1/taskforces/{force}:issue_bulletin", said)

    async def arrived(about: str, number: int = 1) -> None:
        async def there() -> bool:
            return len(texts(mailbox, about)) >= number

        await until(there)

    new = {**PLACE, "email": BOX, "consents": False}
    assert (await resident.post(f"{intake}/v1/subscriptions", json=new)).status_code == 422
    for _ in range(2):  # the same answer, and one letter
        answer = await resident.post(f"{intake}/v1/subscriptions", json=new | {"consents": True})
        assert (answer.status_code, answer.json()) == (202, {"letter": True})
    await arrived("/bulletins/")
    await bulletin("没有人订阅时的一期")
    code = re.search(r"/bulletins/([0-9A-Za-z-]+)", texts(mailbox, "/bulletins/")[0])
    assert code
    mine = f"{intake}/v1/subscriptions/{code[1]}"
    assert (await resident.get(mine)).json()["confirmed_at"] is None
    assert (await resident.get(f"{intake}/v1/subscriptions/0000-0000-0000")).status_code == 404
    confirmed = (await resident.post(f"{mine}:confirm")).json()
    assert confirmed["confirmed_at"] and "email" not in confirmed

    async def reads() -> bool:
        await bulletin("进场通知")
        return bool(texts(mailbox, "进场通知"))

    await until(reads)
    assert len(texts(mailbox, "请点开下面的链接确认")) == 1
    assert not texts(mailbox, "没有人订阅时的一期")

    # Who wants the end only hears no bulletin: the next letter is one after they want more again.
    assert (await resident.put(mine, json={"hears": "ends"})).json()["hears"] == "ends"
    known = affairs.system.get("notify", "/v1/deliveries", kind="bulletin")
    before = {each["recipient"] for each in (await known)["items"]}
    assert len(before) == 1 and BOX not in str(before)

    # All that is kept of the mailbox is given out to its owner, and taken away.
    operator = affairs.system.operator
    export = await operator.post(f"{intake}/v1/residents:export", json={"resident": BOX})
    assert [each["email"] for each in export.json()["subscriptions"]] == [BOX]
    assert (await operator.post(f"{intake}/v1/residents:erase", json={"resident": BOX})).status_code == 200
    assert (await resident.get(mine)).status_code == 404
    assert (await operator.post(f"{intake}/v1/residents:erase", json={"resident": BOX})).status_code == 404


async def test_whoever_made_a_demand_says_how_much_of_its_way_is_told(mailed: tuple[Affairs, Mailbox]) -> None:
    affairs, _ = mailed
    system, intake = affairs.system, affairs.system.urls["intake"]
    sent = await system.submit(kind="demand", title="想要一个车棚", neighbourhood="east")
    demand, code = sent.json()["id"], {"X-Tracking-Code": sent.json()["tracking_code"]}
    thin = f"{intake}/v1/submissions/{demand}:thin"
    assert (await system.resident.post(thin, json={"hears": "ends"})).status_code == 401
    for _ in range(2):
        answer = await system.resident.post(thin, json={"hears": "ends"}, headers=code)
        assert (answer.status_code, answer.json()) == (200, {"hears": "ends"})
    report = await system.submit(kind="report", title="灯坏了", neighbourhood="east")
    code = {"X-Tracking-Code": report.json()["tracking_code"]}
    of_a_report = f"{intake}/v1/submissions/{report.json()['id']}:thin"
    refused = await system.resident.post(of_a_report, json={"hears": "ends"}, headers=code)
    assert (refused.status_code, refused.json()["reason"]) == (409, "no_demand")
    async with databases_of(system) as database:
        levels = database("neighbourhood").lineage_levels

        async def known() -> bool:
            found = await levels.find_one({"_id": demand})
            return bool(found and found["level"] == "ends")

        await until(known)
