"""Who reports over Open311 what is known already is told so in the answer."""

from datetime import UTC, datetime, timedelta

from tests.support.keys import party_key
from tests.support.open311 import HERE, WATER, Open311
from tests.support.outages import Utility, somewhere
from tests.support.services import until


async def test_a_known_outage_is_told_in_the_service_notice_and_another_matter_is_not(program: Open311) -> None:
    system = program.system
    partner = {"community": "test", "party": "water-co"}
    assert (await system.operator.post(f"{system.urls['workflow']}/v1/partners", json=partner)).status_code == 200
    water = Utility(system, await party_key(system, "water-co"))
    over = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    assert await water.outcome("w-311", "declared", cause="works", until=over, area=somewhere("east")) == "applied"
    said = {"service_code": WATER, "description": "停水了", "attribute[neighbourhood]": "east", **HERE}

    async def told() -> str | None:
        (answer,) = (await program.post("requests.json", said)).json()
        notice: str | None = answer["service_notice"]
        return notice

    assert "停水" in str(await until(told))
    (other,) = (await program.post("requests.json", said | {"attribute[different]": "true"})).json()
    assert other["service_notice"] is None
