"""The topology of a system whose processes are users of Kafka's: each has its rights, no more and no fewer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from confluent_kafka.admin import AclOperation, ResourceType

from linli_cli.connection.settings import PROGRAMS
from linli_cli.operations.kafka_access import Right, administrator, allow_exactly, may, rights_of
from linli_cli.operations.kafka_users import USERS, allow
from tests.support.as_themselves import AsThemselves, as_themselves
from tests.support.portal import portal_beside
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.watched import WITHIN, picture, until_found, until_gone


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsThemselves]:
    async with as_themselves(stack, tmp_path_factory.mktemp("logs")) as running, portal_beside(running):
        yield running


async def rights(system: AsThemselves) -> tuple[str | None, set[Any]]:
    """Whether Kafka told them, and how those of the services are."""
    found = await picture(system)
    nodes = {each["id"]: each["figures"].get("rights") for each in found["nodes"]}
    return found.get("rights"), {nodes.get(f"service:{name}") for name in PROGRAMS}


async def test_what_allow_gives_is_what_is_declared(system: AsThemselves) -> None:
    async def as_declared() -> bool:
        return await rights(system) == ("told", {"as_declared"})

    await until(as_declared, WITHIN)


async def test_a_right_too_much_and_one_too_few_are_told_of_until_allow_has_been_here(system: AsThemselves) -> None:
    admin, user, cases = administrator(system.servers.kafka), USERS["notify"], f"{system.prefix}.cases"
    its = await asyncio.to_thread(rights_of, admin, user)
    less = Right(ResourceType.TOPIC, f"{system.prefix}.community", AclOperation.READ)
    assert less in its
    changed = (its - {less}) | may(ResourceType.TOPIC, cases, AclOperation.WRITE)
    await asyncio.to_thread(allow_exactly, admin, user, changed)
    more = await until_found(system, "acl_undeclared@service:notify")
    assert (more["owner"], more["evidence"]["acls"]) == ("notify", f"write topic {cases}")
    fewer = await until_found(system, "acl_missing@service:notify")
    assert fewer["evidence"]["acls"] == f"read topic {system.prefix}.community"
    await asyncio.to_thread(allow, admin, system.prefix)
    await until_gone(system, "acl_undeclared@service:notify")
    await until_gone(system, "acl_missing@service:notify")


async def test_what_the_portal_may_not_see_is_unknown_and_not_well(system: AsThemselves) -> None:
    admin, user = administrator(system.servers.kafka), USERS["portal"]
    its = await asyncio.to_thread(rights_of, admin, user)
    await asyncio.to_thread(allow_exactly, admin, user, {each for each in its if each.kind is not ResourceType.BROKER})

    async def unknown() -> bool:
        return await rights(system) == ("refused", {"unknown"})

    await until(unknown, WITHIN)
    await asyncio.to_thread(allow, admin, system.prefix)

    async def known() -> bool:
        return await rights(system) == ("told", {"as_declared"})

    await until(known, WITHIN)
