"""Who may do what in Kafka, as it follows from the contracts and from what is declared: values, and no client of Kafka.

It is written once: what gives the rights to users goes by it (`linli_cli.operations.kafka_users`,
`linli_cli.partners.access`), and so does what compares them with those that are there (the portal's topology).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

POSITIONS = "__consumer_offsets"
"""Kafka's own topic, which the groups hang on: while nobody leads a part of it, some groups have no members."""
CLUSTER = "kafka-cluster"
"""The one name of a cluster (Kafka's `Resource.CLUSTER_NAME`)."""
ALSO_OF_PARTNERS: Mapping[str, tuple[str, ...]] = {
    "notify": ("write",),  # orders and receipts
    "workflow": ("read",),  # updates
}
"""What a service does on the topics that partners have of their own, beside it."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One operation on what has a name, or on all whose names begin so; in Kafka's words."""

    kind: str
    """`topic`, `group` or `cluster`."""
    name: str
    operation: str
    """`read`, `write`, `describe`, `describe_configs`, …"""
    prefixed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Acl:
    """A right as a broker holds it: whose, from where, and whether it is one that refuses."""

    user: str
    kind: str
    name: str
    operation: str
    prefixed: bool = False
    host: str = "*"
    denied: bool = False

    @classmethod
    def of(cls, user: str, right: Right) -> "Acl":
        return cls(user, right.kind, right.name, right.operation, right.prefixed)

    def __str__(self) -> str:
        """`read topic linli.cases`, `not write group linli.* from 10.0.0.1`"""
        refused = "not " if self.denied else ""
        source = f" from {self.host}" if self.host != "*" else ""
        return f"{refused}{self.operation} {self.kind} {self.name}{'*' if self.prefixed else ''}{source}"


def user_of(program: str) -> str:
    """Who a service or the portal is to Kafka."""
    return f"linli-{program}"


def _rights(kind: str, names: str | Iterable[str], *operations: str, prefixed: bool = False) -> frozenset[Right]:
    those = [names] if isinstance(names, str) else names
    return frozenset(Right(kind, name, operation, prefixed) for name in those for operation in operations)


def of_service(service: str, writes: Iterable[str], reads: Iterable[str], prefix: str) -> frozenset[Right]:
    """All that a service may do, of whose topics the whole names are given; names of groups begin with the prefix."""
    own = f"{prefix}.{service}"
    found = _rights("topic", writes, "write") | _rights("topic", reads, "read")
    # Its own group, and others that it may come to have: all but the first have a dot behind the name.
    found |= _rights("group", own, "read") | _rights("group", f"{own}.", "read", prefixed=True)
    # It tells in its metrics whether all parts of Kafka's own topic have a leader, without which no group works.
    found |= _rights("topic", POSITIONS, "describe")
    return found | _rights("topic", topics_of_partners(prefix), *ALSO_OF_PARTNERS.get(service, ()), prefixed=True)


def of_face(prefix: str) -> frozenset[Right]:
    """What the portal may do, which shows what flows where: see our topics, our groups and those of partners, and who
    may do what; and no record of any."""
    found = _rights("topic", f"{prefix}.", "describe", "describe_configs", prefixed=True)
    found |= _rights("group", (f"{prefix}.", GROUPS_OF_PARTNERS), "describe", prefixed=True)
    return found | _rights("cluster", CLUSTER, "describe")


# Partners ------------------------------------------------------------------------------------------------------------

GROUPS_OF_PARTNERS = "partner."
"""How the names of their groups begin, and of their users."""


def topics_of_partners(prefix: str) -> tuple[str, ...]:
    """How the names of partners' topics begin, where ours begin with this."""
    return (f"{prefix}.partner.", f"{prefix}.sandbox.partner.")


def groups_of_partner(community: str, party: str) -> str:
    """How the names of its groups begin, and those of its users. It ends in a dot, or the groups of `water2` would be
    those of `water` too."""
    return f"{GROUPS_OF_PARTNERS}{community}.{party}."


def topics_of_partner(prefix: str, community: str, party: str, *names: str) -> tuple[str, ...]:
    """Its topics of these short names, and those for trying."""
    return tuple(f"{begin}{community}.{party}.{name}" for name in names for begin in topics_of_partners(prefix))


def of_partner(read: Sequence[str], written: Sequence[str], groups: str, *, writes: bool) -> frozenset[Right]:
    """What each user of a partner's may do. Everything is literal but the groups, whose names the partner chooses."""
    rights = _rights("topic", read, "read", "describe") | _rights("group", groups, "read", prefixed=True)
    # To write is enough for an idempotent producer too, since KIP-679.
    return rights | _rights("topic", written, *(("write", "describe") if writes else ("describe",)))
