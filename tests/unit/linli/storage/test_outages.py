"""What MongoDB says when it has no room, and other passing states: callers are told to come again."""

from typing import Any

import pytest
from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, OperationFailure, WriteError

from linli.storage.mongo import is_outage

FULL = {"code": 14031, "errmsg": "available disk space of 0 bytes is less than required minimum"}


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("available disk space is less than the required minimum", 14031),
        OperationFailure("quota exceeded", 12501),
        OperationFailure("too many open files", 264),
        OperationFailure("28: No space left on device", 8),
        WriteError("available disk space is less than the required minimum", 14031),
        BulkWriteError({"writeErrors": [FULL], "writeConcernErrors": []}),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 91, "errmsg": "shutting down"}]}),
        ConnectionFailure("away"),
        TimeoutError(),
    ],
)
def test_a_server_without_room_is_away_for_now(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        DuplicateKeyError("E11000", 11000),
        OperationFailure("not authorised", 13),
        BulkWriteError({"writeErrors": [{"code": 11000, "errmsg": "E11000"}], "writeConcernErrors": []}),
        ValueError("14031"),
    ],
)
def test_what_is_wrong_with_the_data_is_no_outage(error: Any) -> None:
    assert not is_outage(error)
