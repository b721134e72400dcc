"""What each service may do in Kafka, as it follows from what its contexts declare."""

from typing import Any

import pytest
from confluent_kafka.admin import AclOperation, ResourceType

from linli.application.assembly import Traffic, traffic_of
from linli.application.context import Context, Module
from linli.contracts.catalogue import topics
from linli.contracts.intake.submission import OfSubmission
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.operations.databases import READS
from linli_cli.operations.kafka_access import Right, may
from linli_cli.operations.kafka_users import USERS, looks, rights, traffic

READ, WRITE, DESCRIBE = AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE
TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP


def of(service: str, kind: ResourceType, operation: AclOperation) -> set[str]:
    """The names of what it may, those of prefixes with a star."""
    found = rights(service, traffic(service), "linli")
    return {
        f"{each.name}{'*' if each.prefixed else ''}"
        for each in found
        if (each.kind, each.operation) == (kind, operation)
    }


def test_intake_writes_what_came_in_and_cannot_read_notices() -> None:
    assert of("intake", TOPIC, WRITE) == {"linli.intake", "linli.subscriptions"}
    assert of("intake", TOPIC, READ) == {"linli.community", "linli.principals", "linli.outages"}


def test_notify_reads_all_that_workflow_says_and_cannot_write_cases() -> None:
    assert of("notify", TOPIC, WRITE) == {"linli.notices", "linli.partner.*", "linli.sandbox.partner.*"}
    assert {"linli.cases", "linli.orders"} < of("notify", TOPIC, READ)
    assert not {each for each in of("notify", TOPIC, READ) if ".partner." in each}


def test_workflow_reads_what_came_in_and_what_partners_say() -> None:
    assert of("workflow", TOPIC, READ) >= {"linli.intake", "linli.partner.*", "linli.sandbox.partner.*"}
    assert not {each for each in of("workflow", TOPIC, WRITE) if ".partner." in each}


def test_neighbourhood_tells_of_common_affairs_and_hears_where_and_of_whom() -> None:
    assert of("neighbourhood", TOPIC, WRITE) == {"linli.neighbourhood"}
    assert of("neighbourhood", TOPIC, READ) >= {"linli.community", "linli.principals"}


def test_what_the_command_says_that_groups_read_is_what_contexts_declare() -> None:
    copied = {topic.name for topic in topics() if topic.newest_only}
    read = {service: traffic(service).reads - copied for service in SERVICES}
    assert {reader: set(names) for reader, names in READS.items()} == {s: names for s, names in read.items() if names}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_in_groups_of_its_own_and_administers_nothing(service: str) -> None:
    assert of(service, GROUP, READ) == {f"linli.{service}", f"linli.{service}.*"}
    kinds = {each.operation for each in rights(service, traffic(service), "linli")}
    assert kinds <= {READ, WRITE, DESCRIBE}
    assert of(service, TOPIC, DESCRIBE) == {"__consumer_offsets"}


def test_each_topic_has_one_writer() -> None:
    written = [name for service in SERVICES for name in traffic(service).writes]
    assert len(written) == len(set(written))
    assert len(set(USERS.values())) == len(PROGRAMS)


def test_the_portal_sees_topics_groups_and_who_may_what_and_reads_and_writes_none() -> None:
    assert looks("linli") == {
        Right(TOPIC, "linli.", DESCRIBE, prefixed=True),
        Right(TOPIC, "linli.", AclOperation.DESCRIBE_CONFIGS, prefixed=True),
        Right(GROUP, "linli.", DESCRIBE, prefixed=True),
        Right(GROUP, "partner.", DESCRIBE, prefixed=True),
        Right(ResourceType.BROKER, "kafka-cluster", DESCRIBE),
    }


def test_the_prefix_is_of_topics_and_groups_alike() -> None:
    found = rights("intake", Traffic(frozenset({"intake"}), frozenset()), "beijing")
    assert {each.name for each in found} == {
        "beijing.intake",
        "beijing.intake.",
        "__consumer_offsets",
    }


def test_a_context_that_reads_something_more_may_read_it() -> None:
    def nothing(_: Any) -> Module:
        return Module()

    contexts: list[Context[Any]] = [Context("one", nothing), Context("two", nothing, reads=[OfSubmission])]
    assert traffic_of("toys", contexts) == Traffic(frozenset(), frozenset({"intake"}))


def test_rights_are_of_each_name_and_each_operation() -> None:
    assert may(TOPIC, "a", READ, WRITE) == {Right(TOPIC, "a", READ), Right(TOPIC, "a", WRITE)}
    assert may(TOPIC, ["a.", "b."], READ, prefixed=True) == {
        Right(TOPIC, "a.", READ, prefixed=True),
        Right(TOPIC, "b.", READ, prefixed=True),
    }
    assert may(TOPIC, "a") == frozenset()
