"""The last minutes as one process of the portal knows them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from linli.web.signals import Fanout, Pace
from portal.topology.domain.findings import Finding, Rule, acknowledged
from portal.topology.domain.sample import Sample
from portal.topology.window import SPAN, Window
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, EVERY, sample


class Kept:
    """Stands for the store: the samples that are there."""

    def __init__(self, *samples: Sample) -> None:
        self.samples: list[Sample] = list(samples)
        self.asked: list[str] = []

    async def window(self, until: datetime, span: timedelta) -> Sequence[Sample]:
        self.asked.append("window")
        return [each for each in self.samples if until - span <= each.at <= until]

    async def after(self, last: Sample) -> Sequence[Sample]:
        self.asked.append("after")
        return [each for each in self.samples if each.at > last.at]

    async def oldest(self) -> datetime | None:
        return min((each.at for each in self.samples), default=None)

    async def findings(self) -> dict[str, Finding]:
        return {}


def window_on(kept: Any, now: datetime) -> Window:
    return Window(kept, CONTRACTS, lambda: now, Fanout(Pace()))


async def test_it_takes_in_what_has_come_and_forgets_what_is_too_old() -> None:
    kept = Kept(sample(0), sample(1))
    window = window_on(kept, NOON + 30 * EVERY)
    assert window.picture() is None
    window.now = lambda: NOON + EVERY
    await window.look()
    kept.samples += [sample(2), sample(25)]
    window.now = lambda: NOON + 25 * EVERY
    await window.look()
    assert [each.at for each in window.samples] == [NOON + 25 * EVERY]
    assert kept.asked == ["window", "after"]
    picture = window.picture()
    assert picture is not None and picture.seq == int((NOON + 25 * EVERY).timestamp() * 1000)


async def test_what_somebody_says_of_a_finding_is_known_at_once_and_told_to_who_looks() -> None:
    window = window_on(Kept(sample(0)), NOON)
    await window.look()
    listener = window.viewers.join("10.0.0.1", lambda _: None, ["sample"], 60)
    one = Finding("parked@parking:workflow", Rule.PARKED, "parking:workflow", "workflow", {}, NOON, NOON)
    window.learn(acknowledged(one, "operator", NOON))
    assert window.findings[one.id].acknowledged_by == "operator"
    assert list(listener.waiting) == ["sample"]


async def test_after_a_long_silence_it_begins_anew() -> None:
    kept = Kept(sample(0))
    window = window_on(kept, NOON)
    await window.look()
    window.now = lambda: NOON + 3 * SPAN
    await window.look()
    assert kept.asked == ["window", "window"]
    assert window.picture() is None


async def test_a_picture_is_put_together_once_and_anew_when_it_is_no_longer_fresh() -> None:
    window = window_on(Kept(sample(0)), NOON)
    await window.look()
    first = window.picture()
    assert first is window.picture()
    window.now = lambda: NOON + timedelta(minutes=1)
    stale = window.picture()
    assert first is not None
    assert stale is not None
    assert (first.fresh, stale.fresh) == (True, False)


async def test_who_listens_hears_of_a_sample_and_of_its_growing_old() -> None:
    kept = Kept(sample(0))
    window = window_on(kept, NOON)
    await window.look()
    listener = window.viewers.join("10.0.0.1", lambda _: None, ["sample"], 60)
    await window.look()
    assert not listener.waiting, "nothing has come"
    kept.samples.append(sample(1))
    window.now = lambda: NOON + EVERY
    await window.look()
    assert list(listener.waiting) == ["sample"]
    listener.waiting.clear()
    window.now = lambda: NOON + timedelta(minutes=1)
    await window.look()
    assert list(listener.waiting) == ["sample"], "it is no longer fresh"


async def test_a_picture_is_placed_once_for_all_who_look() -> None:
    kept = Kept(sample(0))
    window = window_on(kept, NOON)
    await window.look()
    first = window.picture()
    assert first is not None
    assert window.placed(first) is window.placed(first)
    assert window.oldest == NOON
    kept.samples.append(sample(1))
    window.now = lambda: NOON + EVERY
    await window.look()
    later = window.picture()
    assert later is not None
    assert window.placed(later) is not window.placed(first)
