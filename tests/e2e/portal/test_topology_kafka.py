"""What the topology tells of who may do what on Kafka, and of partners' own groups, at a running system."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from confluent_kafka.admin import AclOperation, ResourceType

from linli.messaging.kafka import TopicSpec, apply_topics, delete_topics
from linli_cli.operations.kafka_access import administrator, allow_exactly, may, rights_of
from tests.support.command_line import CommandLine
from tests.support.partner_access import access_beside
from tests.support.partner_kafka import changed, program_of, reported
from tests.support.portal import visitor
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System
from tests.support.watched import WITHIN, picture, until_found, until_gone, watched

PARTNER = "partner:test/water-co"


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with watched(stack, Path(tmp_path_factory.mktemp("logs"))) as running:
        yield running


async def test_a_right_that_nobody_declared_is_told_of_until_it_is_taken_away(system: System, tmp_path: Path) -> None:
    admin, cases = administrator(system.servers.kafka), f"{system.prefix}.cases"

    async def told() -> bool:
        return bool((await picture(system)).get("rights") == "told")

    await until(told, WITHIN)
    await asyncio.to_thread(allow_exactly, admin, "stranger", may(ResourceType.TOPIC, cases, AclOperation.READ))
    try:
        finding = await until_found(system, "acl_undeclared@user:stranger")
        assert (finding["urgent"], finding["evidence"]["acls"]) == (True, f"read topic {cases}")
        nodes = {each["id"]: each for each in (await picture(system))["nodes"]}
        assert nodes["user:stranger"]["state"] == "undeclared"
        command = CommandLine(system, tmp_path / "home")
        code, printed, told = await command.run(
            "topology", "accept", "acl_undeclared@user:stranger", LINLI_LANGUAGE="zh"
        )
        assert (code, printed, "契约无法表达" in told) == (1, "", True)
        key = (system.servers.secrets_dir / "operator.key").read_text().strip()
        async with visitor(system.urls["portal"], key) as operator:
            page = await operator.page("/topology")
            assert 'class="sign key"' in page.partition('class="legend"')[0]
            assert 'id="t-user:stranger"' in page
    finally:
        await asyncio.to_thread(allow_exactly, admin, "stranger", ())
    await until_gone(system, "acl_undeclared@user:stranger")


async def reads_behind(system: System) -> None:
    """A partner's own group is seen, with what it has yet to read, until it has."""
    program = await program_of(system, "water-co")
    await asyncio.to_thread(program.commit_all, ["orders"])
    group = "group:partner.test.water-co.program"

    async def behind() -> float | None:
        nodes = {each["id"]: each for each in (await picture(system))["nodes"]}
        found = nodes.get(group, {"figures": {}})["figures"]
        assert found.get("counted_by") in {"committed", None}
        return found.get("lag_committed")

    async def has_nothing_to_read() -> bool:
        return await behind() == 0

    await until(has_nothing_to_read, WITHIN)
    await reported(system)

    async def has_something() -> bool:
        return bool(await behind())

    await until(has_something, WITHIN)
    await asyncio.to_thread(program.commit_all, ["orders"])

    async def has_read() -> bool:
        nodes = {each["id"]: each for each in (await picture(system))["nodes"]}
        return nodes[group]["figures"]["lag_committed"] == 0 and "since" in nodes[group]["figures"]

    await until(has_read, WITHIN)
    found = await picture(system)
    assert {each["id"]: each["flow"] for each in found["edges"]}[f"{group}>{PARTNER}"] == "seen"
    own = {each["id"]: each["figures"] for each in found["nodes"]}[f"group:{system.prefix}.workflow"]
    assert {"lag", "lag_committed"} <= set(own)
    assert own["counted_by"] == "applied"


async def test_a_topic_that_nobody_declared_is_accepted_by_a_patch(system: System, tmp_path: Path) -> None:
    topic = f"{system.prefix}.warehouse"
    await apply_topics(system.servers.kafka, [TopicSpec(topic, 3, {"retention.ms": "60000"})])
    id = f"undeclared_topic@topic:{topic}"
    command = CommandLine(system, tmp_path / "home")
    try:
        await until_found(system, id)

        async def accepted() -> str:
            code, printed, told = await command.run("topology", "accept", id)
            assert code in {0, 1}, told  # 1: what it is like is seen at the next look
            assert told
            return printed if code == 0 else ""

        patch = await until(accepted, WITHIN)
        assert f"+  {topic}:" in patch and "+    partitions: 3" in patch and "+      retention.ms: '60000'" in patch
        asked = await system.operator.get(
            f"{system.urls['portal']}/v1/topology/acceptance", params={"finding": id}, headers={"Accept-Language": "zh"}
        )
        assert (asked.json()["patch"], "请审阅" in asked.json()["said"]) == (patch, True)
        key = (system.servers.secrets_dir / "operator.key").read_text().strip()
        async with visitor(system.urls["portal"], key) as operator:
            assert f"/topology/accept?finding={quote(id)}" in await operator.page("/topology")
            assert topic in (await operator.page(f"/topology/accept?finding={quote(id)}")).partition('id="patch"')[2]
    finally:
        await delete_topics(system.servers.kafka, [topic])
    code, printed, told = await command.run("topology", "accept", "parked@parking:none")
    assert (code, printed) == (4, ""), "there is none"
    assert "404" in told


async def test_a_right_of_a_partner_that_is_not_there_is_told_of_until_it_is(system: System) -> None:
    admin, user = administrator(system.servers.kafka), "partner.test.water-co.a"
    async with access_beside(system):
        await changed(system, "water-co")

        async def calls() -> bool:
            edges = {each["id"]: each["flow"] for each in (await picture(system))["edges"]}
            return edges.get("service:access>service:workflow") == "seen"

        await until(calls, WITHIN)
        await reads_behind(system)

    async def as_declared() -> bool:
        nodes = {each["id"]: each for each in (await picture(system))["nodes"]}
        return PARTNER in nodes and nodes[PARTNER]["figures"].get("rights") == "as_declared"

    await until(as_declared, WITHIN)
    its = await asyncio.to_thread(rights_of, admin, user)
    less = {each for each in its if each.kind is not ResourceType.GROUP}
    await asyncio.to_thread(allow_exactly, admin, user, less)
    finding = await until_found(system, f"acl_missing@{PARTNER}")
    assert finding["evidence"]["acls"] == "read group partner.test.water-co.*"
    await asyncio.to_thread(allow_exactly, admin, user, its)
    await until_gone(system, f"acl_missing@{PARTNER}")
