"""What `linli doctor` makes of brokers, copies, processes and members of groups."""

from datetime import timedelta

import pytest

from linli.kafka import ClusterState, GroupState, TopicState
from linli.kafka.cluster import member_name
from linli_cli.finding import Level
from linli_cli.replica_checks import brokers, members, replicas


def cluster(away: tuple[int, ...] = (), behind: int = 0, leaderless: int = 0) -> ClusterState:
    topic = TopicState(2, 3, {}, (0, 0), (5, 5), behind, leaderless)
    return ClusterState("id", 3 - len(away), {"linli.cases": topic}, away)


def test_a_cluster_that_is_whole_is_said_to_be() -> None:
    (found,) = brokers(cluster())
    assert found.level is Level.OK


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (cluster(away=(3,)), "1 broker that should hold copies is away: 3."),
        (cluster(away=(2, 3)), "2 brokers that should hold copies are away: 2, 3."),
        (cluster(behind=2), "Copies that are not in sync: linli.cases (2)."),
        (cluster(leaderless=1), "Partitions that no broker leads, so that nothing is written or read: linli.cases."),
    ],
)
def test_a_broker_or_a_copy_that_is_missing_is_named(state: ClusterState, said: str) -> None:
    (found,) = brokers(state)
    assert (found.level, found.said) == (Level.WRONG, said)


@pytest.mark.parametrize(
    ("state", "there", "running", "level", "said"),
    [
        ("Stable", ("a-8102", "b-8102"), ["a:8102", "b:8102"], Level.OK, "workflow's group: 2 members, all there."),
        ("Stable", ("a-8102",), [], Level.OK, "workflow's group: 1 member, all there."),
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
