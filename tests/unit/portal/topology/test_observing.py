"""An observer does not end what it observes: what it cannot read it passes over, what it trips over it says once."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from linli.messaging.kafka import GroupState, Look, Survey
from linli.messaging.kafka.acls import Listed
from portal.topology.domain.counting import passed
from portal.topology.domain.declared import as_told
from portal.topology.domain.findings import Finding
from portal.topology.domain.joining import join
from portal.topology.domain.picture import Flow, State
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Sample, figure, labelled, named
from portal.topology.kafka_sight import PARTNERS_A_LOOK, KafkaSight
from portal.topology.observing import observe
from portal.topology.reading import KEPT, WHOLE, figures_of
from portal.topology.sampler import KAFKA_WITHIN, LEASE, SETTLES, Sampler
from portal.topology.window import Window
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, EVERY, address, looks, sample
from tests.unit.portal.topology.test_window import Kept, window_on


def with_figures(one: Sample, service: str, **figures: float) -> Sample:
    process = one.processes[address(service)]
    process = process.model_copy(update={"figures": {**process.figures, **figures}})
    return one.model_copy(update={"processes": {**one.processes, address(service): process}})


@pytest.mark.parametrize("name", sorted(name for name, labels in KEPT.items() if labels))
def test_a_figure_without_its_labels_is_passed_over(name: str) -> None:
    bare, other = {name: 1.0}, {figure(name, further="x"): 1.0}
    for service in ("intake", "workflow", "notify"):
        window = looks(lambda n, service=service: with_figures(sample(n), service, **bare, **other))
        picture = join(CONTRACTS, window, window[-1].at)
        assert judged(CONTRACTS, window, picture) is not None
        assert {each.state for each in picture.nodes.values()} <= {State.WELL, State.SILENT}


def test_a_partition_that_is_no_number_is_passed_over() -> None:
    odd = figure("linli_consumer_position", group="linli.notify", topic="linli.cases", partition="all")
    window = looks(lambda n: with_figures(sample(n), "notify", **{odd: 1.0}))
    assert judged(CONTRACTS, window, join(CONTRACTS, window, window[-1].at)) == []


def test_what_lacks_a_label_is_counted() -> None:
    lacking: Counter[str] = Counter()
    text = 'linli_http_calls_total{outcome="ok"} 1\nlinli_http_calls_total{to="intake",outcome="ok"} 2\n'
    assert list(figures_of(text, lacking).values()) == [2]
    assert lacking == {"linli_http_calls_total": 1}


@pytest.mark.parametrize("value", ["a|b", "a=b", "a%7Cb", "%25|%7C=", "|", ""])
def test_a_label_may_hold_any_character(value: str) -> None:
    key = figure("linli_service_info", member=value, version="1")
    assert named(key) == ("linli_service_info", {"member": value, "version": "1"})
    assert figures_of(f'linli_service_info{{service="x",member="{value}",version="1"}} 1\n')


def test_what_was_kept_before_a_label_could_hold_any_character_is_read() -> None:
    [(labels, _)] = labelled({"linli_service_info|member=a|b|version=1": 1.0}, "linli_service_info", "member")
    assert labels["member"] == "a"


async def test_a_look_that_fails_is_told_of_once_and_the_next_one_comes() -> None:
    tried: list[int] = []
    failures: list[int] = []
    done = asyncio.Event()

    async def look() -> None:
        tried.append(1)
        if len(tried) > 5:
            done.set()
        raise KeyError("topic")

    with capture_logs() as logs:
        task = asyncio.create_task(observe("topology", look, 0, lambda: failures.append(1)))
        await asyncio.wait_for(done.wait(), 5)
        task.cancel()
    assert [each["event"] for each in logs] == ["topology_failed"]
    assert len(failures) >= 5


class Remembering(Kept):
    """Stands for the store, of the sampler too."""

    async def last(self) -> Sample | None:
        return self.samples[-1] if self.samples else None

    async def append(self, sample: Sample, before: Sample | None, *, whole: bool) -> None:
        self.samples.append(sample)

    async def follow(self, findings: Any) -> None:
        pass

    async def findings(self) -> dict[str, Finding]:
        return {}


class Leases:
    """Stands for the database: whose lease it is at each question."""

    def __init__(self, *owners: str) -> None:
        self._owners = list(owners)

    @property
    def leases(self) -> "Leases":
        return self

    async def find_one_and_update(self, *_: Any, **__: Any) -> dict[str, str]:
        return {"owner": self._owners.pop(0) if len(self._owners) > 1 else self._owners[0]}


class Seeing(Sampler):
    """Sees what it is given."""

    def __init__(self, kept: Any, *owners: str, now: datetime = NOON) -> None:
        nobody: Any = None
        database: Any = Leases(*owners)
        super().__init__(database, kept, CONTRACTS, nobody, nobody, "me", lambda: now, every=0)
        self.sees: list[Sample] = []

    async def _sample(self, before: Sample | None) -> Sample:
        return self.sees.pop(0)


async def test_what_cannot_be_judged_is_not_kept_and_the_next_look_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Remembering(sample(0))
    sampler = Seeing(kept, "me", now=NOON + EVERY)
    broken = sample(1).model_copy(update={"topics": {"linli.cases": None}})
    sampler.sees = [broken, sample(2)]
    with pytest.raises(AttributeError):
        await sampler.look()
    assert kept.samples == [sample(0)]
    sampler._failed()
    await sampler.look()
    assert kept.samples[-1].at == sample(2).at


async def test_a_picture_that_cannot_be_put_together_is_the_last_one_with_nothing_known() -> None:
    kept: Any = Kept(sample(0))
    window: Window = window_on(kept, NOON)
    await window.look()
    before = window.picture()
    assert before is not None
    kept.samples.append(sample(1).model_copy(update={"moved": None}))
    window.now = lambda: NOON + EVERY
    await window.look()
    with capture_logs() as logs:
        after = [window.picture(), window.picture()]
    assert len(logs) == 1
    assert after[0] is after[1] and after[0] is not None
    assert (after[0].fresh, set(after[0].nodes)) == (False, set(before.nodes))
    assert {each.state for each in after[0].nodes.values()} == {State.UNKNOWN}
    assert {each.flow for each in after[0].edges.values()} <= {Flow.UNKNOWN, Flow.UNDECLARED}
    kept.samples.append(sample(2))
    window.now = lambda: NOON + 2 * EVERY
    await window.look()
    again = window.picture()
    assert again is not None and again.fresh


def test_what_was_passed_is_counted_without_odd_figures() -> None:
    one = with_figures(sample(0), "notify", **{"linli_http_calls_total": 3.0})
    assert "service:notify>service:intake" not in {each.id for each in passed(as_told(CONTRACTS, one), one)}


async def test_who_has_lost_its_lease_while_it_looked_keeps_nothing() -> None:
    kept = Remembering()
    sampler = Seeing(kept, "me", "another")
    sampler.sees = [sample(0)]
    await sampler.look()
    assert kept.samples == []


class Slow:
    """Stands for Kafka that does not answer."""

    async def look(self, *_: Any) -> None:
        await asyncio.Event().wait()


async def test_kafka_that_does_not_answer_is_not_waited_for() -> None:
    slow: Any = Slow()
    assert await asyncio.wait_for(KafkaSight(CONTRACTS, slow, 0.01).look(None, sample(0)), 5) is None


class Many:
    """Stands for Kafka with a great many groups of partners."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.asked = names, list[set[str]]()

    async def look(self, _: Any, groups: list[str]) -> Look:
        self.asked.append(set(groups))
        states = {name: GroupState("Stable", (f"at look {len(self.asked)}",)) for name in groups}
        return Look(Survey((1,), 1, {}), {}, {}, states)

    async def settings(self, *_: Any) -> dict[str, Any]:
        return {}

    async def named_like(self, *_: Any) -> tuple[list[str], list[str]]:
        return [], self.names

    async def rights(self) -> Listed:
        return Listed()


async def test_of_a_great_many_partners_groups_each_look_asks_a_few_in_turn_and_the_others_stand() -> None:
    parties = [f"p{n:02}" for n in range(30)]
    labels = {"community": "east", "may": "reads"}
    rights = {
        figure("linli_workflow_partner_rights", party=party, user=f"partner.east.{party}.a", **labels): 1.0
        for party in parties
    }
    theirs = [f"partner.east.{party}.{n}" for party in parties for n in range(9)]
    before = sample(0, figures={"workflow": rights})
    kafka: Any = Many(theirs)
    sight = KafkaSight(CONTRACTS, kafka, 5)
    for _ in range(15):
        look = await sight.look(before, before)
        _topics, groups = sight.told(look, before)
        before = before.model_copy(update={"groups": groups})
    partners = [asked & set(theirs) for asked in kafka.asked]
    assert max(map(len, partners)) == PARTNERS_A_LOOK
    assert set().union(*partners) == set(theirs), "each has its turn"
    assert set(theirs) < set(before.groups), "those whose turn it is not stand as they were"
    assert all({"linli.workflow", "linli.notify"} <= asked for asked in kafka.asked), "ours are asked for at each look"


def test_a_look_takes_less_than_the_lease_lasts() -> None:
    assert 1 + 2 * WHOLE + SETTLES + KAFKA_WITHIN < LEASE
