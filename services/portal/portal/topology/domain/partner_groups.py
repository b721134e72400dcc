"""The consumer groups of partners, who read their own topics with programs of their own, and those of an operator's own
programs.

What takes effect there nobody here knows: the offset that a group has committed to Kafka is the only truth.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from linli.messaging.rights import groups_of_partner, topics_of_partner
from portal.topology.domain.counting import Passed
from portal.topology.domain.declared import Declared
from portal.topology.domain.lag import committed, committed_lag, end_of
from portal.topology.domain.lanes import lane_of_service
from portal.topology.domain.picture import Kind, Node, State, edge_id
from portal.topology.domain.rights import partners
from portal.topology.domain.sample import Sample

MOST = 10
"""Groups of one partner that are looked at: each costs a question."""
READ = ("orders", "receipts")
BY_COMMITTED = "committed"


def reading(sample: Sample) -> Sequence[tuple[str, str]]:
    """Community and party of those who may read topics of their own."""
    return sorted(
        {(community, party) for (community, party, _), (may, _) in partners(sample).items() if "reads" in may}
    )


def topics_read(prefix: str, sample: Sample) -> Sequence[str]:
    """By partners, as Kafka calls them."""
    return [name for whose in reading(sample) for name in topics_of_partner(prefix, *whose, *READ)]


def groups_among(names: Sequence[str], sample: Sample) -> Mapping[str, str]:
    """Group → its partner, of those of these that are a partner's; so many of each as are looked at."""
    found: dict[str, str] = {}
    for community, party in reading(sample):
        begin = groups_of_partner(community, party)
        theirs = sorted((name for name in names if name.startswith(begin)), key=_first_of_its_kit(begin))
        found |= dict.fromkeys(theirs[:MOST], f"{community}/{party}")
    return found


def _first_of_its_kit(begin: str) -> Callable[[str], tuple[bool, str]]:
    return lambda name: (name != f"{begin}program", name)


def passed_to_partners(declared: Declared, sample: Sample) -> Iterator[Passed]:
    """What notify wrote for each group, and what the group says that it has read."""
    for group, partner in groups_among(list(sample.groups), sample).items():
        topics = topics_of_partner(declared.prefix, *partner.split("/"), *READ)
        ends = {f"{topic}/0": float(end) for topic in topics if (end := end_of(sample, (topic, 0))) is not None}
        read = {f"{topic}/{at}": float(offset) for (topic, at), offset in _own(sample, group, topics).items()}
        yield Passed("service:notify", f"group:{group}", ends or None)
        yield Passed(f"group:{group}", f"partner:{partner}", read or None)


def nodes_of_partners(declared: Declared, sample: Sample) -> Iterator[Node]:
    """Each group with its members, how far it is behind, and when it was seen to read last."""
    for group, partner in groups_among(list(sample.groups), sample).items():
        seen = sample.groups[group]
        topics = topics_of_partner(declared.prefix, *partner.split("/"), *READ)
        read = _own(sample, group, topics)
        if not read and not seen.members:
            continue  # of another installation, or nobody ever read in it
        figures: dict[str, float | str] = {"state": seen.state, "members": len(seen.members)}
        figures["counted_by"] = BY_COMMITTED
        if read:
            # What it has not committed in one of its topics it has not begun to read.
            ends = {topic: end_of(sample, (topic, 0)) or 0 for topic in topics}
            figures["lag_committed"] = sum(max(0, end - read.get((topic, 0), 0)) for topic, end in ends.items())
        if moved := sample.moved.get(edge_id(f"group:{group}", f"partner:{partner}")):
            figures["since"] = moved.isoformat(timespec="seconds")
        state = State.UNKNOWN if not sample.kafka else State.WELL if seen.members else State.SILENT
        yield Node(f"group:{group}", Kind.GROUP, group, state, lane_of_service("notify") + 1, partner, figures)


def nodes_of_operators(declared: Declared, sample: Sample) -> Iterator[Node]:
    """Each group of an operator's own programs."""
    for group in sorted(declared.own_groups):
        seen = sample.groups.get(group)
        figures: dict[str, float | str] = {"counted_by": BY_COMMITTED}
        if seen:
            figures |= {"state": seen.state, "members": len(seen.members)}
        if (lag := committed_lag(sample, group)) is not None:
            figures["lag_committed"] = lag
        state = State.UNKNOWN if not sample.kafka else State.WELL if seen and seen.members else State.SILENT
        yield Node(f"group:{group}", Kind.GROUP, group, state, lane_of_service("notify") + 1, "operator", figures)


def _own(sample: Sample, group: str, topics: Sequence[str]) -> Mapping[tuple[str, int], int]:
    return {place: offset for place, offset in committed(sample, group).items() if place[0] in topics}
