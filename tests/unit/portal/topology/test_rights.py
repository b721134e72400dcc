"""Who may do what in Kafka: declared beside found."""

from dataclasses import replace

import pytest

from linli.messaging.rights import Acl, Right, of_face, of_partner, of_service, user_of
from portal.topology.domain.findings import Rule
from portal.topology.domain.joining import join
from portal.topology.domain.picture import Kind, State
from portal.topology.domain.rights import TOLD, concerning, wanted
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Sample, figure
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, READS, looks, sample
from workflow.partners.domain.partner import Login, Partner, Way
from workflow.partners.rights_told import told

NAMED = replace(CONTRACTS, services=("portal", *CONTRACTS.services), named=True)
STRANGE = Acl("stranger", "topic", "linli.cases", "read")
USER = "partner.east.water.a"


def as_declared() -> set[Acl]:
    found = {Acl.of(user_of("portal"), each) for each in of_face("linli")}
    for service, reads in READS.items():
        writes = [name for name, topic in CONTRACTS.topics.items() if topic.writer == service]
        rights = of_service(service, writes, [name for name, _ in reads], "linli")
        found |= {Acl.of(user_of(service), each) for each in rights}
    return found


def seen(acls: set[Acl], told: str = TOLD, partner: dict[str, float] | None = None):
    def look(n: int) -> Sample:
        figures = {"workflow": partner} if partner else None
        return sample(n, figures=figures).model_copy(update={"rights": tuple(sorted(acls)), "rights_told": told})

    return looks(look)


def found(window: list[Sample], contracts=NAMED):
    picture = join(contracts, window, window[-1].at)
    rules = {Rule.ACL_UNDECLARED, Rule.ACL_MISSING}
    return picture, {each.id: each.evidence for each in judged(contracts, window, picture) if each.rule in rules}


def partner(may: str, in_line: float = 1.0) -> dict[str, float]:
    labels = {"community": "east", "party": "water", "user": USER, "may": may}
    unanswered = figure("linli_workflow_partner_orders_unanswered", community="east", party="water")
    return {unanswered: 0.0, figure("linli_workflow_partner_rights", **labels): in_line}


def test_what_is_given_as_declared_is_nothing_amiss() -> None:
    picture, amiss = found(seen(as_declared()))
    assert amiss == {}
    assert {picture.nodes[f"service:{name}"].figures["rights"] for name in NAMED.services if name != "portal"} == {
        "as_declared"
    }
    assert picture.rights == TOLD


def test_a_stranger_s_right_is_told_of_with_the_stranger() -> None:
    picture, amiss = found(seen(as_declared() | {STRANGE}))
    assert amiss == {"acl_undeclared@user:stranger": {"user": "stranger", "acls": "read topic linli.cases", "count": 1}}
    node = picture.nodes["user:stranger"]
    assert (node.kind, node.state, node.figures["acl_undeclared"]) == (Kind.USER, State.UNDECLARED, 1)


def test_a_service_that_may_more_or_less_than_is_declared() -> None:
    more = Acl(user_of("notify"), "topic", "linli.cases", "write")
    less = Acl(user_of("notify"), "topic", "linli.cases", "read")
    picture, amiss = found(seen((as_declared() | {more}) - {less}))
    assert {id: each["acls"] for id, each in amiss.items()} == {
        "acl_undeclared@service:notify": "write topic linli.cases",
        "acl_missing@service:notify": "read topic linli.cases",
    }
    figures = picture.nodes["service:notify"].figures
    assert (figures["rights"], figures["acl_undeclared"], figures["acl_missing"]) == ("differ", 1, 1)


def test_where_services_have_no_name_nobody_misses_their_rights() -> None:
    picture, amiss = found(seen(set()), CONTRACTS)
    assert amiss == {}
    assert "rights" not in picture.nodes["service:notify"].figures


@pytest.mark.parametrize("why", ["refused", "no_authorizer", "too_many", ""])
def test_what_nobody_tells_is_unknown_and_not_well(why: str) -> None:
    picture, amiss = found(seen(set(), told=why))
    assert amiss == {}
    assert picture.rights == why
    assert picture.nodes["service:notify"].figures["rights"] == "unknown"


def test_a_difference_of_a_moment_is_none() -> None:
    window = seen(as_declared())
    window[-1] = window[-1].model_copy(update={"rights": (*window[-1].rights, STRANGE)})
    assert found(window)[1] == {}


def test_a_partner_s_rights_follow_from_what_workflow_says() -> None:
    groups = "partner.east.water."
    orders, updates = "linli.partner.east.water.orders", "linli.partner.east.water.updates"
    topics = ("linli.partner.east.water.receipts", "linli.sandbox.partner.east.water.receipts")
    read = (orders, "linli.sandbox.partner.east.water.orders", *topics)
    written = (updates, "linli.sandbox.partner.east.water.updates")
    its = {Acl.of(USER, each) for each in of_partner(read, written, groups, writes=False)}
    window = seen(as_declared() | its, partner=partner("reads"))
    picture, amiss = found(window)
    assert amiss == {}
    assert picture.nodes["partner:east/water"].figures["rights"] == "as_declared"
    missing = Acl(USER, "group", groups, "read", prefixed=True)
    assert set(found(seen((as_declared() | its) - {missing}, partner=partner("reads")))[1]) == {
        "acl_missing@partner:east/water"
    }
    more = Acl(USER, "topic", updates, "write")
    assert set(found(seen(as_declared() | its | {more}, partner=partner("reads")))[1]) == {
        "acl_undeclared@partner:east/water"
    }
    assert found(seen(as_declared(), partner=partner("reads", in_line=0.0)))[1] == {}, "it is being changed"
    assert len(found(seen(as_declared() | its, partner=partner("none")))[1]) == 1, "it had gone"


def test_others_affairs_are_not_kept() -> None:
    others = {
        Acl("shop", "topic", "orders", "read"),
        Acl("shop", "group", "shop.", "read", prefixed=True),
        Acl("admin", "cluster", "kafka-cluster", "alter"),
    }
    everything = Acl("admin", "topic", "*", "read")
    short = Acl("admin", "topic", "lin", "read", prefixed=True)
    refused = Acl("linli-intake", "topic", "linli.cases", "read", denied=True)
    kept = set(concerning([*others, everything, short, refused], NAMED, sample(0)))
    assert kept == {everything, short, refused}


def test_names_are_those_that_workflow_gives_a_partner() -> None:
    logins = (Login("a", 1),)
    one = Partner("east", "water", NOON, "op", ways=(Way.KAFKA,), logins=logins, generations=1, applied=1)
    assert told(one) == [(USER, "reads"), (USER, "writes"), ("partner.east.water.b", "none")]
    labels = {"community": "east", "party": "water", "user": USER, "may": "reads"}
    want = wanted(NAMED, sample(0, figures={"workflow": {figure("linli_workflow_partner_rights", **labels): 1.0}}))
    theirs = {each for each in want.acls if each.user == USER}
    assert Acl.of(USER, Right("group", one.group_prefix, "read", prefixed=True)) in theirs
    for name in ("orders", "receipts", "updates"):
        for sandbox in (False, True):
            assert Acl(USER, "topic", f"linli.{one.topic(name, sandbox=sandbox)}", "describe") in theirs


def test_a_sample_with_rights_is_kept_as_it_is() -> None:
    one = seen({STRANGE})[0]
    assert Sample.model_validate(one.model_dump(mode="json")) == one
