"""What staff write with an action travels into letters, to partners, to whoever has the tracking code."""

from typing import Any

import pytest

from linli.contracts.workflow.actions import ActionRequest, Returned, SplitInto
from workflow.cases.api.bodies import FollowUpGiven, FollowUpRecorded

NUMBER = "13812345678"
WORDS = f"业主电话{NUMBER}"
ANSWERS = {"contacted": True, "solved": True, "satisfied": True}
PART = {"party": "water", "message": WORDS, "title": WORDS}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ActionRequest, {"message": WORDS}),
        (Returned, {"message": WORDS, "reason": WORDS}),
        (SplitInto, {"message": WORDS, "parts": [PART, PART]}),
        (FollowUpGiven, ANSWERS | {"message": WORDS}),
        (FollowUpRecorded, ANSWERS | {"message": WORDS}),
    ],
)
def test_a_number_in_what_is_said_with_a_step_is_masked_as_it_is_read(
    kind: type[ActionRequest], body: dict[str, Any]
) -> None:
    said = kind.model_validate(body).model_dump_json()

    assert NUMBER not in said
    assert "业主电话138****5678" in said
