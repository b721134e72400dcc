"""What a partner writes to its topic is an update, a report of an outage, or neither."""

import json
from typing import Any

import pytest

from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import Update
from workflow.partners.domain.arriving import Unread, read

AT = "2026-11-29T08:30:00+08:00"
UPDATE = {"update_id": "u-1", "order_id": "o", "dispatch_no": 1, "occurred_at": AT, "did": "accepted"}
REPORT = {"report_id": "r-1", "outage_id": "w-1", "occurred_at": AT, "did": "restored"}


@pytest.mark.parametrize(("said", "kind"), [(UPDATE, Update), (REPORT, OutageReport)])
def test_each_is_known_by_its_own_name(said: dict[str, Any], kind: type) -> None:
    assert isinstance(read(json.dumps(said).encode()), kind)


@pytest.mark.parametrize(
    ("said", "pointer", "name"),
    [
        (REPORT | {"did": "exploded"}, "/did", "r-1"),
        (REPORT | {"did": "declared", "area": {"neighbourhoods": ["A B"]}}, "/area/neighbourhoods/0", "r-1"),
        (REPORT | UPDATE, None, "r-1"),
        ({"report_id": "a b"}, None, None),
        (UPDATE | {"did": "exploded"}, "/did", "u-1"),
    ],
)
def test_what_is_wrong_says_where_under_the_name_that_its_sender_gave_it(
    said: dict[str, Any], pointer: str | None, name: str | None
) -> None:
    unread = read(json.dumps(said).encode())
    assert isinstance(unread, Unread)
    assert unread.update_id == name
    assert pointer is None or unread.pointer == pointer
