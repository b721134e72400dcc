"""Who may do what in Kafka: what is declared beside what the brokers hold.

Compared are whole ACLs, as they are given and taken (`linli.messaging.rights`). Looked at are those that touch our
names, from whomever, and those of our users and partners' that touch no name. Somebody who is given a right has it a
moment later, so what differs has to stand for some seconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from linli.messaging.rights import (
    GROUPS_OF_PARTNERS,
    Acl,
    Right,
    groups_of_partner,
    of_face,
    of_partner,
    of_service,
    topics_of_partner,
    user_of,
)
from portal.topology.domain.declared import RIGHTS, TRAFFIC, Declared, as_told
from portal.topology.domain.sample import Sample, labelled

TOLD = "told"
"""What a sample has as `rights_told` where Kafka listed all there are."""
FACE = "portal"
STANDS = timedelta(seconds=20)
"""So long a right has to be there that should not, or to lack."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What users are to have. Of `unknown` ones nobody has said it, or it is being changed."""

    acls: frozenset[Acl]
    required: frozenset[Acl]
    """Those of them that lack when they are not there."""
    users: Mapping[str, str]
    """Each of our users and partners' → its node."""
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Differing:
    """By node: what is there and not declared, what is declared and not there."""

    undeclared: Mapping[str, tuple[Acl, ...]]
    missing: Mapping[str, tuple[Acl, ...]]


def wanted(contracts: Declared, sample: Sample) -> Wanted:
    """By what the services and workflow said last."""
    declared = as_told(contracts, sample)
    acls: set[Acl] = set()
    required: set[Acl] = set()
    users: dict[str, str] = {}
    unknown: set[str] = set()
    for service in declared.services:
        user = user_of(service)
        users[user] = f"service:{service}"
        if service != FACE and not any(_has_told(each.figures) for each in sample.of(service).values()):
            unknown.add(user)
            continue
        acls |= (its := {Acl.of(user, each) for each in _of_service(declared, service)})
        required |= its if declared.named else set()
    for (community, party, user), (may, in_line) in partners(sample).items():
        users[user] = f"partner:{community}/{party}"
        if not in_line:
            unknown.add(user)
            continue
        acls |= (its := {Acl.of(user, each) for each in _of_partner(declared.prefix, community, party, may)})
        required |= its
    return Wanted(frozenset(acls), frozenset(required), users, frozenset(unknown))


def _has_told(figures: Mapping[str, float]) -> bool:
    return any(True for _ in labelled(figures, TRAFFIC))


def _of_service(declared: Declared, service: str) -> frozenset[Right]:
    if service == FACE:
        return of_face(declared.prefix)
    writes = [name for name, topic in declared.topics.items() if topic.writer == service]
    reads = [each.topic for each in declared.reads if each.service == service]
    return of_service(service, writes, reads, declared.prefix)


def partners(sample: Sample) -> Mapping[tuple[str, str, str], tuple[frozenset[str], bool]]:
    """Community, party and user → what it may, and whether Kafka was brought in line with that."""
    found: dict[tuple[str, str, str], tuple[frozenset[str], bool]] = {}
    for process in sample.of("workflow").values():
        for labels, value in labelled(process.figures, RIGHTS, "community", "party", "user", "may"):
            whose = labels["community"], labels["party"], labels["user"]
            may, in_line = found.get(whose, (frozenset[str](), True))
            found[whose] = may | {labels["may"]}, in_line and bool(value)
    return found


def _of_partner(prefix: str, community: str, party: str, may: frozenset[str]) -> frozenset[Right]:
    if "reads" not in may:
        return frozenset()
    read = topics_of_partner(prefix, community, party, "orders", "receipts")
    written = topics_of_partner(prefix, community, party, "updates")
    return of_partner(read, written, groups_of_partner(community, party), writes="writes" in may)


# What differs --------------------------------------------------------------------------------------------------------


def differing(contracts: Declared, window: Sequence[Sample]) -> Differing | None:
    """In each look of the last seconds; None where nobody has told who may do what."""
    newest = window[-1]
    if newest.rights_told != TOLD:
        return None
    recent = [each for each in window if newest.at - each.at <= STANDS and each.rights_told == TOLD]
    compared = [_compared(contracts, each) for each in recent]
    users = wanted(contracts, newest).users
    undeclared = frozenset.intersection(*(each for each, _ in compared))
    missing = frozenset.intersection(*(each for _, each in compared))
    return Differing(_by_node(undeclared, users), _by_node(missing, users))


def is_long(window: Sequence[Sample]) -> bool:
    """Whether a window says for long enough who may do what."""
    told = [each.at for each in window if each.rights_told == TOLD]
    return bool(told) and window[-1].at - told[0] >= STANDS * 0.7


def _compared(contracts: Declared, sample: Sample) -> tuple[frozenset[Acl], frozenset[Acl]]:
    want = wanted(contracts, sample)
    there = {each for each in sample.rights if _concerns(each, contracts.prefix, want)}
    undeclared = {each for each in there - want.acls if each.user not in want.unknown}
    return frozenset(undeclared), frozenset(want.required - there)


def _by_node(acls: Iterable[Acl], users: Mapping[str, str]) -> Mapping[str, tuple[Acl, ...]]:
    found: dict[str, list[Acl]] = {}
    for each in sorted(acls):
        found.setdefault(users.get(each.user, f"user:{each.user}"), []).append(each)
    return {node: tuple(those) for node, those in sorted(found.items())}


def concerning(acls: Iterable[Acl], contracts: Declared, sample: Sample) -> Iterator[Acl]:
    """Those that are worth keeping: a cluster may have thousands that are others' own affair."""
    want = wanted(contracts, sample)
    return (each for each in acls if _concerns(each, contracts.prefix, want))


def _concerns(acl: Acl, prefix: str, want: Wanted) -> bool:
    named = acl.kind in {"topic", "group"}
    if acl in want.acls or (named and _touches(acl, f"{prefix}.")):
        return True
    return acl.user in want.users and (not named or _touches(acl, GROUPS_OF_PARTNERS))


def _touches(acl: Acl, ours: str) -> bool:
    if acl.prefixed:
        return acl.name.startswith(ours) or ours.startswith(acl.name)
    return acl.name == "*" or acl.name.startswith(ours)
