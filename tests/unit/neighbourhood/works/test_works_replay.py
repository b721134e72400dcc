"""A package is what its events make of it, whatever is tried with it in whatever order."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.neighbourhood.works import PackageEvent, PackageHandedOver, SiteRole
from linli.contracts.neighbourhood.works_accepted import AcceptancePassed
from linli.contracts.neighbourhood.works_checked import HiddenWorkCovered, RectificationVerified
from neighbourhood.refusal import Refusal
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.deciding import AnyCommand, decide, open_package
from neighbourhood.works.domain.evolving import evolve
from neighbourhood.works.domain.package import HiddenState, PackageState
from tests.support.qingdao import WORKS
from tests.unit.neighbourhood.works.site import (
    ACCEPTED,
    BUILDER,
    CLIENT,
    DEFECT_OPEN,
    HIDDEN_PASSED,
    NOW,
    RECTIFIED,
    SHED,
    SUPERVISOR,
    TODAY,
    opening,
    replayed,
)

TRIED: tuple[AnyCommand, ...] = (
    *ACCEPTED,
    *DEFECT_OPEN,
    *RECTIFIED,
    *HIDDEN_PASSED,
    do.CoverHiddenWork(**BUILDER, hidden_id="z-1"),
    do.FailHiddenWork(**SUPERVISOR, hidden_id="z-1", why="搭接不足"),
    do.ReturnRectification(**SUPERVISOR, defect_id="f-1", why="仍渗水", due=TODAY),
    do.VerifyRectification(by=BUILDER["by"], party=SUPERVISOR["party"], defect_id="f-1"),
    do.SignAcceptance(**CLIENT, role=SiteRole.CLIENT, agrees=False),
    do.FailAcceptance(**CLIENT, why="排水不畅"),
    do.SayAtGate(by="h-2", party=None, representative="h-2", agrees=False),
    do.SayAtGate(by="h-2", party=None, representative="h-2", agrees=True),
    do.AnnounceProgress(**BUILDER, percent=40, message="基础完成"),
    do.FileAcceptance(**CLIENT, number="1", on=TODAY),
    do.RevokeAcceptance(by="p-bureau", party="bureau", why="程序违法"),
    do.HandOver(**CLIENT, to="property-co", facilities=(SHED,)),
)
ORDERS = st.one_of(
    st.lists(st.sampled_from(TRIED), max_size=60),
    # in the usual order, with what is in the way put in anywhere: so that acceptances are reached
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(TRIED)), max_size=12).map(
        lambda put: _put_in([*DEFECT_OPEN, *RECTIFIED, *HIDDEN_PASSED, *ACCEPTED, *TRIED[-3:]], put)
    ),
)


def _put_in(usual: list[AnyCommand], more: list[tuple[int, AnyCommand]]) -> list[AnyCommand]:
    for at, command in more:
        usual.insert(at, command)
    return usual


@settings(max_examples=200, deadline=None)
@given(ORDERS)
def test_whatever_is_tried_the_events_make_the_state_and_no_rule_is_broken(tried: list[AnyCommand]) -> None:
    first = open_package(opening(), WORKS, NOW)
    assert not isinstance(first, Refusal)
    told: list[PackageEvent] = [first]
    package = evolve(None, first)
    for number, command in enumerate(tried):
        before = package
        event = decide(before, command, WORKS, NOW + timedelta(minutes=number))
        if isinstance(event, Refusal):
            assert event.why and event.why.chinese
            continue
        told.append(event)
        package = evolve(before, event)
        if isinstance(event, AcceptancePassed):
            assert not before.open_defects and not before.unpassed
            assert all(before.signed[role].agrees for role in WORKS.signatories)
            assert before.gate and before.gate.agrees
        if isinstance(event, PackageHandedOver):
            assert before.state is PackageState.FILED and any(isinstance(each, AcceptancePassed) for each in told)
        if isinstance(event, HiddenWorkCovered):
            assert before.hidden[event.hidden_id] is HiddenState.PASSED
        if isinstance(event, RectificationVerified):
            defect = before.defects[event.defect_id]
            assert event.by != defect.rectifier and event.party != defect.rectifier_party
    assert replayed(told) == package and package.version == len(told)
