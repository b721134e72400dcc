"""What the looks of `linli doctor` make of what they see."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linli.storage.mongo import members_of
from linli.working_time import LAST_YEAR
from linli_cli.community.commands import holidays_ahead
from linli_cli.community.point_checks import lie_outside
from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import embedded
from linli_cli.operations.checks import calendar, disk, key_files, skew
from linli_cli.operations.consumer_checks import consumer
from linli_cli.operations.finding import Level
from linli_cli.operations.server_checks import members, of_nobody, outbox
from linli_cli.operations.upgrade import migrations
from linli_cli.stack.embedded.secret_files import ensure_secrets
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.times import parse_time
from tests.support.builders import community

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
GB = 2**30


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [(50 * GB, 100 * GB, Level.OK), (1 * GB, 10 * GB, Level.WRONG), (40 * GB, 1000 * GB, Level.WRONG)],
)
def test_a_disk_is_full_before_it_is_full(free: int, total: int, level: Level) -> None:
    assert disk("the disk", free, total).level is level


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "mongod has the same time."),
        (7200, "mongod's clock is 7200 s ahead of"),
        (-30, "mongod's clock is 30 s behind"),
    ],
)
def test_a_clock_that_is_off_is_told_with_its_direction(seconds: int, said: str) -> None:
    assert skew("mongod", NOW + timedelta(seconds=seconds), NOW).said.startswith(said)


def test_a_clock_is_not_called_wrong_for_an_answer_that_took_long() -> None:
    slow = timedelta(seconds=4)
    levels = [skew("intake", NOW + timedelta(seconds=seconds), NOW, slow).level for seconds in (-5, 5, 7)]
    assert levels == [Level.OK, Level.OK, Level.WRONG]


@pytest.mark.parametrize(
    ("reach", "level"),
    [(NOW, Level.OK), (datetime.fromtimestamp(0, UTC), Level.OK), (NOW + timedelta(days=45), Level.NOTE)],
)
def test_holidays_that_deadlines_soon_reach_beyond_are_told(reach: datetime, level: Level) -> None:
    found = calendar(datetime(2027, 1, 1, tzinfo=UTC), reach)
    assert (found.level, "the end of 2026" in found.said, bool(found.todo)) == (level, True, level is Level.NOTE)


@pytest.mark.parametrize(("span", "months"), [("30d", 11), ("366d", 1), ("5d", 11)])
def test_a_rule_that_counts_into_a_year_that_is_not_known_is_warned_of(span: str, months: int) -> None:
    rule = {"id": "slow", "name": "慢", "role": "grid", "accept_within": "1d", "resolve_within": span}
    today = NOW.replace(year=LAST_YEAR, month=months)
    told = holidays_ahead(community(rules=[rule | {"working_days": True}]), today)
    assert holidays_ahead(community(rules=[rule]), today) == []
    if span == "5d":
        assert told == []
    else:
        assert told[0].startswith(f"The public holidays of {LAST_YEAR + 1} are not known yet. ")
        assert "working days of rule slow reach there" in told[0]


def test_a_key_that_others_may_read_is_named_with_its_directory(tmp_path: Path) -> None:
    target = embedded(StackSettings(home=tmp_path))
    (none_yet,) = key_files(target)
    ensure_secrets(target.secret(""))
    (closed,) = key_files(target)
    target.secret("service.key").chmod(0o640)
    (opened,) = key_files(target)
    assert (none_yet.level, closed.level, opened.level) == (Level.NOTE, Level.OK, Level.WRONG)
    assert f"chmod go-rwx {target.secret('service.key')} " in opened.todo


def test_a_member_that_is_away_is_named_though_there_is_a_primary() -> None:
    status = {
        "members": [
            {"name": "a:1", "state": 1, "stateStr": "PRIMARY"},
            {"name": "b:1", "state": 8, "stateStr": "(not reachable/healthy)"},
        ]
    }
    assert members(members_of(status)).said == "Members of the replica set are away: b:1."


def test_cases_of_a_party_that_is_no_more_are_named() -> None:
    assert of_nobody("test", 0, []).level is Level.OK
    found = of_nobody("test", 7, [("c1", "water"), ("c2", "gas")])
    assert found.said == "test: 7 cases with a party that is in its data no more: c1 (water), c2 (gas) and others."


@pytest.mark.parametrize(
    ("outside", "of", "level"), [(0, 500, Level.OK), (9, 9, Level.OK), (99, 500, Level.OK), (100, 500, Level.NOTE)]
)
def test_points_of_a_channel_that_lie_outside_are_told_of(outside: int, of: int, level: Level) -> None:
    found = lie_outside("test", "hotline", outside, of)
    assert found.level is level
    assert ("gcj02" in found.todo) == (level is Level.NOTE)


def test_lag_is_no_fault_while_it_is_worked_on() -> None:
    levels = [consumer("workflow", lag, moved=moved).level for lag, moved in [(0, False), (9, True), (9, False)]]
    assert levels == [Level.OK, Level.NOTE, Level.WRONG]


def test_an_event_just_stored_is_no_fault() -> None:
    ages = [outbox("intake", 1, NOW - timedelta(seconds=seconds), NOW).level for seconds in (5, 300)]
    assert ages == [Level.OK, Level.WRONG]


def test_a_database_of_a_newer_version_is_refused() -> None:
    levels = [migrations("intake", set(ran), ["m1", "m2"]).level for ran in (["m1", "m2"], ["m1"], ["m1", "m2", "m3"])]
    assert levels == [Level.OK, Level.NOTE, Level.WRONG]


def test_a_time_is_a_moment_or_an_age() -> None:
    assert parse_time("2h", NOW) == NOW - timedelta(hours=2)
    assert parse_time("2026-11-24T06:00+08:00", NOW) == datetime(2026, 11, 23, 22, tzinfo=UTC)
    shanghai = ZoneInfo("Asia/Shanghai")
    assert parse_time("2026-12-31", NOW, shanghai) == datetime(2026, 12, 30, 16, tzinfo=UTC)
    assert parse_time("2026-12-31T00:00Z", NOW, shanghai) == datetime(2026, 12, 31, tzinfo=UTC)
    with pytest.raises(CliError, match="'yesterday' is no time"):
        parse_time("yesterday", NOW)
