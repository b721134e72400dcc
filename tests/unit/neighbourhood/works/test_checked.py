"""Rounds, hidden work and defects: who looks at it is not who did it."""

from datetime import timedelta

import pytest

from linli.contracts.neighbourhood.works import Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.defects import MOST_OPEN
from neighbourhood.works.domain.package import DefectState, HiddenState
from tests.unit.neighbourhood.works.site import (
    ACCEPTED,
    AFTER,
    BEFORE,
    BUILDER,
    CLIENT,
    DEFECT_OPEN,
    HIDDEN_PASSED,
    NOW,
    RECTIFIED,
    RESIDENT,
    SUPERVISOR,
    TODAY,
    after,
    opened,
    refusal,
)

COVER = do.CoverHiddenWork(**BUILDER, hidden_id="z-1")
VERIFY = do.VerifyRectification(**SUPERVISOR, defect_id="f-1")


def test_hidden_work_is_not_covered_before_it_is_passed() -> None:
    package = opened()
    assert refusal(package, COVER) == "unknown"
    package = after(package, HIDDEN_PASSED[0])
    assert refusal(package, COVER) == "hidden_work_not_passed"
    failed = after(package, do.FailHiddenWork(**SUPERVISOR, hidden_id="z-1", why="搭接不足"))
    assert refusal(failed, COVER) == "hidden_work_not_passed"
    assert refusal(failed, HIDDEN_PASSED[1]) == "hidden_work_not_notified"
    passed = after(failed, *HIDDEN_PASSED)
    assert after(passed, COVER).hidden == {"z-1": HiddenState.COVERED}


def test_the_builder_does_not_pass_its_own_hidden_work() -> None:
    package = after(opened(), HIDDEN_PASSED[0])
    assert refusal(package, do.PassHiddenWork(**BUILDER, hidden_id="z-1", photos=BEFORE)) == "not_the_role"
    assert refusal(package, do.PassHiddenWork(**SUPERVISOR, hidden_id="z-1", photos=())) == "photo_missing"


def test_a_round_is_recorded_by_who_walked_it() -> None:
    package = opened()
    for who, kind in (
        (BUILDER, RoundKind.RESIDENTS),
        (RESIDENT, RoundKind.SUPERVISOR),
        (SUPERVISOR, RoundKind.RESIDENTS),
    ):
        assert refusal(package, do.RecordSupervision(**who, round_id="r", kind=kind, photos=BEFORE)) == "not_the_role"
    walked = do.RecordSupervision(**SUPERVISOR, round_id="r", kind=RoundKind.SUPERVISOR, photos=BEFORE)
    assert refusal(after(package, walked), walked) == "known_already"


def test_nobody_holds_an_acceptance_up_with_defects_without_number() -> None:
    package = after(opened(), *(do.ReportDefect(**BUILDER, defect_id=f"f-{n}", what="裂缝") for n in range(MOST_OPEN)))
    another = do.ReportDefect(**BUILDER, defect_id="f", what="裂缝")
    assert refusal(package, another) == "too_many_defects"
    assert not refusal(package, do.ReportDefect(**RESIDENT, defect_id="f", what="裂缝")), "of another it is taken"
    dismissed = do.DismissDefect(**SUPERVISOR, defect_id="f-1", why="没有裂缝")
    assert not refusal(after(package, dismissed), another)


def test_a_defect_names_a_round_that_there_was() -> None:
    assert refusal(opened(), do.ReportDefect(**RESIDENT, defect_id="f", what="裂缝", round_id="r-9")) == "unknown"


@pytest.mark.parametrize(
    ("before", "now_there"), [((), AFTER), (BEFORE, ()), (BEFORE, BEFORE), (BEFORE, (*AFTER, *BEFORE))]
)
def test_a_rectification_shows_before_and_after_in_different_photos(before, now_there) -> None:  # type: ignore[no-untyped-def]
    package = after(opened(), *DEFECT_OPEN, RECTIFIED[0])
    submit = do.SubmitRectification(**BUILDER, defect_id="f-1", before=before, after=now_there)
    assert refusal(package, submit) == "photos_missing"


def test_whoever_put_it_right_does_not_verify_it() -> None:
    package = after(opened(), *DEFECT_OPEN, *RECTIFIED[:2])
    assert refusal(package, do.VerifyRectification(**BUILDER, defect_id="f-1")) == "not_the_role"
    same_person = do.VerifyRectification(by=BUILDER["by"], party=SUPERVISOR["party"], defect_id="f-1")
    assert refusal(package, same_person) == "verifier_is_rectifier"
    by_the_supervisor = do.OrderRectification(**CLIENT, defect_id="f-1", to="supervisor-co", due=TODAY)
    submitted = do.SubmitRectification(by="p-other", party="supervisor-co", defect_id="f-1", before=BEFORE, after=AFTER)
    package = after(opened(), *DEFECT_OPEN, by_the_supervisor, submitted)
    assert refusal(package, VERIFY) == "verifier_is_rectifier"
    assert refusal(package, do.VerifyRectification(**CLIENT, defect_id="f-1")) == ""


def test_a_rectification_that_is_returned_is_ordered_again() -> None:
    package = after(opened(), *DEFECT_OPEN, *RECTIFIED[:2])
    again = do.ReturnRectification(**SUPERVISOR, defect_id="f-1", why="仍渗水", due=TODAY + timedelta(days=3))
    package = after(package, again)
    assert package.defects["f-1"].state is DefectState.ORDERED and package.open_defects == ("f-1",)
    assert refusal(package, VERIFY) == "defect_state"
    assert after(package, *RECTIFIED[1:]).open_defects == ()


def test_only_who_was_told_to_submits_and_no_order_is_due_in_the_past() -> None:
    package = after(opened(), *DEFECT_OPEN)
    late = do.OrderRectification(**SUPERVISOR, defect_id="f-1", to="builder-co", due=TODAY - timedelta(days=1))
    assert refusal(package, late) == "due_passed"
    package = after(package, RECTIFIED[0])
    other = do.SubmitRectification(**SUPERVISOR, defect_id="f-1", before=BEFORE, after=AFTER)
    assert refusal(package, other) == "not_the_role"


def test_a_builder_neither_confirms_nor_dismisses_a_defect() -> None:
    package = after(opened(), *DEFECT_OPEN[:2])
    assert refusal(package, do.ConfirmDefect(**BUILDER, defect_id="f-1")) == "not_the_role"
    assert refusal(package, do.DismissDefect(**BUILDER, defect_id="f-1", why="没有")) == "not_the_role"
    assert after(package, do.DismissDefect(**SUPERVISOR, defect_id="f-1", why="设计如此")).open_defects == ()


def test_after_acceptance_a_defect_is_one_under_a_warranty_that_still_runs() -> None:
    package = after(opened(), *ACCEPTED)
    leak = do.ReportDefect(**RESIDENT, defect_id="f-9", what="漏水", trade=Trade.WATERPROOFING)
    assert refusal(package, leak) == ""
    assert refusal(package, leak, now=NOW + timedelta(days=5 * 366)) == "no_warranty"
    assert refusal(package, do.ReportDefect(**RESIDENT, defect_id="f-9", what="漏水")) == "no_warranty"
    assert refusal(package, do.ReportDefect(**RESIDENT, defect_id="f-9", what="裂", trade=Trade.PIPES)) == "no_warranty"
