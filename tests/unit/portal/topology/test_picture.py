"""Declared and seen, joined into one picture and placed."""

from datetime import timedelta

import pytest

from linli.contracts.kinds import Channel
from portal.topology.domain.difference import Changed, difference
from portal.topology.domain.grouping import grouped, members
from portal.topology.domain.joining import join, moved
from portal.topology.domain.layout import HEIGHT, WIDTH, layout, weight
from portal.topology.domain.picture import Edge, Flow, Kind, State
from portal.topology.domain.sample import figure
from portal.topology.domain.silence import silent_after
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, EVERY, PORTS, address, looks, process, sample, stopped


def picture(window, now=None):
    return join(CONTRACTS, window, now or window[-1].at)


def test_everything_that_is_declared_is_in_the_picture():
    found = picture(looks(sample))
    kinds = {kind: {node.name for node in found.nodes.values() if node.kind is kind} for kind in Kind}
    assert kinds[Kind.CHANNEL] == {each.value for each in Channel}
    assert kinds[Kind.SERVICE] == set(PORTS)
    assert kinds[Kind.TOPIC] == set(CONTRACTS.topics)
    assert kinds[Kind.GROUP] == {"linli.workflow", "linli.notify"}
    assert kinds[Kind.INSTANCE] == {address(service) for service in PORTS}
    assert all(edge.source in found.nodes and edge.target in found.nodes for edge in found.edges.values())


def test_what_comes_in_and_what_takes_effect_has_a_rate():
    def busy(n):
        ends = {"linli.cases": 10 + 20 * n}
        positions = {("linli.notify", "linli.cases"): 10 + 15 * n}
        return sample(n, ends=ends, positions=positions)

    edges = picture(looks(busy)).edges
    assert edges["service:workflow>topic:linli.cases"].rate == 4
    assert edges["topic:linli.cases>group:linli.notify"].rate == 3


def test_a_node_tells_what_goes_in_and_out_by_it_and_what_is_counted_of_it():
    water = {"community": "c", "party": "water"}

    def at(n):
        intake = {figure("linli_intake_refused_total", slug="invalid", channel="web"): 1.0 * n}
        workflow = {
            figure("linli_workflow_partner_rights", **water, user="u", may="reads"): 1.0,
            figure("linli_workflow_partner_updates_total", **water, outcome="applied"): 1.0,
            "linli_inbox_parked": 3.0,
            "linli_inbox_parked_age_seconds": 61.04,
            figure("linli_inbox_parked_by_reason", reason="unknown_type"): 2.0,
            figure("linli_inbox_parked_by_reason", reason="invalid_data"): 1.0,
            "linli_mongodb_primary": 1.0,
            "linli_mongodb_ping_seconds": 0.0023,
        }
        notify = {
            figure("linli_notify_delivered_total", channel="email"): 2.0 * n,
            figure("linli_notify_partner_events_behind", **water, way="pull"): 0.0,
            figure("linli_notify_partner_events_behind", **water, way="kafka"): 1.0,
            "linli_notify_due": 4.0,
        }
        moved = {"channel:web>service:intake": NOON, "partner:c/water>service:workflow": NOON - EVERY}
        seen = sample(n, figures={"intake": intake, "workflow": workflow, "notify": notify})
        return seen.model_copy(update={"moved": moved})

    def of(id):
        return {name: nodes[id].figures.get(name) for name in asked[id]}

    nodes = picture(looks(at)).nodes
    asked = {
        "channel:web": {"accepted": 0.0, "refused": 0.2, "last_seen": NOON.isoformat()},
        "delivery:email": {"sent": 0.4},
        "partner:c/water": {"ways": "kafka, pull", "last_in": (NOON - EVERY).isoformat()},
        "parking:workflow": {"parked": 3.0, "oldest": 61.0, "reasons": "invalid_data 1, unknown_type 2"},
        "database:workflow": {"primary": "yes", "ping_ms": 2.3},
        "service:notify": {"due": 4.0},
        f"instance:{address('notify')}": {"partitions": 2},
    }
    assert {id: of(id) for id in asked} == asked
    assert "last_out" not in nodes["partner:c/water"].figures, "what is not known is left out"


def test_what_fails_on_its_way_in_and_on_its_way_to_kafka_is_an_error_of_the_edge():
    def at(n):
        refused = {figure("linli_intake_refused_total", slug="invalid", channel="web"): 3.0 * n}
        failed = {figure("linli_outbox_publish_failed_total", topic="linli.cases"): 5.0 * n}
        return sample(n, figures={"intake": refused, "workflow": failed})

    edges = picture(looks(at)).edges
    assert edges["channel:web>service:intake"].errors == 0.6
    assert edges["channel:hotline>service:intake"].errors is None
    assert edges["service:workflow>topic:linli.cases"].errors == 1
    assert edges["service:workflow>topic:linli.orders"].errors is None


def test_what_is_declared_and_was_never_used_is_silent():
    edges = picture(looks(sample)).edges
    assert edges["topic:linli.community>service:notify"].flow is Flow.SILENT
    assert edges["channel:web>service:intake"].flow is Flow.SEEN


@pytest.mark.parametrize(
    ("edge", "days"),
    [
        ("channel:web>service:intake", 1),
        ("service:workflow>topic:linli.cases", 1),
        ("topic:linli.cases>group:linli.notify", 1),
        ("service:workflow>topic:linli.community", 7),
    ],
)
def test_what_has_gone_nowhere_for_long_is_not_seen_and_it_is_told_since_when(edge: str, days: int) -> None:
    def at(ago: timedelta) -> Edge:
        last = looks(sample)[-1].at - ago
        return picture(looks(lambda n: sample(n).model_copy(update={"moved": {edge: last}}))).edges[edge]

    lately, before = at(timedelta(days=days) - EVERY), at(timedelta(days=days))
    assert (lately.flow, lately.silent_since) == (Flow.SEEN, None)
    assert (before.flow, before.silent_since) == (Flow.SILENT, before.moved)
    assert before.moved


def test_what_was_counted_before_anybody_looked_is_not_seen_once_that_is_long_ago() -> None:
    def flow(since: timedelta) -> Flow:
        window = looks(lambda n: sample(n).model_copy(update={"looked_since": NOON - since}))
        return picture(window).edges["channel:web>service:intake"].flow

    assert (flow(timedelta(hours=23)), flow(timedelta(hours=24))) == (Flow.SEEN, Flow.SILENT)


def test_partners_have_weekends() -> None:
    assert silent_after(CONTRACTS, "partner:c/p", "service:workflow") == timedelta(days=3)
    assert silent_after(CONTRACTS, "service:workflow", "parking:workflow") == timedelta(days=7)
    assert silent_after(CONTRACTS, "service:intake", "service:workflow") == timedelta(days=1)


def test_what_is_written_and_not_declared_stands_out():
    figures = {"notify": {figure("linli_outbox_published_total", topic="linli.cases", way="hot"): 1.0}}
    found = picture(looks(lambda n: sample(n, figures=figures)))
    assert found.edges["service:notify>topic:linli.cases"].flow is Flow.UNDECLARED


def test_a_topic_that_nobody_declared_stands_out():
    strange = picture(looks(lambda n: sample(n).model_copy(update={"strangers": ("topic:linli.strange",)})))
    assert strange.nodes["topic:linli.strange"].state is State.UNDECLARED


def test_nothing_is_known_without_a_fresh_sample():
    window = looks(sample)
    old = picture(window, window[-1].at + timedelta(seconds=31))
    assert not old.fresh
    assert {node.state for node in old.nodes.values()} == {State.UNKNOWN}
    assert {edge.flow for edge in old.edges.values()} == {Flow.UNKNOWN}


def test_of_a_stopped_service_nothing_is_told_that_is_not_known():
    found = picture(looks(lambda n: stopped(sample(n), "workflow", since=1)))
    assert found.nodes["service:workflow"].state is State.STOPPED
    assert found.edges["service:workflow>topic:linli.cases"].flow is Flow.UNKNOWN
    assert found.nodes["topic:linli.cases"].state is State.WELL
    assert found.nodes["parking:workflow"].state is State.UNKNOWN
    assert found.nodes["database:workflow"].state is State.UNKNOWN
    assert found.nodes["channel:web"].state is State.WELL, "intake says that"
    assert found.nodes["group:linli.workflow"].figures["lag"] == 0


def test_a_service_of_which_one_process_does_not_answer_ails():
    def two(n):
        both = sample(n)
        other = process("notify", n, heard=0)
        return both.model_copy(update={"processes": {**both.processes, "notify@10.0.0.2:8103": other}})

    found = picture(looks(two))
    assert found.nodes["service:notify"].state is State.AILING
    assert found.nodes["service:notify"].figures["up"] == 1


def test_when_something_went_over_an_edge_last_is_remembered():
    first, second, third = (sample(n, ends={"linli.cases": 10 + min(n, 1)}) for n in range(3))
    once = second.model_copy(update={"moved": moved(CONTRACTS, first, second)})
    after = third.model_copy(update={"moved": moved(CONTRACTS, once, third)})
    assert after.moved["service:workflow>topic:linli.cases"] == NOON + EVERY


def test_a_process_that_began_anew_counts_from_nothing():
    def restarted(n):
        written = {"linli.cases": 1_000.0 + n} if n < 4 else {"linli.cases": 5.0 * (n - 4)}
        return sample(n, written=written, started=1.0 if n < 4 else 2.0)

    rate = picture(looks(restarted)).edges["service:workflow>topic:linli.cases"].rate
    assert rate is not None
    assert 0 <= rate < 1


def test_the_difference_tells_who_came_who_went_and_how_each_stands():
    before = picture(looks(sample))
    after = picture(
        looks(lambda n: stopped(sample(n), "notify", since=1).model_copy(update={"strangers": ("group:linli.x",)}))
    )
    found = difference(before, after)
    assert found.came == ("group:linli.x",)
    assert Changed("service:notify", "well", "stopped") in found.changed


def test_nothing_overlaps_and_the_same_picture_looks_the_same():
    placed = layout(picture(looks(sample)))
    corners = [(each.x, each.y) for each in placed.nodes]
    assert len(set(corners)) == len(corners)
    assert all(x + WIDTH <= placed.width and y + HEIGHT <= placed.height for x, y in corners)
    assert placed == layout(picture(looks(sample)))


def test_events_go_from_left_to_right():
    at = {each.node.id: each.x for each in layout(picture(looks(sample))).nodes}
    way = ["channel:web", "service:intake", "topic:linli.intake", "group:linli.workflow", "service:workflow"]
    way += ["topic:linli.cases", "group:linli.notify", "service:notify", "topic:linli.notices"]
    assert [at[each] for each in way] == sorted(at[each] for each in way)
    assert len({at[each] for each in way}) == len(way)


def test_an_edge_is_drawn_in_four_widths():
    assert [weight(rate) for rate in (None, 0.0, 0.05, 0.5, 5, 50)] == [1, 1, 1, 2, 3, 4]


def test_of_very_many_nodes_those_that_are_well_stand_together():
    silent = {figure("linli_workflow_partner_orders_unanswered", community="c", party=f"p{n}"): 0.0 for n in range(400)}
    silent[figure("linli_workflow_partner_orders_unanswered", community="c", party="late")] = 2.0
    full = picture(looks(lambda n: sample(n, figures={"workflow": silent})))
    assert len(full.nodes) > 400
    drawn = grouped(full)
    assert len(drawn.nodes) <= 300
    assert drawn.nodes["partner:c/late"].state is State.SILENT
    [together] = [node for node in drawn.nodes.values() if node.id.endswith(":*")]
    assert together.figures == {"together": 400.0}
    assert len(members(full, together.id)) == 401, "the page of them has those that stand for themselves too"
    assert all(edge.source in drawn.nodes and edge.target in drawn.nodes for edge in drawn.edges.values())
    assert len(layout(drawn).nodes) == len(drawn.nodes)


def test_a_picture_that_can_be_drawn_stays_as_it_is():
    found = picture(looks(sample))
    assert grouped(found) is found
