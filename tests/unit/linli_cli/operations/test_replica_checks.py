"""What `linli doctor` makes of brokers, copies, processes and members of groups."""

from datetime import timedelta

import pytest

from linli.messaging.kafka import Copies, GroupState, Survey
from linli.messaging.kafka.surveying import _survey, member_name
from linli_cli.operations.checks import container
from linli_cli.operations.consumer_checks import members
from linli_cli.operations.deployed_health import containers_of
from linli_cli.operations.finding import Level
from linli_cli.operations.health import ProcessHealth
from linli_cli.operations.replica_checks import brokers, replicas


def cluster(away: tuple[int, ...] = (), behind: int = 0, leaderless: int = 0, expected: int = 3) -> Survey:
    there = tuple(id for id in (1, 2, 3) if id not in away)
    return Survey(there, expected, {"linli.cases": Copies(2, 3, behind, leaderless)}, away)


def test_a_cluster_that_is_whole_is_said_to_be() -> None:
    (found,) = brokers(cluster())
    assert found.level is Level.OK


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (cluster(away=(3,)), "1 broker that should hold copies is away: 3."),
        (cluster(away=(2, 3)), "2 brokers that should hold copies are away: 2, 3."),
        (cluster(behind=2), "Copies that are not in sync: linli.cases (2)."),
        (cluster(expected=4), "3 of the 4 brokers that Kafka's address names are there."),
        (cluster(leaderless=1), "Partitions that no broker leads, so that nothing is written or read: linli.cases."),
    ],
)
def test_a_broker_or_a_copy_that_is_missing_is_named(state: Survey, said: str) -> None:
    (found,) = brokers(state)
    assert (found.level, found.said) == (Level.WRONG, said)


@pytest.mark.parametrize(
    ("state", "there", "running", "level", "said"),
    [
        ("Stable", ("a-8102", "b-8102"), ["a:8102", "b:8102"], Level.OK, "workflow's group: 2 members, all there."),
        (
            "Stable",
            ("a-8102",),
            [],
            Level.NOTE,
            "a-8102 is a member of workflow's consumer group and has not been heard of.",
        ),
        (
            "Stable",
            ("a-8102",),
            ["a:8102", "b:8102"],
            Level.WRONG,
            "b-8102 of workflow runs and is no member of its consumer group.",
        ),
        (
            "Stable",
            ("a-8102", "a-8102-0123abcd"),
            ["a:8102"],
            Level.WRONG,
            "Two processes of workflow call themselves a-8102.",
        ),
        ("Empty", (), [], Level.WRONG, "workflow's consumer group has no member: nothing is read."),
        (
            "PreparingRebalance",
            ("a-8102",),
            ["a:8102", "b:8102"],
            Level.NOTE,
            "workflow's group shares out its topics anew (PreparingRebalance).",
        ),
    ],
)
def test_a_group_is_held_against_the_processes_that_run(
    state: str, there: tuple[str, ...], running: list[str], level: Level, said: str
) -> None:
    (found,) = members("workflow", GroupState(state, there), running)
    assert (found.level, found.said) == (level, said)


def test_a_process_that_is_silent_is_told_with_how_long_and_one_long_gone_is_not() -> None:
    silent = {"a:8102": 1, "b:8102": 45, "old:8102": 90_000}
    found = replicas("workflow", {name: timedelta(seconds=seconds) for name, seconds in silent.items()})
    assert [(each.level, each.said) for each in found] == [
        (Level.OK, "workflow: 1 process: a:8102."),
        (Level.NOTE, "b:8102 of workflow has not been heard of for 45 s."),
    ]


def test_a_member_of_a_group_is_named_as_it_calls_itself() -> None:
    id = "linli.workflow-host-8102-0f8fad5b-d9cb-469f-a165-70867728950e"
    assert member_name("linli.workflow", id) == "host-8102"


def test_brokers_are_expected_as_many_as_hold_copies_or_as_the_address_names() -> None:
    partition = {"leader": 1, "replicas": [1, 2], "isr": [1]}
    nobodys = {"leader": -1, "replicas": [2, 1], "isr": [2]}
    topics = [{"topic": "linli.cases", "partitions": [partition, nobodys]}, {"topic": "gone", "partitions": []}]
    told = {"brokers": [{"node_id": 1}], "topics": topics}
    assert _survey(told, 1) == Survey((1,), 2, {"linli.cases": Copies(2, 2, behind=2, leaderless=1)}, away=(2,))
    assert _survey(told, 3).expected == 3
    assert _survey({"brokers": [{"node_id": 1}], "topics": []}, 1) == Survey((1,), 1, {})


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (None, "intake: 1 process: a:8101."),
        (["linli-intake-1"], "intake: 1 process: a:8101."),
        (
            ["linli-intake-1", "linli-intake-2"],
            "intake: 2 should write themselves down (linli-intake-1, linli-intake-2); heard of: a:8101.",
        ),
    ],
)
def test_processes_that_are_heard_of_are_held_against_what_is_there(there: list[str] | None, said: str) -> None:
    (found,) = replicas("intake", {"a:8101": timedelta(seconds=1)}, there)
    assert (found.level, found.said) == (Level.WRONG if "should" in said else Level.OK, said)


def test_a_service_that_answers_and_of_which_nobody_is_heard_is_told() -> None:
    (found,) = replicas("notify", {}, ["http://127.0.0.1:8103"])
    assert found.level is Level.WRONG
    assert found.said == "notify: 1 should write themselves down (http://127.0.0.1:8103); heard of: none."


def test_a_namesake_is_found_of_a_service_without_a_consumer_group_too() -> None:
    (found,) = replicas("intake", dict.fromkeys(("a:8101", "a:8101-0123abcd"), timedelta(seconds=1)))
    assert (found.level, found.said) == (Level.WRONG, "Two processes of intake call themselves a:8101.")


def test_a_container_that_has_ended_is_named() -> None:
    nothing = dict.fromkeys(("pid", "uptime_seconds", "restarts"))
    ended = ProcessHealth(name="linli-workflow-2", address="", health="down", detail="Exited (137)", **nothing)
    said = "The container linli-workflow-2 is down: Exited (137)."
    assert (container(ended).level, container(ended).said) == (Level.WRONG, said)


def test_the_containers_of_a_service_are_its_copies_too_and_not_those_that_have_ended() -> None:
    listed = [
        {"Service": service, "Name": f"linli-{service}-1", "State": state}
        for service, state in [("workflow", "running"), ("workflow-2", "running"), ("workflow-3", "exited")]
    ]
    assert containers_of("workflow", listed) == ["linli-workflow-1", "linli-workflow-2-1"]
    assert containers_of("intake", listed) == []
