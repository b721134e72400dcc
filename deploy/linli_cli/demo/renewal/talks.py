"""Act: a talk about the shed, to which the power company comes and commits itself."""

from datetime import timedelta

from linli_cli.demo.renewal.stage import PLACE, Stage

COMPANY = "power-company"
HOME = {"kind": "household", "id": "huaiyin-li-3-101"}


async def talk(stage: Stage, taskforce: str, plan: str) -> str:
    """Convened, held, concluded, published; its id. The commitment is an action of the task force."""
    company = await stage.party(COMPANY)
    now = await stage.now()
    asked = {
        **PLACE,
        "question": {"zh": "车棚挡住消防通道，怎么办？"},
        "taskforce_id": taskforce,
        "first_day": (now + timedelta(days=4)).date().isoformat(),
        "last_day": (now + timedelta(days=6)).date().isoformat(),
        "concerns": [{"kind": "plan_item", "id": f"{plan}~charging"}],
    }
    id = str((await stage.do("/v1/deliberations", asked))["id"])
    path = f"/v1/deliberations/{id}"
    answer_by = (now + timedelta(days=2)).isoformat()
    invitation = {"invited": COMPANY, "title": "车棚选址协商", "asks": "变压器能否增容？", "answer_by": answer_by}
    [invited] = (await stage.do(f"{path}:invite", invitation))["invitations"]
    await stage.do(f"{path}:answer_invitation", {"invitation_id": invited, "comes": True}, by=company)
    until = (now + timedelta(days=120)).date().isoformat()
    mandate = {"speaker": company.id, "may": ["works"], "until": until}
    await stage.do(f"{path}:grant_mandate", {"of": COMPANY, "mandate": mandate}, by=company)

    now = await stage.later(days=4, hours=2)
    await stage.do(f"{path}:open")
    theirs = {"kind": "party", "id": COMPANY}
    present = [{"voice": HOME}, {"voice": theirs, "person": company.id}]
    session = {"session_id": "room-1", "held_at": now.isoformat(), "place": "槐荫社区议事厅", "present": present}
    await stage.do(f"{path}:record_session", session)
    await stage.do(f"{path}:state", {"voice": HOME, "session_id": "room-1", "words": "救护车进不来。"})
    moved = {"voice": HOME, "session_id": "room-1", "words": "车棚移到东侧空地。"}
    [east] = (await stage.do(f"{path}:propose", moved))["proposals"]
    online = {"voice": theirs, "session_id": None}
    await stage.do(f"{path}:support", {**online, "proposal_id": east}, by=company)
    due = (now + timedelta(days=60)).date().isoformat()
    promise = {"speaker": company.id, "words": "六十天内完成变压器增容。", "promise": {"kind": "works", "due": due}}
    [commitment] = (await stage.do(f"{path}:commit", {**online, **promise}, by=company))["commitments"]
    await stage.do(f"{path}:accept_commitment", {"commitment_id": commitment})
    outcome = {"result": "agreed", "proposals": [east], "says": {"zh": "车棚移到东侧空地，供电公司增容。"}}
    digest = (await stage.do(f"{path}:draft_outcome", outcome))["draft"]["digest"]
    await stage.do(f"{path}:dissent", {"voice": HOME, "session_id": "room-1", "digest": digest})
    await stage.later(days=5)
    await stage.do(f"{path}:conclude", {"digest": digest})
    await stage.do(f"{path}:publish")
    stage.seen["committed"] = (await stage.get("/v1/actions", owner=COMPANY))["items"]
    stage.seen["talks"] = await stage.get(path)
    stage.seen["outcome"] = await stage.get(f"{path}/outcome", operator=False)
    return id
