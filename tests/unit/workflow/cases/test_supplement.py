"""What a reporter adds, and when nothing can be added."""

from typing import Any

import pytest

from linli.contracts.workflow.case import CaseState
from tests.support.builders import NOON, altered, community, submitted
from workflow.cases.domain.case import Case
from workflow.cases.domain.submitted import open_case
from workflow.cases.domain.supplement import ADDED_AT_MOST, NothingAdded, supplement_by_code
from workflow.community.domain.directory import Directory

DIRECTORY = Directory(community(), 1)


def case(**values: Any) -> Case:
    event: Any = submitted("c1")
    opened, _ = open_case("c1", event.data, DIRECTORY, NOON)
    return altered(opened, **({"state": CaseState.ACCEPTED} | values))


def test_what_is_added_moves_nothing_and_is_the_reporters_own() -> None:
    before = case()
    after, event = supplement_by_code(before, "又坏了一盏", NOON)
    assert (after.state, after.version, after.clock) == (before.state, before.version + 1, before.clock)
    assert (event.TYPE, event.by, event.message) == ("linli.case.supplemented.v1", "resident", "又坏了一盏")
    assert not event.staff_words()


@pytest.mark.parametrize(
    "values",
    [
        {"state": CaseState.CLOSED},
        {"state": CaseState.WITHDRAWN},
        {"withdrawn_at": NOON},
        {"added": ADDED_AT_MOST},
    ],
)
def test_nothing_is_added_to_what_is_over_or_without_end(values: dict[str, Any]) -> None:
    with pytest.raises(NothingAdded) as refused:
        supplement_by_code(case(**values), "又坏了", NOON)
    assert refused.value.args[0].chinese
