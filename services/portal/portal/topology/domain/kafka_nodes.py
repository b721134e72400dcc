"""The topics and groups of the picture, with their figures and how they stand."""

from collections.abc import Iterator, Sequence

from portal.topology.domain.declared import Declared
from portal.topology.domain.lag import committed_lag, lag_of
from portal.topology.domain.lanes import lane_of_service
from portal.topology.domain.picture import Kind, Node, State
from portal.topology.domain.sample import Sample


def topic_nodes(declared: Declared, window: Sequence[Sample]) -> Iterator[Node]:
    """Each topic that is declared, with how Kafka has it."""
    sample = window[-1]
    for name, topic in declared.topics.items():
        lane = lane_of_service(topic.writer or "notify") + 1
        seen = sample.topics.get(name)
        owner = topic.writer or "operator"
        if seen is None:
            state = State.SILENT if sample.kafka else State.UNKNOWN
            yield Node(f"topic:{name}", Kind.TOPIC, name, state, lane, owner)
            continue
        state = State.WELL if sample.kafka else State.UNKNOWN
        if seen.behind or seen.leaderless:
            state = State.AILING
        figures: dict[str, float | str] = {
            "partitions": seen.partitions,
            "replication": seen.replication,
            "records": sum(seen.ends) - sum(seen.begins),
            "behind": seen.behind,
            "leaderless": seen.leaderless,
        }
        if (rate := _came_in(window, name)) is not None:
            figures["rate"] = round(rate, 2)
        if (kept := seen.config.get("retention.ms", "")).isdecimal() and "compact" not in seen.config.get(
            "cleanup.policy", ""
        ):
            figures["kept_days"] = round(int(kept) / 86_400_000, 1)
        yield Node(f"topic:{name}", Kind.TOPIC, name, state, lane, owner, figures)


def _came_in(window: Sequence[Sample], topic: str) -> float | None:
    """Records a second, over the window."""
    first, last = window[0], window[-1]
    seconds = (last.at - first.at).total_seconds()
    if not seconds or topic not in first.topics or not (first.kafka and last.kafka):
        return None
    return max(0.0, sum(last.topics[topic].ends) - sum(first.topics[topic].ends)) / seconds


def group_node(declared: Declared, window: Sequence[Sample], group: str, service: str) -> Node:
    """A service's group, with how far it is."""
    newest = window[-1]
    seen, lag = newest.groups.get(group), lag_of(window, group)
    figures: dict[str, float | str] = {}
    if seen:
        figures |= {"state": seen.state, "members": len(seen.members)}
    if lag:
        figures |= {"counted_by": "applied", "lag": lag.records}
        figures |= {"seconds_behind": round(lag.seconds, 1)} if lag.seconds is not None else {}
        figures |= {"clears_in": round(lag.clears_in, 1)} if lag.clears_in is not None else {}
    if (told := committed_lag(newest, group)) is not None:
        figures["lag_committed"] = told
    if not newest.kafka or lag is None or seen is None:
        state = State.UNKNOWN
    elif not seen.members:
        state = State.STOPPED
    else:
        state = State.AILING if lag.stalled or lag.falling_behind else State.WELL
    return Node(f"group:{group}", Kind.GROUP, group, state, lane_of_service(service) - 1, service, figures)
