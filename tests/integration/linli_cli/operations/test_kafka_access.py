"""Users of a real Kafka and their rights: each does what it may, and nothing else."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError
from confluent_kafka.admin import AclOperation, AdminClient, ResourceType

from linli.application.settings import Settings
from linli.messaging.connection import Cluster, Login
from linli_cli.operations.kafka_access import (
    Changed,
    Right,
    administrator,
    allow_exactly,
    lets_in,
    may,
    remove_user,
    rights_of,
    set_password,
    users,
)
from linli_cli.terminal.errors import CliError
from tests.support.kafka_user import in_, read, write
from tests.support.servers import Servers
from tests.support.services import until

READ, WRITE = AclOperation.READ, AclOperation.WRITE
TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP


@pytest.fixture
def admin(stack: Servers) -> AdminClient:
    return administrator(Cluster(stack.bootstrap))


@pytest.fixture
def user(admin: AdminClient) -> Iterator[str]:
    """A name that nobody has, and that nobody has afterwards."""
    name = f"u{uuid4().hex[:10]}"
    yield name
    remove_user(admin, name)
    allow_exactly(admin, name, ())


def as_user(stack: Servers, name: str, password: str) -> Cluster:
    return Cluster(stack.partner_bootstrap, Login(name, password, stack.secrets_dir / "partner-ca.crt"))


async def test_a_user_comes_in_by_its_password_and_no_more_once_it_is_removed(
    stack: Servers, admin: AdminClient, user: str
) -> None:
    assert not lets_in(as_user(stack, user, "one"))
    set_password(admin, user, "one")
    await until(in_(as_user(stack, user, "one"), is_=True))
    assert user in users(admin)
    set_password(admin, user, "another")
    await until(in_(as_user(stack, user, "another"), is_=True))
    assert not lets_in(as_user(stack, user, "one"))
    assert remove_user(admin, user)
    assert not remove_user(admin, user)
    await until(in_(as_user(stack, user, "another"), is_=False))
    assert user not in users(admin)


async def test_a_user_does_what_it_may_and_nothing_else(
    stack: Servers, admin: AdminClient, user: str, settings_for: Callable[..., Awaitable[Settings]]
) -> None:
    settings = await settings_for(Settings)
    mine, other = settings.topic("cases"), settings.topic("notices")
    set_password(admin, user, "its own")
    rights = may(TOPIC, mine, READ, WRITE) | may(GROUP, f"{user}.", READ, prefixed=True)
    allow_exactly(admin, user, rights)
    kafka = as_user(stack, user, "its own")
    await until(in_(kafka, is_=True))
    await until(told(admin, user, rights))
    assert write(kafka, mine) is None
    assert read(kafka, mine, f"{user}.anything") == b"{}"
    assert write(kafka, other) == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert read(kafka, other, f"{user}.anything") == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert read(kafka, mine, "of-somebody-else") == KafkaError.GROUP_AUTHORIZATION_FAILED


def told(admin: AdminClient, user: str, rights: frozenset[Right]) -> Callable[[], Awaitable[bool]]:
    """Whether the broker has heard that these are the user's rights."""

    async def ask() -> bool:
        return rights_of(admin, user) == rights

    return ask


async def test_what_lacks_is_added_and_what_is_too_much_removed(admin: AdminClient, user: str) -> None:
    before = may(TOPIC, ["a", "b"], READ) | may(TOPIC, "c.", WRITE, prefixed=True)
    assert allow_exactly(admin, user, before) == Changed(added=3, removed=0)
    await until(told(admin, user, before))
    assert not allow_exactly(admin, user, before)
    after = may(TOPIC, ["b", "d"], READ) | may(TOPIC, "c.", WRITE)
    assert allow_exactly(admin, user, after) == Changed(added=2, removed=2)
    await until(told(admin, user, after))
    assert allow_exactly(admin, user, ()) == Changed(added=0, removed=3)


async def test_a_user_who_may_not_administer_is_told_so(stack: Servers, admin: AdminClient, user: str) -> None:
    set_password(admin, user, "its own")
    await until(in_(as_user(stack, user, "its own"), is_=True))
    own = administrator(as_user(stack, user, "its own"))
    with pytest.raises(CliError, match="Kafka does not change its users or their rights"):
        set_password(own, user, "a better one")
    with pytest.raises(CliError, match="Kafka does not change its users or their rights"):
        allow_exactly(own, user, may(TOPIC, "everything", READ))
