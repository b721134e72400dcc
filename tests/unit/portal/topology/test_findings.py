"""What is found amiss, and how a finding comes, is seen to and goes."""

from datetime import timedelta

from portal.topology.domain.declared import by_contracts
from portal.topology.domain.findings import Found, Rule, acknowledged, followed, muted
from portal.topology.domain.joining import join
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import figure
from tests.support.builders import NOON
from tests.support.topology import EVERY, looks, process, sample, stopped, topic

CONTRACTS = by_contracts("linli", ("intake", "workflow", "notify"))


def found(window):
    picture = join(CONTRACTS, window, window[-1].at)
    return {each.id: each for each in judged(CONTRACTS, window, picture)}


def test_nothing_is_found_where_all_is_well():
    assert found(looks(sample)) == {}


def test_events_outside_the_contracts_are_told_apart_from_others_that_are_parked():
    def parked(reason):
        figures = {"linli_inbox_parked": 2.0, figure("linli_inbox_parked_by_reason", reason=reason): 2.0}
        return found(looks(lambda n: sample(n, figures={"workflow": figures})))

    assert set(parked("invalid_data")) == {"parked@parking:workflow"}
    both = parked("unknown_type")
    assert set(both) == {"parked@parking:workflow", "unknown_type@parking:workflow"}
    assert both["unknown_type@parking:workflow"].evidence == {"parked": 2.0}


def test_a_stopped_service_is_found_before_half_a_minute_is_over():
    window = looks(lambda n: stopped(sample(n), "notify", since=3), 7)
    assert "service_stopped@service:notify" in found(window)
    assert (window[-1].at - window[3].at) < timedelta(seconds=30)


def test_one_of_two_processes_that_is_silent_is_no_stopped_service():
    def with_two(n):
        two = sample(n)
        other = process("notify", n, heard=0)
        return two.model_copy(update={"processes": {**two.processes, "notify@10.0.0.2:8103": other}})

    assert set(found(looks(with_two, 7))) == {"process_silent@instance:notify@10.0.0.2:8103"}


def test_a_group_that_stands_still_while_there_is_something_to_read_has_stalled():
    def stuck(n):
        return sample(n, ends={"linli.cases": 10 + n}, positions={("linli.notify", "linli.cases"): 10})

    window = looks(stuck, 12)
    assert found(window)["group_stalled@group:linli.notify"].evidence["lag"] == 11
    assert found(window[:4]) == {}


def test_a_group_that_has_nothing_to_read_has_not_stalled():
    assert found(looks(lambda n: sample(n, ends={"linli.cases": 10}), 30)) == {}


def test_a_group_that_reads_on_and_is_ever_further_behind_falls_behind():
    def slow(n):
        return sample(n, ends={"linli.cases": 100 + 20 * n}, positions={("linli.notify", "linli.cases"): 50 + n})

    assert "group_falls_behind@group:linli.notify" in found(looks(slow, 15))


def test_records_that_no_writer_counted_have_an_undeclared_producer():
    def foreign(n):
        return sample(n, ends={"linli.notices": 7 + (3 if n >= 4 else 0)}, written={"linli.notices": 7})

    assert found(looks(foreign, 5)) == {}, "its writer may count it later"
    assert found(looks(foreign, 6))["undeclared_producer@topic:linli.notices"].evidence["records"] == 3


def test_what_its_writer_counts_a_look_later_has_no_undeclared_producer():
    def late(n):
        return sample(n, ends={"linli.notices": 7 + n}, written={"linli.notices": 7 + max(0, n - 1)})

    window = looks(
        lambda n: late(n) if n % 2 else sample(n, ends={"linli.notices": 7 + n}, written={"linli.notices": 7 + n}), 12
    )
    assert not any(each.startswith("undeclared_producer") for each in found(window))


def test_a_writer_that_began_anew_is_no_undeclared_producer():
    def restarted(n):
        written = {"linli.notices": 50.0 + n} if n < 5 else {"linli.notices": float(n - 5)}
        return sample(n, ends={"linli.notices": 50 + n}, written=written, started=1.0 if n < 5 else 2.0)

    assert not any(each.startswith("undeclared_producer") for each in found(looks(restarted, 12)))


def test_a_topic_whose_settings_differ_is_told_with_both_values():
    other = {**topic("linli.cases").config, "retention.ms": "1000"}
    window = looks(lambda n: sample(n, configs={"linli.cases": other}))
    assert found(window)["topic_differs@topic:linli.cases"].evidence == {"retention.ms": "1000 ≠ 2592000000"}


def test_a_partner_that_leaves_orders_unanswered_is_its_own_finding():
    figures = {"linli_workflow_partner_orders_unanswered|community=c|party=water": 2.0}
    silent = found(looks(lambda n: sample(n, figures={"workflow": figures})))
    assert silent["partner_silent@partner:c/water"].owner == "c/water"


def test_without_a_fresh_sample_nothing_is_judged():
    window = looks(lambda n: stopped(sample(n), "notify", since=0), 7)
    picture = join(CONTRACTS, window, window[-1].at + timedelta(minutes=5))
    assert judged(CONTRACTS, window, picture) == []


FOUND = Found(Rule.PARKED, "parking:notify", "notify", {"parked": 1.0})


def test_a_finding_that_is_found_no_more_has_ended_and_then_is_left_out():
    first = followed({}, [FOUND], NOON)
    ended = followed(first, [], NOON + EVERY)
    assert ended[FOUND.id].ended == NOON + EVERY
    assert followed(ended, [], NOON + 2 * EVERY) == {}


def test_a_finding_that_comes_back_is_new_to_whoever_acknowledged_the_last():
    first = followed({}, [FOUND], NOON)
    seen = {FOUND.id: acknowledged(first[FOUND.id], "ann", NOON)}
    assert followed(seen, [FOUND], NOON + EVERY)[FOUND.id].acknowledged_by == "ann"
    again = followed(followed(seen, [], NOON + EVERY), [FOUND], NOON + 2 * EVERY)
    assert again[FOUND.id].acknowledged_by is None
    assert again[FOUND.id].first_seen == NOON + 2 * EVERY


def test_a_muted_finding_stays_muted_when_it_comes_back():
    first = followed({}, [FOUND], NOON)
    quiet = {FOUND.id: muted(first[FOUND.id], NOON + timedelta(hours=1))}
    again = followed(followed(quiet, [], NOON + EVERY), [FOUND], NOON + 2 * EVERY)
    assert again[FOUND.id].is_muted(NOON + 2 * EVERY)
    assert not again[FOUND.id].is_muted(NOON + timedelta(hours=2))


def test_who_acknowledged_first_is_told_of():
    finding = followed({}, [FOUND], NOON)[FOUND.id]
    assert acknowledged(acknowledged(finding, "ann", NOON), "bob", NOON + EVERY).acknowledged_by == "ann"
