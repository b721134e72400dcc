"""How far a consumer group is behind: in records, in seconds, and how long it will take to be up to date.

What counts is the offset up to which records took effect, which is in the services' databases; Kafka's own committed
offsets are advisory. Seconds are interpolated between the ends of the topic as they were sampled. Whether a group has
stalled is told by a window of samples and not by a threshold, after Burrow's rules
(https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from portal.topology.domain.counting import POSITION
from portal.topology.domain.sample import Sample, labelled

LOOKS = 4
"""Samples that a window has at least for a judgement."""
STALLED_AFTER = timedelta(seconds=25)
"""That it spans at least."""
Place = tuple[str, int]
"""Topic and partition."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How a group stands."""

    records: int
    seconds: float | None = None
    """How old the oldest is that it has not applied; None: older than what was sampled."""
    clears_in: float | None = None
    """Seconds until it is up to date, as it goes now; None: it does not come nearer."""
    stalled: tuple[Place, ...] = ()
    """Where there is something to read and nothing was read in the whole window."""
    falling_behind: bool = False
    """It reads, and yet was further behind with each sample."""


def positions(sample: Sample, group: str) -> Mapping[Place, int]:
    """Up to where each partition has taken effect, as its reader said last."""
    found: dict[Place, int] = {}
    for process in sample.processes.values():
        for labels, value in labelled(process.figures, POSITION, "group", "topic", "partition"):
            if labels["group"] == group and labels["partition"].isdecimal():
                place = labels["topic"], int(labels["partition"])
                found[place] = max(int(value), found.get(place, 0))
    return found


def committed(sample: Sample, group: str) -> Mapping[Place, int]:
    """Up to where each partition is read, as Kafka was told: of our own groups advice, of others' all there is."""
    seen = sample.groups.get(group)
    found = {}
    for place, offset in (seen.committed if seen else {}).items():
        topic, _, partition = place.rpartition("/")
        found[topic, int(partition)] = offset
    return found


def committed_lag(sample: Sample, group: str) -> int | None:
    """Records behind that; None where the group has told Kafka nothing."""
    read = committed(sample, group)
    ends = {place: end for place in read if (end := end_of(sample, place)) is not None}
    return sum(max(0, end - read[place]) for place, end in ends.items()) if ends else None


def lag_of(window: Sequence[Sample], group: str) -> Lag | None:
    """From samples of the last minutes, oldest first; None where nobody has said where the group is."""
    newest = window[-1]
    applied = positions(newest, group)
    if not applied:
        return None
    behind = {place: max(0, end - at) for place, at in applied.items() if (end := end_of(newest, place)) is not None}
    records = sum(behind.values())
    if not records:
        return Lag(0, 0.0, 0.0)
    waits = [seconds_behind(window, place, applied[place]) for place, left in behind.items() if left]
    known = [each for each in waits if each is not None]
    stalled = tuple(sorted(place for place, left in behind.items() if left and _stands_still(window, group, place)))
    return Lag(
        records,
        max(known) if len(known) == len(waits) else None,
        _clears_in(window, group, records),
        stalled,
        not stalled and _falls_behind(window, group),
    )


def end_of(sample: Sample, place: Place) -> int | None:
    """Where a partition ends."""
    topic = sample.topics.get(place[0])
    return topic.ends[place[1]] if topic and place[1] < len(topic.ends) else None


def seconds_behind(window: Sequence[Sample], place: Place, at: int) -> float | None:
    """When the topic ended where the reader is now, before the newest sample: a straight line between two samples."""
    newest = window[-1]
    ends = [(sample.at, end) for sample in window if (end := end_of(sample, place)) is not None]
    if not ends or ends[0][1] > at:
        return None
    for (when, end), (later, further) in pairwise(ends):
        if end <= at < further:
            moment = when + (later - when) * ((at - end) / (further - end))
            return (newest.at - moment).total_seconds()
    return 0.0


def _clears_in(window: Sequence[Sample], group: str, records: int) -> float | None:
    first = window[0]
    before = _behind(first, group)
    seconds = (window[-1].at - first.at).total_seconds()
    if before is None or seconds <= 0 or before <= records:
        return None
    return records / ((before - records) / seconds)


def _behind(sample: Sample, group: str) -> int | None:
    applied = positions(sample, group)
    if not applied:
        return None
    return sum(max(0, end - at) for place, at in applied.items() if (end := end_of(sample, place)) is not None)


def _stands_still(window: Sequence[Sample], group: str, place: Place) -> bool:
    """Burrow's rule: over the whole window it had something to read, and its offset did not move."""
    seen = [
        (sample.at, at, end)
        for sample in window
        if (at := positions(sample, group).get(place)) is not None and (end := end_of(sample, place)) is not None
    ]
    # What came in a moment ago counts from then on.
    since = next((number for number in range(len(seen) - 1, -1, -1) if seen[number][1] >= seen[number][2]), -1) + 1
    waiting = seen[since:]
    if len(waiting) < LOOKS or waiting[-1][0] - waiting[0][0] < STALLED_AFTER:
        return False
    recent = [each for each in waiting if waiting[-1][0] - each[0] <= STALLED_AFTER * 2]
    return len({at for _, at, _ in recent}) == 1


def _falls_behind(window: Sequence[Sample], group: str) -> bool:
    """Burrow's rule: it reads, and the lag is no smaller in any sample than in the one before."""
    lags = [left for sample in window if (left := _behind(sample, group)) is not None]
    long = window[-1].at - window[0].at >= STALLED_AFTER * 2
    rising = all(later >= before for before, later in pairwise(lags))
    return long and len(lags) >= LOOKS and lags[0] > 0 and lags[-1] > lags[0] and rising
