"""What an operator does at the office: each errand from its page to its end, with scripts and without."""

import json
import re
import time
import zipfile
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from linli.contracts.kinds import Language
from linli.messaging.inbox_store import park
from linli.messaging.kafka import Received
from linli.messaging.story import Arrival, Parking
from tests.browser.conftest import Measured, Visit
from tests.support.browser.viewer import Viewer
from tests.support.builders import received, submitted
from tests.support.cases import with_party
from tests.support.databases import databases_of
from tests.support.poison import Raw, send_raw
from tests.support.quarter import Quarter
from tests.support.services import until

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


def press(who: Viewer, name: str) -> Locator:
    return who.page.get_by_role("main").get_by_role("button", name=name, exact=True)


def said(who: Viewer) -> Locator:
    """What the page before has done."""
    return who.page.locator("main > .note")


@with_and_without_scripts
async def test_a_key_is_made_shown_once_and_its_session_ends_when_it_is_revoked(
    script: bool, visit: Visit, measured: Measured
) -> None:
    name = f"Front desk {token_hex(3)}"
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/keys")
    await press(who, "Make a key").click()
    await who.page.get_by_label("Whom or what it is for").fill(name)
    await who.page.get_by_label("Party; only for").select_option("test/estate")
    await who.page.get_by_label("It ends after so many days").fill("5")
    await press(who, "Make it").click()
    key = await who.page.get_by_label("The key").input_value()
    await who.page.reload()
    await expect(who.page.get_by_role("row").filter(has_text=name)).to_be_visible()
    await expect(who.page.get_by_label("The key")).to_have_count(0)
    assert key not in await who.page.content()

    clerk = await visit(language=Language.EN, script=script)
    await clerk.open("/sign-in?next=%2Fdesk")
    await clerk.page.get_by_label("Key").fill(key)
    await press(clerk, "Sign in").click()
    await expect(clerk.page).to_have_url(re.compile(r"/desk$"))
    await who.page.get_by_role("row").filter(has_text=name).get_by_role("link", name="Revoke").click()
    await expect(who.page.get_by_text("Whoever uses it is refused from now on")).to_be_visible()
    await press(who, "Revoke").click()
    await expect(said(who)).to_contain_text("is revoked.")
    begun = time.monotonic()
    clerk.expect(401)  # what the services say before the portal has asked again

    async def signed_out() -> bool:
        await clerk.page.goto(f"{clerk.base}/desk")
        return "/sign-in" in clerk.page.url

    await until(signed_out)
    measured("a session ends after its key is revoked", f"{time.monotonic() - begun:.1f} s")
    await who.picture(f"journey-office-keys-{'scripts' if script else 'plain'}")


async def parked_as_from_before(quarter: Quarter, id: str) -> None:
    """A submission's event that a version before could not read, and this one can."""
    prefix = quarter.system.prefix
    event = submitted(id, title="The lamp that waited", neighbourhood="east", category="facilities.lift")
    record = received(event, 1_000_000 + int(id[-6:], 16), f"{prefix}.intake")
    async with databases_of(quarter.system) as databases:
        parking = Parking(Arrival(record, "linli/intake", event), "unknown_type", "from before")
        await park(databases("workflow"), parking, f"{prefix}.workflow")


def record_at(who: Viewer, there: Received) -> Locator:
    place = f"{there.place.topic}/{there.place.partition}@{there.offset}"
    return who.page.locator("article.record").filter(has_text=re.compile(rf"{re.escape(place)}(?!\d)"))


@with_and_without_scripts
async def test_a_parked_record_is_replayed_and_another_is_given_up(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    id = f"waited-{token_hex(3)}"
    await parked_as_from_before(quarter, id)
    (rubbish,) = await send_raw(quarter.system.servers.kafka, f"{quarter.system.prefix}.intake", [Raw(None, b"[]")])
    who = await visit("operator", language=Language.EN, script=script)

    async def shown() -> bool:
        await who.open("/office/parked?service=workflow")
        return bool(await record_at(who, rubbish).count())

    await until(shown)
    waiting = who.page.locator("article.record").filter(has_text=id)
    await expect(waiting.get_by_role("heading", name="unknown_type")).to_be_visible()
    assert await quarter.system.case(id) is None
    await waiting.get_by_role("button", name="Replay", exact=True).click()
    await expect(said(who)).to_contain_text("workflow, ")
    await expect(said(who)).to_have_class(re.compile(r"\bok\b"))
    assert ((await quarter.system.case(id)) or {})["title"] == "The lamp that waited"
    await expect(who.page.locator("article.record").filter(has_text=id)).to_have_count(0)

    await who.open("/office/parked?service=workflow")
    await record_at(who, rubbish).get_by_role("button", name="Discard…").click()
    await expect(who.page.get_by_text("It is never applied.")).to_be_visible()
    await who.page.get_by_label("Why it is given up").fill("Sent by a test")
    await press(who, "Discard").click()
    await expect(said(who)).to_contain_text("discarded.")
    await who.open("/office/parked?service=workflow&state=discarded")
    await expect(record_at(who, rubbish)).to_contain_text("Sent by a test")


@with_and_without_scripts
async def test_a_letter_that_reached_nobody_is_sent_once_its_party_has_an_address(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    await quarter.system.load(**with_party("estate", email=None))
    id = await until(lambda: told_to_nobody(quarter))
    who = await visit("operator", language=Language.EN, script=script)
    await who.open(f"/office/deliveries?state=undeliverable&case={id}")
    await who.page.locator("tbody a[href^='/office/deliveries/']").click()
    await expect(who.page.get_by_text("Undeliverable: no channel")).to_be_visible()
    here = who.page.url
    who.expect(409)
    await press(who, "Retry").click()
    await expect(who.page.get_by_text("neither an e-mail address nor a webhook")).to_be_visible()
    await quarter.system.load()

    async def due_again() -> bool:
        await who.page.goto(here)
        await press(who, "Retry").click()
        return bool(await who.page.get_by_text("Due again.").count())

    await until(due_again)
    await expect(who.page.get_by_role("main")).to_contain_text("E-mail")
    told = (await quarter.system.get("notify", "/v1/deliveries", case=id))["items"]
    assert {each["channel"] for each in told} == {"email", "none"}


async def told_to_nobody(quarter: Quarter) -> str | None:
    """A case of which its party could not be told; none while notify has not heard that it has no address."""
    id: str = (await quarter.report("电梯门关不严", category="facilities.lift"))["id"]

    async def made() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await quarter.system.get("notify", "/v1/deliveries", case=id))["items"]
        return found

    return id if (await until(made))[0]["state"] == "undeliverable" else None


@with_and_without_scripts
async def test_a_residents_data_are_handed_over_and_erased_after_a_look(
    script: bool, quarter: Quarter, visit: Visit, tmp_path: Path
) -> None:
    phone = f"139{int(token_hex(4), 16) % 10**8:08}"
    id = (await quarter.report("漏水，请联系我", reporter={"name": "王秀英", "phone": phone}))["id"]
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/privacy")
    await who.page.get_by_label("Resident id, telephone number").fill(phone)
    await press(who, "Find").click()
    row = who.page.get_by_role("row").filter(has_text=id)
    await expect(row).to_be_visible()
    await expect(row).not_to_contain_text(phone)
    async with who.page.expect_download() as saving:
        await press(who, "Export all of it").click()
    await (await saving.value).save_as(tmp_path / "resident.zip")
    with zipfile.ZipFile(tmp_path / "resident.zip") as archive:
        assert phone in archive.read("resident.json").decode()

    await press(who, "Erase…").click()
    await expect(who.page.get_by_text("It cannot be undone.")).to_be_visible()
    await expect(who.page.get_by_role("row").filter(has_text=id)).to_be_visible()
    assert await reporter_of(quarter, id) is not None, "that was a look"
    await who.page.get_by_label("The resident wants it all the same").check()
    await press(who, "Erase for good").click()
    await expect(said(who)).to_contain_text("1 submission is erased.")
    assert await reporter_of(quarter, id) is None
    who.expect(404)
    await who.open("/office/privacy")
    await who.page.get_by_label("Resident id, telephone number").fill(phone)
    await press(who, "Find").click()
    await expect(who.page.get_by_role("row").filter(has_text=id)).to_have_count(0)


async def reporter_of(quarter: Quarter, id: str) -> object:
    return (await quarter.system.get("intake", f"/v1/submissions/{id}")).get("reporter")


@with_and_without_scripts
async def test_a_communitys_data_are_uploaded_put_right_by_the_checker_and_put_in_force(
    script: bool, quarter: Quarter, visit: Visit, tmp_path: Path
) -> None:
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/communities")
    await who.page.get_by_role("link", name="测试街道").click()
    async with who.page.expect_download() as saving:
        await press(who, "As JSON").click()
    await (await saving.value).save_as(tmp_path / "test.json")
    data = json.loads((tmp_path / "test.json").read_text())
    (tmp_path / "test.json").write_text(json.dumps(data | {"triage": "nobody"}))
    await press(who, "Upload a new version").click()
    await who.page.get_by_label("File").set_input_files(tmp_path / "test.json")
    await press(who, "Check it").click()
    await expect(who.page.get_by_role("alert")).to_contain_text("nobody")
    await expect(press(who, "Put it in force")).to_have_count(0)
    await who.picture(f"journey-office-checked-{'scripts' if script else 'plain'}")

    name = f"设施 {token_hex(3)}"
    first, *others = data["categories"]
    changed = data | {"categories": [first | {"name": name}, *others]}
    await who.page.get_by_label("Its text").fill(json.dumps(changed, ensure_ascii=False))
    await press(who, "Check it").click()
    await expect(who.page.get_by_role("row").filter(has_text=name)).to_contain_text("categories")
    await expect(who.page.get_by_text("cases were routed again")).to_be_visible()
    await press(who, "Put it in force").click()
    await expect(said(who)).to_contain_text("is in force.")
    assert (await quarter.system.get("workflow", "/v1/communities/test"))["categories"][0]["name"] == name
    await who.page.locator("summary", has_text="Versions").click()
    await who.page.get_by_role("link", name="What differs in version").first.click()
    await expect(who.page.get_by_role("row").filter(has_text=name)).to_contain_text("changed")
    await quarter.system.load()


@with_and_without_scripts
async def test_a_policy_is_tried_on_the_cases_there_are_and_nothing_is_changed(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    before = await quarter.system.get("workflow", "/v1/communities/test")
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/communities/test")
    await who.page.get_by_role("link", name="Try a policy").click()
    text = who.page.get_by_label("Policies, as YAML or JSON")
    await text.fill("- id: all\n  name: [")
    await press(who, "Try it").click()
    await expect(who.page.get_by_role("alert")).to_contain_text("Line 2")
    await text.fill("- {id: all, name: 一般事项, within: {grid: P1D}, remind_before: PT2H}")
    await press(who, "Try it").click()
    await expect(who.page.get_by_text("would have been escalated.")).to_be_visible()
    await expect(who.page.get_by_role("table", name="By party")).to_contain_text("物业公司")
    await who.picture(f"journey-office-policy-{'scripts' if script else 'plain'}")
    assert await quarter.system.get("workflow", "/v1/communities/test") == before


@with_and_without_scripts
async def test_a_partner_is_paused_and_goes_on(script: bool, quarter: Quarter, visit: Visit) -> None:
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/partners")
    await who.page.get_by_role("link", name="water-co").click()
    await press(who, "Pause…").click()
    await expect(who.page.get_by_text("its cases go on")).to_be_visible()
    await press(who, "Pause").click()
    await expect(said(who)).to_contain_text("It is paused.")
    assert await standing_of(quarter) == "paused"
    await press(who, "Resume").click()
    await expect(said(who)).to_contain_text("It goes on where it was.")
    assert await standing_of(quarter) == "active"


async def standing_of(quarter: Quarter) -> str:
    return str((await quarter.system.get("workflow", "/v1/partners/test/water-co"))["standing"])


@with_and_without_scripts
async def test_an_outage_is_declared_for_a_company_seen_by_residents_and_over(
    script: bool, quarter: Quarter, visit: Visit
) -> None:
    name = f"tel-{token_hex(3)}"
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/office/outages")
    await press(who, "Declare an outage").click()
    await who.page.get_by_label("Company").select_option("water-co")
    await who.page.get_by_label("Its name for the outage").fill(name)
    await who.page.get_by_label("东院").check()
    await who.page.get_by_label("For those who wait").fill("A pipe burst at the corner")
    await press(who, "Declare it").click()
    await expect(who.page.get_by_role("heading", level=1)).to_contain_text(name)
    resident = await visit(language=Language.EN, script=script)

    async def seen() -> bool:
        await resident.open("/n/test/east")
        return bool(await resident.page.get_by_text("water off").count())

    await until(seen)
    await resident.picture(f"journey-office-outage-{'scripts' if script else 'plain'}")
    await press(who, "It is back…").click()
    await expect(who.page.get_by_text("is asked whether it is back")).to_be_visible()
    await press(who, "It is back").click()
    await expect(who.page.get_by_role("heading", level=1)).to_contain_text(name)
    assert (await quarter.system.get("workflow", f"/v1/outages/test/water-co/{name}"))["state"] == "restored"
    await expect(press(who, "It is back…")).to_have_count(0)
