"""Act: the owners vote on the shed and on the covenant."""

from datetime import timedelta

from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.renewal.story import (
    COVENANT,
    SCAN,
    SHED,
    VOTED,
    YES_TO_THE_COVENANT,
    YES_TO_THE_SHED,
    flats,
)

NOTICE_DAYS, OPEN_DAYS = 16, 7
SNAPSHOT = "huaiyin-li-renewal"


async def vote(stage: Stage, covenant: str = COVENANT) -> str:
    """From the register to the published result; the vote's id."""
    register = await stage.do("/v1/registers", {**PLACE, "units": [each.row for each in flats()]})
    snapshot = f"{SNAPSHOT}-{register['id'][-12:]}"
    stage.seen["register"] = await stage.do(f"/v1/registers/{register['id']}:freeze", {"snapshot_id": snapshot})
    owners = {each["name"]: each for each in await stage.get(f"/v1/registers/{register['id']}/owners")}
    tellers = [await stage.person(f"计票人{each}") for each in "甲乙"]
    matters = [
        {"id": "shed", "text": SHED, "legal_class": "common_parts"},
        {"id": "covenant", "text": covenant, "legal_class": "covenant"},
    ]
    ways = {"channels": ["code", "paper", "proxy"], "tellers": [each.id for each in tellers], "office_confirms": SCAN}
    made = await stage.do("/v1/votes", {**PLACE, "snapshot": snapshot, "matters": matters, **ways})
    id = str(made["id"])
    await stage.do(f"/v1/votes/{id}:notice")
    stage.seen["too_early"] = await stage.refused(f"/v1/votes/{id}:open", {"closes_at": "2099-01-01T00:00:00Z"})
    now = await stage.later(days=NOTICE_DAYS)
    await stage.do(f"/v1/votes/{id}:open", {"closes_at": (now + timedelta(days=OPEN_DAYS)).isoformat()})

    papers = {each["owner"]: each["code"] for each in await stage.do(f"/v1/votes/{id}/ballots:deliver", {})}
    codes = [papers[owners[f"业主{number:02}"]["owner"]] for number in range(1, VOTED + 1)]
    for number, code in enumerate(codes, start=1):
        choices = {
            "shed": "approve" if number <= YES_TO_THE_SHED else "oppose",
            "covenant": "approve" if number <= YES_TO_THE_COVENANT else "oppose",
        }
        await stage.do(f"/v1/ballots/{code}", {"choices": choices}, operator=False)
    again = {"choices": {"shed": "oppose"}}
    stage.seen["second_ballot"] = await stage.refused(f"/v1/ballots/{codes[0]}", again, operator=False)
    stage.seen["turnout"] = (await stage.get(f"/v1/votes/{id}/turnout", operator=False))["turnout"]
    await stage.later(days=OPEN_DAYS, seconds=1)
    await stage.do(f"/v1/votes/{id}:close")
    count = await stage.get(f"/v1/votes/{id}/count")
    told = ("matter", "approve", "oppose", "abstain")
    found = [{name: matter[name] for name in told} for matter in count["matters"]]
    for teller in tellers:
        await stage.do(f"/v1/votes/{id}:certify", {"matters": found}, by=teller)
    stage.seen["count"], stage.seen["recount"] = count, await stage.get(f"/v1/votes/{id}/count", anew="true")
    await stage.do(f"/v1/votes/{id}:declare")
    stage.seen["vote"] = await stage.do(f"/v1/votes/{id}:publish")
    return id
