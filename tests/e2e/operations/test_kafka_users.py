"""The services, each as a user of its own: what their contexts declare is all that they need and may."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from confluent_kafka import KafkaError, KafkaException
from pytest_httpserver import HTTPServer

from linli.messaging.kafka import Listed, Observer
from linli.messaging.rights import Acl, of_face
from linli_cli.operations.kafka_users import USERS, traffic
from tests.support.as_themselves import AsThemselves, as_themselves
from tests.support.journey import Mailbox, go_the_whole_way, mailbox_on
from tests.support.kafka_user import read, write
from tests.support.servers import Servers, free_ports
from tests.support.system import SERVICES

DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED
(SMTP_PORT,) = free_ports(1)


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AsThemselves]:
    there = {
        "LINLI_SMTP_HOST": "127.0.0.1",
        "LINLI_SMTP_PORT": str(SMTP_PORT),
        "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "LINLI_LETTERS_A_MINUTE": "0",
    }
    async with as_themselves(stack, tmp_path_factory.mktemp("logs"), **there) as running:
        yield running


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox_on("127.0.0.1", SMTP_PORT) as started:
        yield started


async def test_the_whole_way_goes_with_the_rights_that_follow_from_the_contexts(
    system: AsThemselves, box: Mailbox, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    await go_the_whole_way(system, box, httpserver, httpserver.url_for("/hook"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_user_opens_nothing_else(system: AsThemselves, service: str) -> None:
    user, own = system.user(service), traffic(service)
    names = {spec.name.removeprefix(f"{system.prefix}.") for spec in system.topics}
    assert own.reads | own.writes <= names
    for name in names - own.reads:
        assert read(user, f"{system.prefix}.{name}", f"{system.prefix}.{service}.tried") == DENIED, name
    for name in names - own.writes:
        assert write(user, f"{system.prefix}.{name}") == DENIED, name
    assert read(user, f"{system.prefix}.{min(own.reads)}", "another") == KafkaError.GROUP_AUTHORIZATION_FAILED


async def test_a_user_who_may_not_describe_the_cluster_is_told_no_rights(system: AsThemselves) -> None:
    observer = Observer(system.user("notify"))
    try:
        assert await observer.rights() == Listed(unknown="refused")
    finally:
        await observer.close()


async def test_the_portal_s_user_sees_our_topics_and_groups_and_no_record(system: AsThemselves) -> None:
    user, cases = system.user("portal"), f"{system.prefix}.cases"
    observer = Observer(user)
    try:
        look = await observer.look([cases], [f"{system.prefix}.notify"])
        assert sum(look.ends.values()) > 0
        assert look.groups[f"{system.prefix}.notify"].members
        assert cases in await observer.settings([cases])
        topics, groups = await observer.named_like("")
        assert {name.split(".")[0] for name in topics} == {system.prefix}, "others' are not shown"
        assert f"{system.prefix}.notify" in groups  # who may see rights sees the names of all groups
        listed = await observer.rights()
        assert not listed.unknown
        assert {Acl.of(USERS["portal"], each) for each in of_face(system.prefix)} <= set(listed.acls)
    finally:
        await observer.close()
    assert (
        await asyncio.to_thread(read, user, cases, f"{system.prefix}.portal") == KafkaError.GROUP_AUTHORIZATION_FAILED
    )
    with pytest.raises(KafkaException, match="authorization failed"):
        await asyncio.to_thread(write, user, cases)
