"""Keys, on three running services: what each opens, what it does not, and that it ends."""

import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.workflow.case import CaseErased
from linli.contracts.workflow.community import CommunityPublished
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.outbox import outgoing
from linli.messaging.seals import Seals
from linli.security.keys import digest, new_key
from tests.support.builders import community
from tests.support.command_line import CommandLine
from tests.support.keys import bearer, key_for, party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on
from tests.support.topics import events_on, publish_raw


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        yield running


async def case_of(system: System, **said: Any) -> dict[str, Any]:
    """A report's case, as soon as somebody is responsible."""
    answer = await system.submit(kind="report", **said)
    assert answer.status_code == 201, answer.text

    async def routed() -> dict[str, Any] | None:
        found = await system.case(answer.json()["id"])
        return found if found and found["state"] != "open" else None

    found = await until(routed)
    assert found
    return found


async def lift_case(system: System) -> dict[str, Any]:
    """A case of the party `estate`, which hangs from grid-1."""
    return await case_of(system, title="电梯坏了", neighbourhood="east", category="facilities.lift")


async def act(
    system: System, case: dict[str, Any], action: str, headers: dict[str, str], **said: Any
) -> httpx2.Response:
    url = f"{system.urls['workflow']}/v1/cases/{case['id']}:{action}"
    return await system.resident.post(url, json=said, headers=headers | {"If-Match": f'"{case["version"]}"'})


async def test_a_party_sees_and_does_its_own_cases_and_those_below_it_and_knows_of_no_other(system: System) -> None:
    lift, water = await lift_case(system), await case_of(system, title="停水了", neighbourhood="east")
    estate, grid, water_co = [await party_key(system, party) for party in ("estate", "grid-1", "water-co")]
    cases = f"{system.urls['workflow']}/v1/cases"

    async def seen(by: dict[str, str]) -> set[str]:
        page = await system.resident.get(cases, headers=by)
        return {case["id"] for case in page.json()["items"]} & {lift["id"], water["id"]}

    assert [await seen(by) for by in (estate, grid, water_co)] == [{lift["id"]}, {lift["id"]}, {water["id"]}]
    others = await system.resident.get(f"{cases}/{lift['id']}", headers=water_co)
    absent = await system.resident.get(f"{cases}/none-such", headers=water_co)
    assert (others.status_code, others.json()) == (404, absent.json())
    assert (await act(system, lift, "accept", water_co)).json() == absent.json()
    counts = await system.resident.get(f"{system.urls['workflow']}/v1/case-counts", headers=water_co)
    assert {each["party"] for each in counts.json()["by_party"]} == {"water-co"}

    taken = await act(system, lift, "accept", estate)
    assert taken.status_code == 200, taken.text
    story = await system.resident.get(f"{cases}/{lift['id']}", headers=estate)
    assert story.json()["history"][-1]["by"] == "estate"
    assert (await act(system, taken.json(), "note", estate, by="grid-1", message="x")).status_code == 403


async def test_deciding_about_a_case_is_for_the_node_above_who_has_it(system: System) -> None:
    lift = await lift_case(system)
    estate, grid = await party_key(system, "estate"), await party_key(system, "grid-1")
    assert (await act(system, lift, "reassign", estate, party="water-co")).status_code == 403
    returned = await act(system, lift, "return", estate, reason="不归我们管")
    assert returned.status_code == 200, returned.text
    gone = await system.resident.get(f"{system.urls['workflow']}/v1/cases/{lift['id']}", headers=estate)
    assert gone.status_code == 404, "it is the grid's now"
    decided = await act(system, returned.json(), "reassign", grid, party="estate")
    assert decided.status_code == 200, decided.text
    accepted = await act(system, decided.json(), "accept", estate)
    resolved = await act(system, accepted.json(), "resolve", estate, message="修好了")
    assert (await act(system, resolved.json(), "close", estate)).status_code == 403
    assert (await act(system, resolved.json(), "close", grid)).json()["state"] == "closed"


async def test_a_return_whose_answer_was_lost_is_answered_again_though_the_case_has_gone(system: System) -> None:
    lift, estate = await lift_case(system), await party_key(system, "estate")
    repeated = estate | {"Idempotency-Key": "return-once-1"}
    answers = [await act(system, lift, "return", repeated, reason="不归我们管") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_a_key_opens_the_other_services_too_until_it_is_revoked(system: System) -> None:
    made = await key_for(system, "auditor")
    auditor = bearer(made["key"])
    doors = {
        "intake": "/v1/submissions/none-such",
        "workflow": "/v1/cases",
        "notify": "/v1/deliveries",
    }

    async def answers() -> list[int]:
        return [
            (await system.resident.get(system.urls[name] + path, headers=auditor)).status_code
            for name, path in doors.items()
        ]

    async def like(expected: list[int]) -> bool:
        return await answers() == expected

    await until(lambda: like([404, 200, 200]))
    revoked = await system.operator.post(f"{system.urls['workflow']}/v1/keys/{made['id']}:revoke")
    assert revoked.json()["revoked_at"]
    assert (await answers())[1] == 401, "where it was revoked, it is so at once"
    await until(lambda: like([401, 401, 401]))


async def test_a_key_is_shown_once_limited_to_its_scopes_and_only_an_operator_makes_one(system: System) -> None:
    made = await key_for(system, "operator", scopes=["cases:read"], expires_in_days=1)
    listed = await system.operator.get(f"{system.urls['workflow']}/v1/keys")
    assert made["key"] not in listed.text and made["key"][-43:] not in listed.text
    (mine,) = [key for key in listed.json()["items"] if key["id"] == made["id"]]
    assert (mine["last_four"], mine["scopes"]) == (made["key"][-4:], ["cases:read"])
    narrow = bearer(made["key"])
    assert (await system.resident.get(f"{system.urls['workflow']}/v1/cases", headers=narrow)).status_code == 200
    for path, body in (("/v1/keys", {"name": "x", "role": "operator"}), ("/v1/cases:lookup", {"ids": ["x"]})):
        answer = await system.resident.post(system.urls["workflow"] + path, json=body, headers=narrow)
        assert answer.status_code == 403, path


async def test_a_narrowed_key_is_no_way_to_one_that_is_not(system: System, tmp_path: Path) -> None:
    made = await key_for(system, "operator", scopes=["keys:change", "cases:read"], expires_in_days=30)
    url, by = f"{system.urls['workflow']}/v1/keys", bearer(made["key"])

    async def ask(**wanted: Any) -> httpx2.Response:
        return await system.resident.post(url, json={"name": "x", "role": "operator"} | wanted, headers=by)

    wider = await ask()
    assert (wider.status_code, wider.json()["type"]) == (403, "urn:linli:problem:forbidden")
    assert "does not allow affairs:answer, affairs:hold, affairs:public and" in wider.json()["detail"]
    assert (await ask(scopes=["cases:read"], expires_in_days=60)).status_code == 403, "longer than its maker"
    estate = {"role": "party", "party": "estate", "community": "test", "expires_in_days": 7}
    assert (await ask(**estate)).status_code == 403, "a party may act"
    same = await ask(**estate, scopes=["cases:read"])
    assert (same.status_code, same.json()["created_by"]) == (201, f"key:{made['id']}")

    async def refusals() -> bool:
        found = await system.get("workflow", "/v1/audit", principal=f"key:{made['id']}", outcome="refused")
        return {"no affairs:answer", "outlasts its maker"} == {each["reason"] for each in found["items"]}

    await until(refusals)
    key_file = tmp_path / "narrow.key"
    key_file.touch(0o600)
    key_file.write_text(made["key"])
    narrow = CommandLine(system, tmp_path / "narrow", key_file=key_file)
    code, _, told = await narrow.run("keys", "create", "更多", "--role", "auditor", "--days", "7")
    assert (code, "workflow answered 403: Your own key does not allow affairs:public" in told) == (1, True), told


async def test_what_somebody_else_writes_to_kafka_makes_no_key_redirects_no_letter_and_erases_nobody(
    system: System,
) -> None:
    case = await lift_case(system)
    id, key = new_key()
    end = datetime.now(UTC) + timedelta(days=1)
    said = {"case_id": case["id"], **{name: case[name] for name in ("community", "kind", "title", "state")}}
    forged: list[tuple[str, str, int, Event]] = [
        ("principals", id, 1, KeyPublished(key_id=id, version=1, role="operator", sha256=digest(key), expires_at=end)),
        ("community", "test", 99, CommunityPublished(version=99, community=community(name="别处"))),
        ("intake", case["id"], 2, ResidentErased(submission_id=case["id"], erased_at=end)),
        ("cases", case["id"], case["version"] + 1, CaseErased(**said, by="operator", erased_at=end)),
    ]
    for seals in (None, Seals(["another service key"])):
        for topic, subject, sequence, data in forged:
            envelope = Envelope(data.SOURCE, subject, sequence, end, subject, data)
            await publish_raw(system.servers.kafka, outgoing(envelope, f"{system.prefix}.{topic}"), seals=seals)

    async def refused() -> bool:
        found = {name: (await system.get(name, "/v1/parked"))["items"] for name in SERVICES}
        assert {each["reason"] for items in found.values() for each in items} <= {"not_authentic"}
        counts = {"intake": 4, "workflow": 2, "notify": 6, "neighbourhood": 6}
        return {name: len(items) for name, items in found.items()} == counts

    await until(refused)
    for name, path in (("intake", "/v1/submissions/none-such"), ("notify", "/v1/deliveries")):
        answer = await system.resident.get(system.urls[name] + path, headers=bearer(key))
        assert answer.status_code == 401, name
    metrics = (await system.resident.get(f"{system.urls['intake']}/metrics")).text
    counted = f'linli_inbox_parkings_total{{group="{system.prefix}.principals (copy)",reason="not_authentic"}} 2'
    assert counted in metrics

    accepted = await system.act(case["id"], "accept")
    assert accepted["title"] == "电梯坏了"

    async def told() -> bool:
        events = await events_on(system.servers.kafka, f"{system.prefix}.cases")
        return any(event.subject == case["id"] and "accepted" in event.type for event in events)

    await until(told)
    for name in SERVICES:  # replaying asks for the seal again, discarding passes nothing over
        for each in (await system.get(name, "/v1/parked"))["items"]:
            parked = f"{system.urls[name]}/v1/parked/{each['id']}"
            assert (await system.operator.post(f"{parked}:replay")).status_code == 409
            assert (await system.operator.post(f"{parked}:discard", json={"reason": "伪造"})).status_code == 200
    assert (await system.act(case["id"], "note", message="x"))["version"] == accepted["version"] + 1


async def test_a_key_ends_with_the_one_that_made_it_and_a_narrow_one_ends_no_wider(system: System) -> None:
    url = f"{system.urls['workflow']}/v1/keys"
    maker = await key_for(system, "operator", scopes=["keys:change", "cases:read"])
    child = await system.resident.post(
        url,
        json={"name": "x", "role": "operator", "scopes": ["cases:read", "keys:change"]},
        headers=bearer(maker["key"]),
    )
    assert child.json()["expires_at"] == maker["expires_at"], child.text
    grandchild = await system.resident.post(
        url, json={"name": "x", "role": "auditor", "scopes": ["cases:read"]}, headers=bearer(child.json()["key"])
    )
    whole = await key_for(system, "operator")
    wider = await system.resident.post(f"{url}/{whole['id']}:revoke", headers=bearer(maker["key"]))
    assert (wider.status_code, "ends none" in wider.json()["detail"]) == (403, True)
    ended = await system.operator.post(f"{url}/{maker['id']}:revoke")
    assert set(ended.json()["ended_with_it"]) == {child.json()["id"], grandchild.json()["id"]}
    cases = f"{system.urls['workflow']}/v1/cases"
    assert (await system.resident.get(cases, headers=bearer(grandchild.json()["key"]))).status_code == 401
    assert (await system.resident.get(cases, headers=bearer(whole["key"]))).status_code == 200


async def test_a_bound_key_submits_through_its_channel_and_gets_no_others_code(system: System) -> None:
    hotline, other = [
        bearer((await key_for(system, "service", channels=channels, communities=["test"]))["key"])
        for channels in (["hotline"], ["hotline", "lijiban"])
    ]
    url = f"{system.urls['intake']}/v1/submissions"
    item = {"kind": "report", "channel": "hotline", "external_id": "77", "title": "停水了"}

    async def heard() -> bool:
        answers = [
            await system.resident.post(f"{url}:similar", json={"title": "x"}, headers=by) for by in (hotline, other)
        ]
        return {answer.status_code for answer in answers} == {200}

    await until(heard)
    mine = await system.resident.post(url, json=item, headers=hotline)
    assert mine.status_code == 201, mine.text
    theirs = await system.resident.post(url, json=item, headers=other)
    assert (theirs.json()["duplicate"], "tracking_code" in theirs.json()) == (True, False)
    elsewhere = await system.resident.post(url, json=item | {"channel": "lijiban"}, headers=hotline)
    assert elsewhere.status_code == 403
    entries = (await system.get("intake", "/v1/audit", object=mine.json()["id"]))["items"]
    assert [(entry["what"], entry["reason"]) for entry in entries] == [
        ("submissions:submit", "duplicate"),
        ("submissions:submit", None),
    ]
    assert len({entry["principal"] for entry in entries}) == 2


async def test_personal_data_are_given_out_only_while_workflow_says_that_the_key_counts(
    system: System,
) -> None:
    made = await key_for(system, "operator")
    ask = f"{system.urls['intake']}/v1/residents:find"

    async def find() -> httpx2.Response:
        return await system.resident.post(ask, json={"resident": "13900000199"}, headers=bearer(made["key"]))

    async def heard() -> bool:
        return (await find()).status_code == 404

    await until(heard)
    system.servers.signal_kafka(signal.SIGSTOP)
    try:
        revoked = await system.operator.post(f"{system.urls['workflow']}/v1/keys/{made['id']}:revoke")
        assert revoked.status_code == 200, revoked.text

        async def over() -> bool:
            return (await find()).status_code == 401

        await until(over)
    finally:
        system.servers.signal_kafka(signal.SIGCONT)


async def test_while_workflow_does_not_say_whether_a_key_counts_submissions_come_in_and_no_number_goes_out(
    system: System,
) -> None:
    key = (await key_for(system, "operator"))["key"]
    intake = system.urls["intake"]

    async def find() -> httpx2.Response:
        return await system.resident.post(
            f"{intake}/v1/residents:find", json={"resident": "13900000198"}, headers=bearer(key)
        )

    async def heard() -> bool:
        return (await find()).status_code == 404

    await until(heard)
    system.signal("workflow", signal.SIGSTOP)
    try:

        async def unconfirmed() -> bool:
            return (await find()).status_code == 503

        await until(unconfirmed)
        answer = await find()
        assert answer.json()["type"] == "urn:linli:problem:key_not_confirmed"
        assert answer.headers["Retry-After"] == "5"
        taken = await system.resident.post(
            f"{intake}/v1/submissions", json={"kind": "report", "title": "停水"}, headers=bearer(key)
        )
        assert taken.status_code == 201, taken.text
    finally:
        system.signal("workflow", signal.SIGCONT)
    await until(heard)


async def test_a_key_that_workflow_has_not_made_is_seen_and_can_be_ended(system: System, tmp_path: Path) -> None:
    """As after a restore from before it was made, or when the service key has leaked."""
    id, key = new_key()
    end = datetime.now(UTC) + timedelta(days=1)
    known = KeyPublished(key_id=id, version=1, role="auditor", sha256=digest(key), expires_at=end)
    envelope = Envelope(known.SOURCE, id, 1, end, id, known)
    await publish_raw(system.servers.kafka, outgoing(envelope, f"{system.prefix}.principals"))
    linli = CommandLine(system, tmp_path / "home")

    async def listed() -> dict[str, Any] | None:
        items: list[dict[str, Any]] = (await linli.figures("keys", "list"))["items"]
        return next((each for each in items if each["id"] == id), None)

    found = await until(listed)
    assert found
    assert (found["name"], found["created_at"]) == ("?", None)
    assert "known to" in found["created_by"]
    assert (await linli.figures("keys", "revoke", id))["id"] == id

    async def ended() -> bool:
        again = await listed()
        return bool(again and again["revoked_at"])

    await until(ended)
    answer = await system.resident.get(f"{system.urls['intake']}/v1/audit", headers=bearer(key))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "wanted",
    [
        {"role": "resident"},
        {"role": "party"},
        {"role": "party", "party": "none-such", "community": "test"},
        {"role": "operator", "party": "estate", "community": "test"},
        {"role": "auditor", "scopes": ["cases:act"]},
        {"role": "auditor", "expires_in_days": 367},
    ],
)
async def test_a_key_that_nobody_can_have_is_refused(system: System, wanted: dict[str, Any]) -> None:
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/keys", json={"name": "x"} | wanted)
    assert answer.status_code == 422, answer.text


async def test_a_member_of_a_party_works_with_the_command_and_a_key_of_their_own(
    system: System, tmp_path: Path
) -> None:
    lift = await lift_case(system)
    linli = CommandLine(system, tmp_path / "home")
    code, key, told = await linli.run(
        "keys", "create", "值班电脑", "--role", "party", "--party", "estate", "--community", "test"
    )
    assert code == 0, told
    key_file = tmp_path / "estate.key"
    key_file.touch(0o600)
    key_file.write_text(key)
    member = CommandLine(system, tmp_path / "member", key_file=key_file)
    assert lift["id"] in {case["id"] for case in (await member.figures("cases"))["items"]}
    assert (await member.figures("act", lift["id"], "accept"))["state"] == "accepted"
    code, _, told = await member.run("keys", "list")
    assert (code, "403" in told) == (1, True)
    id = (await linli.figures("keys", "list"))["items"][0]["id"]
    assert (await linli.run("keys", "revoke", id))[0] == 0
    assert (await member.run("cases"))[0] == 1


async def test_nobody_is_named_who_could_not_have_done_it(system: System) -> None:
    lift = await lift_case(system)
    operator = {"Authorization": system.operator.headers["Authorization"]}
    other = await act(system, lift, "accept", operator, by="water-co")
    assert (other.status_code, other.json()["type"]) == (422, "urn:linli:problem:not_theirs")
    own = await act(system, lift, "reassign", operator, by="estate", party="water-co")
    assert own.status_code == 422, "who does the work does not decide where it goes"
    assert (await act(system, lift, "accept", operator, by="estate")).status_code == 200


async def test_what_an_operator_decides_is_not_written_down_as_the_partys(system: System) -> None:
    operator = {"Authorization": system.operator.headers["Authorization"]}
    case = await lift_case(system)

    async def names(*done: tuple[str, dict[str, Any]]) -> list[str]:
        """Who stands in the history for each of these."""
        nonlocal case
        since = case["version"]
        for action, said in done:
            answer = await act(system, case, action, operator, **said)
            assert answer.status_code == 200, answer.text
            case = answer.json()
        story = await system.get("workflow", f"/v1/cases/{case['id']}")
        return [entry["by"] for entry in story["history"][since:]]

    work = [("accept", {}), ("resolve", {"message": "修好了"})]
    assert await names(*work, ("reopen", {})) == ["estate", "estate", "operator"]
    assert await names(*work, ("close", {})) == ["estate", "estate", "operator"]
    assert await names(("reopen", {}), ("reassign", {"party": "water-co"})) == ["operator"] * 2
    returned = await names(("return", {"reason": "不归我们"}), ("send_back", {}))
    assert returned == ["water-co", "street"], "who holds a case that was handed back decides"
    parts = [{"party": party, "message": "看一看"} for party in ("estate", "water-co")]
    assert await names(("split", {"parts": parts})) == ["operator"]
    head, case = await lift_case(system), await lift_case(system)
    assert await names(("merge", {"into": head["id"]}), ("unmerge", {})) == ["operator"] * 2
