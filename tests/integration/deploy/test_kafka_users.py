"""The services' users in a real Kafka, as the first start of a deployment in containers makes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import AclOperation, AdminClient, ResourceType

from linli.application.settings import Settings
from linli.messaging.connection import Cluster, Login
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.operations.kafka_access import Changed, administrator, allow_exactly, may, remove_user, rights_of
from linli_cli.operations.kafka_users import USERS, allow, looks, make_users, rights, traffic
from linli_cli.stack.broker_files import BROKER
from linli_cli.stack.embedded.secret_files import KAFKA_BROKER, KAFKA_TOOLS, ensure_secret
from linli_cli.stack.handed_out import kafka_password
from tests.support.kafka_user import in_
from tests.support.servers import Servers
from tests.support.services import until

PREFIX = "users_of_kafka"


@pytest.fixture
def deployment(stack: Servers, tmp_path: Path) -> Iterator[tuple[AdminClient, Settings]]:
    """A Kafka without the users, and a deployment's settings with their passwords."""
    for name in (KAFKA_BROKER, KAFKA_TOOLS, *map(kafka_password, PROGRAMS)):
        ensure_secret(tmp_path / name)
    admin = administrator(stack.kafka)
    yield admin, Settings(secrets_dir=tmp_path)
    for user in (BROKER, KAFKA_USERNAME, *USERS.values()):
        remove_user(admin, user)
        allow_exactly(admin, user, ())


async def test_each_user_comes_in_by_the_password_among_the_secrets_and_by_the_next_one(
    stack: Servers, deployment: tuple[AdminClient, Settings]
) -> None:
    admin, settings = deployment
    assert make_users(admin, settings) == dict.fromkeys((BROKER, KAFKA_USERNAME, *USERS.values()), "made")

    def intake() -> Cluster:
        password = settings.secret(kafka_password("intake"))
        return Cluster(stack.partner_bootstrap, Login(USERS["intake"], password, stack.secrets_dir / "partner-ca.crt"))

    before = intake()
    await until(in_(before, is_=True))
    assert make_users(admin, settings) == {}
    (settings.secrets_dir / kafka_password("intake")).unlink()
    ensure_secret(settings.secrets_dir / kafka_password("intake"))
    make_users(admin, settings)
    await until(in_(intake(), is_=True))
    await until(in_(before, is_=False))


async def test_rights_that_somebody_added_by_hand_go_and_those_that_lack_come(
    deployment: tuple[AdminClient, Settings],
) -> None:
    admin, _ = deployment
    assert set(allow(admin, PREFIX)) == set(USERS.values())
    wanted = {service: rights(service, traffic(service), PREFIX) for service in SERVICES} | {"portal": looks(PREFIX)}

    async def as_they_should_be() -> bool:
        return {service: rights_of(admin, user) for service, user in USERS.items()} == wanted

    await until(as_they_should_be)
    assert allow(admin, PREFIX) == {}
    too_much = may(ResourceType.TOPIC, f"{PREFIX}.cases", AclOperation.WRITE)
    allow_exactly(admin, USERS["notify"], (wanted["notify"] | too_much) - set(sorted(wanted["notify"], key=str)[:1]))

    async def not_so() -> bool:
        return not await as_they_should_be()

    await until(not_so)
    assert allow(admin, PREFIX) == {USERS["notify"]: Changed(added=1, removed=1)}
    await until(as_they_should_be)
