"""Works are accepted when all who must sign have, residents agree and nothing is open; then filed and handed over."""

from datetime import date, timedelta

import pytest

from linli.contracts.neighbourhood.works import Appointed, Facility, PackageHandedOver, SiteRole, Trade
from linli.contracts.neighbourhood.works_accepted import AcceptanceFiled, AcceptancePassed
from linli.frozen import replace
from neighbourhood.profiles.days import Place
from neighbourhood.refusal import Refusal
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.deciding import decide, open_package
from neighbourhood.works.domain.package import PackageState
from tests.support.qingdao import WORKS
from tests.unit.neighbourhood.works.site import (
    ACCEPTED,
    APPOINTED,
    BUILDER,
    CLIENT,
    CONVENED,
    DEFECT_OPEN,
    DESIGN,
    GATE,
    HIDDEN_PASSED,
    NOW,
    PASS,
    RECTIFIED,
    RESIDENT,
    SHED,
    SIGNATURES,
    TODAY,
    after,
    opened,
    opening,
    refusal,
)

HAND_OVER = do.HandOver(**CLIENT, to="property-co", facilities=(SHED,))


def test_violation_acceptance_with_open_defects_is_refused_until_they_are_verified() -> None:
    package = after(opened(), *DEFECT_OPEN, *CONVENED, *SIGNATURES, GATE)
    for step in RECTIFIED:
        assert refusal(package, PASS) == "defects_open"
        package = after(package, step)
    assert after(package, PASS).state is PackageState.ACCEPTED


def test_violation_acceptance_with_unpassed_hidden_work_is_refused() -> None:
    package = after(opened(), HIDDEN_PASSED[0], *CONVENED, *SIGNATURES, GATE)
    assert refusal(package, PASS) == "hidden_work_not_passed"
    assert refusal(after(package, HIDDEN_PASSED[1]), PASS) == ""


@pytest.mark.parametrize("missing", range(len(SIGNATURES)))
def test_each_statutory_signature_is_needed(missing: int) -> None:
    signatures = [each for n, each in enumerate(SIGNATURES) if n != missing]
    assert refusal(after(opened(), *CONVENED, *signatures, GATE), PASS) == "signature_missing"


def test_a_party_on_the_site_that_does_not_agree_holds_it_up_until_it_does() -> None:
    no = do.SignAcceptance(**DESIGN, role=SiteRole.DESIGN, agrees=False, remark="坡度不符")
    package = after(opened(), *CONVENED, *SIGNATURES, GATE, no)
    assert refusal(package, PASS) == "signature_missing"
    assert refusal(after(package, do.SignAcceptance(**DESIGN, role=SiteRole.DESIGN, agrees=True)), PASS) == ""


def test_a_surveyor_who_need_not_sign_and_disagrees_holds_it_up() -> None:
    package = opened(appointed=(*APPOINTED, Appointed(role=SiteRole.SURVEY, party="survey-co")))
    no = do.SignAcceptance(by="p-survey", party="survey-co", role=SiteRole.SURVEY, agrees=False)
    assert refusal(after(package, *CONVENED, *SIGNATURES, GATE, no), PASS) == "signature_missing"


def test_residents_add_a_gate_and_replace_no_signature() -> None:
    assert refusal(after(opened(), *CONVENED, *SIGNATURES), PASS) == "gate_missing"
    assert refusal(after(opened(), *CONVENED, GATE), PASS) == "signature_missing"
    refused = replace(GATE, agrees=False)
    assert refusal(after(opened(), *CONVENED, *SIGNATURES, refused), PASS) == "gate_missing"


def test_residents_representatives_are_different_people_and_enough() -> None:
    package = after(opened(), *CONVENED)
    assert refusal(package, replace(GATE, representatives=("h-1", "h-1", "h-2"))) == "representatives_too_few"
    assert refusal(package, replace(GATE, representatives=("h-1", "h-2"))) == "representatives_too_few"
    assert refusal(package, replace(GATE, party="builder-co")) == "not_the_role"


def test_a_no_of_a_representative_s_own_holds_the_gate_shut_until_they_say_yes() -> None:
    package = after(opened(), *CONVENED, *SIGNATURES)
    no = do.SayAtGate(by="h-2", party=None, representative="h-2", agrees=False, remark="雨天积水")
    package = after(package, no)
    assert refusal(package, no) == "said_already"
    assert refusal(package, GATE) == "representative_disagrees"
    assert after(package, replace(GATE, agrees=False)).gate
    assert refusal(after(package, replace(no, agrees=True)), GATE) == ""
    failed = after(package, do.FailAcceptance(**CLIENT, why="排水不畅"), *CONVENED)
    assert not failed.opinions and refusal(opened(), no) == "package_state"


def test_who_has_signed_so_already_signs_nothing_again() -> None:
    package = after(opened(), *CONVENED, SIGNATURES[0])
    assert refusal(package, SIGNATURES[0]) == "signed_already"


def test_nobody_signs_for_another_role() -> None:
    package = after(opened(), *CONVENED)
    assert refusal(package, do.SignAcceptance(**BUILDER, role=SiteRole.SUPERVISOR, agrees=True)) == "not_the_role"
    assert refusal(package, do.SignAcceptance(**RESIDENT, role=SiteRole.CLIENT, agrees=True)) == "not_the_role"


def test_signatures_of_a_failed_acceptance_count_for_none_after_it() -> None:
    package = after(opened(), *CONVENED, *SIGNATURES, GATE, do.FailAcceptance(**CLIENT, why="排水不畅"), *CONVENED)
    assert refusal(package, PASS) == "signature_missing"


def test_what_is_passed_names_the_demands_that_it_answers_and_its_last_day_of_filing() -> None:
    event = decide(after(opened(), *ACCEPTED[:-1]), PASS, WORKS, NOW)
    assert isinstance(event, AcceptancePassed)
    assert event.demands == ("d-1", "d-2", "d-3") and event.items == ("item-1", "item-2")
    assert event.accepted_on == TODAY and event.file_by == date(2026, 3, 17)


def test_the_last_day_of_filing_moves_off_a_day_that_nobody_works_on() -> None:
    rules = replace(WORKS, place=Place(WORKS.place.zone, lambda day: day != date(2026, 3, 17)))
    assert after(opened(), *ACCEPTED, rules=rules).file_by == date(2026, 3, 18)


@pytest.mark.parametrize(("days", "late_by"), [(0, 0), (15, 0), (16, 1), (40, 25)])
def test_a_late_filing_is_recorded_as_late_and_not_refused(days: int, late_by: int) -> None:
    package = after(opened(), *ACCEPTED)
    filing = do.FileAcceptance(**CLIENT, number="备字1", on=TODAY + timedelta(days=days))
    event = decide(package, filing, WORKS, NOW + timedelta(days=days))
    assert isinstance(event, AcceptanceFiled) and event.late_by == late_by


def test_nothing_is_filed_on_a_day_to_come_or_before_the_acceptance() -> None:
    package = after(opened(), *ACCEPTED)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        assert refusal(package, do.FileAcceptance(**CLIENT, number="1", on=day)) == "filing_day"


def test_nothing_is_handed_over_before_it_is_accepted_and_filed() -> None:
    package = after(opened(), *CONVENED, *SIGNATURES, GATE)
    assert refusal(package, HAND_OVER) == "package_state"
    package = after(package, PASS)
    assert refusal(package, HAND_OVER) == "package_state"
    assert refusal(package, HAND_OVER, rules=replace(WORKS, handover_after_filing=False)) == ""
    filed = after(package, do.FileAcceptance(**CLIENT, number="1", on=TODAY))
    assert after(filed, HAND_OVER).state is PackageState.HANDED_OVER


def test_the_community_day_counts_and_not_utc() -> None:
    late_evening = NOW.replace(hour=17)  # one o'clock of the next day in Qingdao
    assert after(opened(), *CONVENED, *SIGNATURES, GATE, PASS, now=NOW).accepted_on == TODAY
    package = after(opened(), *CONVENED, *SIGNATURES, GATE)
    assert after(package, PASS, now=late_evening).accepted_on == TODAY + timedelta(days=1)


def test_a_revoked_acceptance_leaves_no_warranty_and_starts_anew() -> None:
    package = after(opened(), *ACCEPTED, do.RevokeAcceptance(by="p-bureau", party="bureau", why="程序违法"))
    assert package.state is PackageState.COMPLETED and not package.warranties and not package.signed
    for who in (BUILDER, RESIDENT):
        assert refusal(after(opened(), *ACCEPTED), do.RevokeAcceptance(**who, why="x")) == "not_the_role"


def test_who_builds_does_not_supervise_nor_accept() -> None:
    for role in (SiteRole.SUPERVISOR, SiteRole.CLIENT):
        same = tuple(Appointed(role=a.role, party="builder-co" if a.role is role else a.party) for a in APPOINTED)
        outcome = open_package(opening(appointed=same), WORKS, NOW)
        assert isinstance(outcome, Refusal) and outcome.slug == "supervisor_is_builder"


def test_a_package_needs_all_who_must_sign_once_and_a_term_for_each_warranty() -> None:
    for appointed in (APPOINTED[:3], (*APPOINTED, Appointed(role=SiteRole.DESIGN, party="other"))):
        outcome = open_package(opening(appointed=appointed), WORKS, NOW)
        assert isinstance(outcome, Refusal) and outcome.slug == "roles_incomplete"
    outcome = open_package(opening(trades=(Trade.STRUCTURE,)), WORKS, NOW)
    assert isinstance(outcome, Refusal) and outcome.slug == "no_warranty_term"


def test_a_handover_says_by_when_which_lifts_are_to_be_registered() -> None:
    two = tuple(Facility(id=f"f-{n}", name="电梯", place="1单元", lift=f"lift-{n}") for n in (1, 2))
    hand_over = replace(HAND_OVER, facilities=two)
    register = do.RegisterLift(**CLIENT, lift="lift-1", certificate="梯11鲁B00001", on=TODAY)
    ready = after(opened(lifts=("lift-1", "lift-2")), *ACCEPTED, do.FileAcceptance(**CLIENT, number="1", on=TODAY))
    assert refusal(ready, HAND_OVER) == "lifts_missing"
    event = decide(after(ready, register), hand_over, WORKS, NOW)
    assert isinstance(event, PackageHandedOver)
    assert (event.unregistered, event.register_by) == (("lift-2",), date(2026, 4, 1))
    assert refusal(after(ready, register), register) == "known_already"
    assert refusal(ready, replace(register, lift="lift-3")) == "unknown"
    assert refusal(ready, replace(register, on=TODAY + timedelta(days=1))) == "day_to_come"
    both = after(ready, register, replace(register, lift="lift-2"))
    event = decide(both, hand_over, WORKS, NOW)
    assert isinstance(event, PackageHandedOver) and event.register_by is None
