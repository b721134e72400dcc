"""Kafka's committed offsets: beside what took effect for our groups, alone for partners' own."""

from datetime import timedelta

from portal.topology.domain.joining import join
from portal.topology.domain.lag import committed_lag
from portal.topology.domain.partner_groups import groups_among, topics_read
from portal.topology.domain.picture import Flow, Kind, State
from portal.topology.domain.sample import GroupSeen, Sample, TopicSeen, figure
from tests.support.topology import CONTRACTS, looks, sample

GROUP = "partner.east.water.program"
ORDERS, RECEIPTS = "linli.partner.east.water.orders", "linli.partner.east.water.receipts"


def with_partner(n: int, may: str = "reads", members: tuple[str, ...] = ("m",), **committed: int) -> Sample:
    """It has ten orders and four receipts."""
    labels = {"community": "east", "party": "water", "user": "partner.east.water.a", "may": may}
    seen = sample(n, figures={"workflow": {figure("linli_workflow_partner_rights", **labels): 1.0}})
    theirs = {name: TopicSeen(replication=1, begins=(0,), ends=(end,)) for name, end in ((ORDERS, 10), (RECEIPTS, 4))}
    read = {f"linli.partner.east.water.{name}/0": offset for name, offset in committed.items()}
    groups = {**seen.groups, GROUP: GroupSeen(state="Stable", members=members, committed=read)}
    return seen.model_copy(update={"topics": {**seen.topics, **theirs}, "groups": groups})


def picture(window: list[Sample]):
    return join(CONTRACTS, window, window[-1].at)


def test_a_partner_s_group_is_there_and_counted_by_what_it_told_kafka() -> None:
    window = looks(lambda n: with_partner(n, orders=7))
    edge = f"group:{GROUP}>partner:east/water"
    moved = window[-1].at - timedelta(seconds=20)
    window[-1] = window[-1].model_copy(update={"moved": {edge: moved}})
    found = picture(window)
    node = found.nodes[f"group:{GROUP}"]
    assert (node.kind, node.owner, node.state) == (Kind.GROUP, "east/water", State.WELL)
    assert node.figures == {
        "state": "Stable",
        "members": 1,
        "counted_by": "committed",
        "lag_committed": 7,  # three orders, and four receipts that it has not begun to read
        "since": moved.isoformat(timespec="seconds"),
    }
    assert found.edges[edge].flow is Flow.SEEN
    assert f"service:notify>group:{GROUP}" in found.edges


def test_a_group_without_members_is_not_seen_and_one_of_others_is_not_there() -> None:
    assert picture(looks(lambda n: with_partner(n, members=(), orders=7))).nodes[f"group:{GROUP}"].state is State.SILENT
    assert f"group:{GROUP}" not in picture(looks(lambda n: with_partner(n, members=()))).nodes
    assert f"group:{GROUP}" not in picture(looks(lambda n: with_partner(n, may="none", orders=7))).nodes


def test_while_kafka_is_away_nobody_knows() -> None:
    away = looks(lambda n: with_partner(n, orders=7).model_copy(update={"kafka": False}))
    found = picture(away)
    assert found.nodes[f"group:{GROUP}"].state is State.UNKNOWN
    assert found.edges[f"group:{GROUP}>partner:east/water"].flow is Flow.UNKNOWN


def test_which_of_a_partner_s_groups_are_looked_at() -> None:
    names = [f"partner.east.water.{n:02}" for n in range(20)] + [GROUP, "partner.east.water2.x", "partner.west.water.x"]
    found = groups_among(names, with_partner(0))
    assert set(found.values()) == {"east/water"}
    assert len(found) == 10
    assert GROUP in found
    assert topics_read("linli", with_partner(0))[::2] == [ORDERS, RECEIPTS]


def test_our_own_groups_tell_both() -> None:
    def advised(n: int) -> Sample:
        seen = sample(n)
        group = GroupSeen(state="Stable", members=("m",), committed={"linli.cases/0": 6})
        return seen.model_copy(update={"groups": {**seen.groups, "linli.notify": group}})

    node = picture(looks(advised)).nodes["group:linli.notify"]
    assert (node.figures["lag"], node.figures["lag_committed"], node.figures["counted_by"]) == (0, 4, "applied")
    assert committed_lag(sample(0), "linli.notify") is None, "it has told Kafka nothing"
