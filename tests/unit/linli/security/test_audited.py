"""What lands in the audit log, and what does not."""

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi import Request
from fastapi.routing import APIRoute

from intake.residents.api import router
from linli.contracts.intake.permissions import (
    AMEND_ANY,
    READ_CONTACTS,
    READ_PHOTOS,
    READ_SUBMISSIONS,
    SUBMIT_FOR_OTHERS,
)
from linli.contracts.notify.permissions import READ_WEBHOOK_SECRETS, RETRY_DELIVERIES
from linli.contracts.workflow.permissions import ACT, CHANGE_KEYS, DECIDE, PUBLISH_COMMUNITIES
from linli.security.audit import MOST_OF_KNOWN, MOST_OF_STRANGERS, Audit, Entry, Outcome, Wanted, first_id
from linli.security.audited import _OURS, about, named, succeeded
from linli.security.permissions import DECIDE_PARKED, READ_PARKED, Role, declared
from linli.security.principals import Principal
from tests.support.gate import log_without_database

REFUSED = Entry("unknown", Role.RESIDENT, "cases:read", Outcome.REFUSED, status=401, reason="unknown key", origin="a")


@pytest.fixture
def log() -> Audit:
    return log_without_database()


def test_whatever_gives_personal_data_out_or_changes_something_for_staff_is_recorded() -> None:
    assert {each for each in declared().values() if each.recorded} >= {
        READ_SUBMISSIONS,
        READ_PHOTOS,
        READ_CONTACTS,
        READ_WEBHOOK_SECRETS,
        SUBMIT_FOR_OTHERS,
        AMEND_ANY,
        ACT,
        DECIDE,
        PUBLISH_COMMUNITIES,
        RETRY_DELIVERIES,
        READ_PARKED,
        DECIDE_PARKED,
        CHANGE_KEYS,
    }


async def test_a_look_up_stands_there_by_its_own_name_and_an_export_by_its() -> None:
    written: list[str] = []

    class Log:
        async def read(self, who: object, what: str, ids: object, **more: object) -> None:
            written.append(str(what))

    app = SimpleNamespace(
        state=SimpleNamespace(gate=SimpleNamespace(audit=SimpleNamespace(read=Log().read, done=None)))
    )
    for path in ("/v1/residents:find", "/v1/residents:export"):
        route = next(each for each in router.routes if isinstance(each, APIRoute) and each.path == path)
        request = Request({"type": "http", "method": "POST", "app": app, "path_params": {}})
        request.state.principal = Principal("operator", Role.OPERATOR)
        if path.endswith(":find"):
            named(request, "residents:find")
        about(request, ["s1"])
        await succeeded(request, route)
    assert written == ["residents:find", "residents:export"]


def test_the_log_can_be_appended_to_and_asked_and_no_more() -> None:
    offered = {name for name, _ in inspect.getmembers(Audit, inspect.isfunction) if not name.startswith("_")}
    assert offered == {"read", "done", "append", "refused", "flush", "run", "close", "entries"}


def test_refusals_alike_become_one_and_say_how_many_they_were(log: Audit) -> None:
    for n in range(1_000):
        log.refused(replace(REFUSED, objects=(f"case-{n}",)))
    (one,) = log._strangers.values()
    assert one.times == 1_000
    assert (len(one.objects), one.objects[0]) == (20, "case-0")


def test_a_flood_of_strangers_is_bounded_and_displaces_nothing_of_what_staff_tried(log: Audit) -> None:
    for n in range(10_000):
        log.refused(replace(REFUSED, origin=f"{n}"))
        log.refused(replace(REFUSED, principal=f"key:{n % 50}", role=Role.PARTY, reason="no cases:act"))
    assert len(log._strangers) == MOST_OF_STRANGERS
    assert len(log._known) == 50 < MOST_OF_KNOWN
    assert log._dropped == 10_000 - MOST_OF_STRANGERS


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("019935a0-7d1c-7c55-8d6f-0e6f6f1f9a01", True),
        ("019935a0-7d1c-7c55-8d6f-0e6f6f1f9a01.2.party.grid-1.webhook", True),
        ("019935a0-7d1c-7c55-8d6f-0e6f6f1f9a01.2.workflow.party.grid-1.webhook", True),
        ("linli.community-0-12-0a1b2c3d", True),
        ("k7f3qa9d2m", True),
        ("13812348000", False),
        ("1381234800", False),
        ("wang@residents.example", False),
        ("王小明", False),
        ("3号楼2单元501", False),
    ],
)
def test_of_what_a_stranger_writes_into_an_address_only_ids_of_ours_are_kept(said: str, ours: bool) -> None:
    assert bool(_OURS.fullmatch(said)) is ours


def test_ids_sort_by_their_moments_so_that_times_can_be_asked_for_by_id() -> None:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    ids = [first_id(now + timedelta(milliseconds=n)) for n in (0, 1, 1_000, 86_400_000)]
    assert ids == sorted(ids) and len(set(ids)) == 4
    query = Wanted(since=now, before=now + timedelta(seconds=1)).query(after=None)
    assert query == {"_id": {"$gte": ids[0], "$lt": ids[2]}}
    assert Wanted(before=now).query(after="f")["_id"] == {"$lt": ids[0]}
