"""A mediation on the portal's pages, in a browser without scripts: who takes part reads, says and signs."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.support.mediation import an_agreement_to_sign, dispute_of
from tests.support.portal import Visitor
from tests.support.services import until
from tests.support.system import System

OWN = {"Sec-Fetch-Site": "same-origin"}
SAID = "请他们夜里轻一点"


@pytest.fixture(scope="module", autouse=True)
async def loaded(system: System) -> AsyncIterator[None]:
    await system.load()
    yield


async def test_who_takes_part_reads_says_and_signs(anybody: Visitor, system: System) -> None:
    dispute = await an_agreement_to_sign(system, await dispute_of(system))
    track = f"/track/{dispute.code}"

    async def leads_there() -> bool:
        return f'{track}/mediation"' in await anybody.page(track)

    await until(leads_there)
    for code in (dispute.code, dispute.other_code):
        here = f"/track/{code}/mediation"
        page = await anybody.page(here)
        assert "二楼调解室" in page
        assert "晚十点以后不拖椅子。" in page
        said = await anybody.http.post(f"{here}/statements", data={"text": SAID}, headers=OWN)
        assert said.headers["Location"] == f"{here}?said=kept"
        assert SAID not in await anybody.page(here), "it is shown to who asks for it"
        assert SAID in await anybody.page(f"{here}?statements=yes")
        [digest] = re.findall(r'name="digest" value="([0-9a-f]{64})"', page)
        other = await anybody.http.post(f"{here}/sign", data={"digest": "0" * 64}, headers=OWN)
        assert other.status_code == 422
        signed = await anybody.http.post(f"{here}/sign", data={"digest": digest}, headers=OWN)
        assert signed.headers["Location"] == f"{here}?said=signed"
        assert 'name="digest"' not in await anybody.page(here)
    stands = await dispute.stands()
    assert stands["agreements"][-1]["signed"] == sorted(["reporter", dispute.other])
    assert stands["statements"] == 2


async def test_who_does_not_want_it_declines(anybody: Visitor, system: System) -> None:
    dispute = await an_agreement_to_sign(system, await dispute_of(system))
    await anybody.http.post(f"/track/{dispute.other_code}/mediation/decline", headers=OWN)
    assert (await dispute.stands())["state"] == "escalated"
    page = await anybody.page(f"/track/{dispute.code}/mediation")
    assert "/decline" not in page


async def test_a_code_that_opens_none_finds_none(anybody: Visitor, system: System) -> None:
    receipt = await dispute_of(system)
    for code in (receipt["tracking_code"], "2222-2222-2222"):
        answer = await anybody.http.get(f"/track/{code}/mediation", headers={"Accept": "text/html"})
        assert answer.status_code == 404


async def test_the_desk_takes_a_dispute_from_its_first_day_to_an_agreement(
    operator: Visitor, anybody: Visitor, system: System
) -> None:
    receipt = await dispute_of(system)
    here = f"/desk/cases/{receipt['id']}/mediation"
    assert f'href="{here}"' in await operator.page(f"/desk/cases/{receipt['id']}")

    async def step(name: str, /, **said: str) -> str:
        """The form as a browser sends it; the page that it leads to."""
        page = await operator.page(here)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf
        key = re.search(rf'name="key" value="([0-9a-f]+-{name})"', page)
        assert key, name
        form = {"csrf": csrf[1], "key": key[1]} | said
        answer = await operator.http.post(f"{here}/{name}", data=form, headers=OWN)
        assert answer.status_code in {200, 303, 422}, answer.text
        return answer.text if answer.status_code != 303 else await operator.page(here)

    await step("open")
    assert "party:grid-1" in await step("appoint", mediator="party:grid-1")
    admitted = await step("concern", name="赵铁柱", side="respondent")
    [code] = re.findall(r"/track/([0-9A-Z-]{14})/mediation", admitted)
    assert code not in await operator.page(here), "it is shown once"
    called = await step("call", starts_at="2099-01-01T10:00", where="二楼")
    assert "二楼" not in called, "what is refused is not kept"
    met = await step("hold", came="party:grid-1")
    drafted = await step("draft", text="轮流用晾衣绳。")
    assert "轮流用晾衣绳。" in drafted and met
    [digest] = set(re.findall(r'name="digest" value="([0-9a-f]{64})"', drafted))
    for each in (receipt["tracking_code"], code):
        signed = await anybody.http.post(f"/track/{each}/mediation/sign", data={"digest": digest}, headers=OWN)
        assert signed.status_code == 303
