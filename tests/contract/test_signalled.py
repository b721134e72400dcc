"""What whoever asks is told of that it has changed: nothing whose id is a name, and nothing that is among staff."""

import pytest

from linli.contracts.catalogue import event_types
from linli.contracts.workflow.signalled import signalled
from linli.contracts.workflow.timeline import NOT_PUBLIC

TYPES = sorted(event.TYPE for event in event_types())


@pytest.mark.parametrize("type", TYPES)
def test_only_what_is_public_of_cases_and_outages_is_signalled(type: str) -> None:
    among_staff = type in {event.TYPE for event in NOT_PUBLIC}
    public = type.startswith(("linli.case.", "linli.outage.")) and not among_staff
    assert (signalled(type) is not None) == public


@pytest.mark.parametrize("type", ["linli.partner.added.v1", "linli.community.loaded.v1", "linli.order.placed.v1"])
def test_a_name_is_not_signalled(type: str) -> None:
    assert signalled(type) is None


def test_a_kind_is_all_that_is_said() -> None:
    assert signalled("linli.case.accepted.v1") == "case"
