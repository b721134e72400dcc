"""Each of the sample's twelve disputes is mediated, and ends in an agreement that is kept or broken, or goes up."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from linli.contracts.kinds import Kind
from linli.messaging.kafka import read_all
from linli_cli.community.files import load_community
from linli_cli.demo.command import sample_folder
from linli_cli.demo.disputes import ANSWERED, ENDINGS, OTHER_SIDE, SAID, VOLUNTEER, mediate
from linli_cli.demo.sample_submissions import load_submissions
from tests.support.mediation import Asking, json_of
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


async def receipts_of(system: System, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    async def heard() -> bool:
        return (await system.submit(**bodies[0])).status_code == 201

    await until(heard)
    receipts = [(await system.submit(**body)).json() for body in bodies]

    async def routed() -> bool:
        cases = [await system.case(receipt["id"]) for receipt in receipts]
        return all(case and case["state"] != "open" for case in cases)

    await until(routed)
    return receipts


async def test_each_of_the_samples_disputes_ends_in_an_agreement_kept_or_broken_or_goes_up(
    stack: Servers, tmp_path: Path
) -> None:
    community = load_community(sample_folder())
    disputes = [body for body in load_submissions(sample_folder()) if body["kind"] == Kind.DISPUTE]
    assert len(disputes) == len(ENDINGS) == 12
    async with system_on(stack, tmp_path) as system:
        url = f"{system.urls['workflow']}/v1/communities/{community.id}"
        json_of(await system.operator.put(url, json=community.model_dump(mode="json")))
        receipts = await receipts_of(system, disputes)
        speaker = Asking(system)
        told = [
            await mediate(speaker, receipt, ending, ZoneInfo(community.timezone))
            for receipt, ending in zip(receipts, ENDINGS, strict=True)
        ]

        assert [each.mediation["state"] for each in told] == [each.state for each in ENDINGS]
        for each in told:
            case = await system.case(each.case_id)
            assert case
            # What no rule had sent anywhere is with who decides already.
            assert case["state"] in ({"closed"} if each.ending.kept else {"returned", "triage"}), case["title"]
            agreements = each.mediation["agreements"]
            assert [agreement["text"] for agreement in agreements] == list(each.ending.agreed)
            assert all(agreement["kept"] is not None for agreement in agreements), "kept or broken, each of them"
            assert all(len(agreement["signed"]) == 3 for agreement in agreements)
        [confirmed] = [each for each in told if each.ending.court]
        assert confirmed.mediation["agreements"][-1]["court"] == "confirmed"

        figures = await system.get("workflow", "/v1/mediation-figures", community=community.id)
        assert figures["hidden_below"] == 5
        for row in figures["items"]:
            assert row["mediations"] >= 5
            assert not [count for count in row["states"].values() if count is not None and 0 < count < 5]
        records = [each async for each in read_all(system.servers.kafka, f"{system.prefix}.mediations")]
        assert len(records) >= 12 * 8
        everything = b"".join(each.value or b"" for each in records).decode()
        words = [VOLUNTEER, OTHER_SIDE, SAID, ANSWERED, *(text for each in ENDINGS for text in each.agreed)]
        names = [body["reporter"]["name"] for body in disputes]
        assert not [each for each in (*words, *names) if each in everything], "nobody's words are in an event"
