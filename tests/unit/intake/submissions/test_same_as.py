"""A reporter says that theirs is an earlier report, by a reference that tells nothing."""

import pytest
from uuid_utils import uuid7

from intake.submissions.domain.same_as import reference_to, referred_to
from intake.submissions.domain.submission import submitted
from linli.privacy.masking import masked
from linli.web.problems import Problem
from tests.unit.intake.submissions.test_domain import said, taken

KEY = b"key"
LIKE_A_CARD = "01a229af-a0a1-74a1-8417-439533132293"
"""An id whose figures read as somebody's number."""


def test_a_reference_leads_to_the_submission_and_does_not_show_its_id() -> None:
    for id in (str(uuid7()) for _ in range(200)):
        reference = reference_to(id, KEY)
        assert referred_to(reference, KEY) == id
        assert reference == reference_to(id, KEY), "it may be shown twice, and sent later"
        assert len(reference) == 43 and id[:8] not in reference
        assert reference_to(id, b"other")[:20] != reference[:20]


@pytest.mark.parametrize("wrong", ["", "x", "A" * 43, "A" * 64, "灯" * 10, "-" * 44, LIKE_A_CARD])
def test_what_is_no_reference_of_this_office_is_refused_at_its_field(wrong: str) -> None:
    with pytest.raises(Problem) as refused:
        referred_to(wrong, KEY)
    assert refused.value.status == 422
    right = reference_to(LIKE_A_CARD, KEY)
    for forged in (right[:-2] + "AA", "AA" + right[2:], reference_to(LIKE_A_CARD, b"other")):
        with pytest.raises(Problem):
            referred_to(forged, KEY)


def test_the_event_names_the_earlier_one_as_it_is_and_what_is_kept_tells_the_reporter_nothing_of_it() -> None:
    assert masked(LIKE_A_CARD) != LIKE_A_CARD
    new = said(same_as=reference_to(LIKE_A_CARD, KEY), attributes={"same_as": "13900000101", "floor": 3})
    submission = taken(new)
    assert submission.same_as == LIKE_A_CARD
    event = submitted(submission, None).data
    assert event.model_dump()["attributes"] == {"same_as": LIKE_A_CARD, "floor": 3}
    assert LIKE_A_CARD not in str(submission.whole())
    assert submission.view()["same_as"] == LIKE_A_CARD
