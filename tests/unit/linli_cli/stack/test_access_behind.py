"""When `linli status` and `linli doctor` name the program that keeps Kafka in line with partners."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linli_cli.connection.settings import load_settings
from linli_cli.operations.doctor import lagging
from linli_cli.operations.finding import Level
from linli_cli.operations.health import phase_shown
from linli_cli.stack.embedded.access import FRESH, Access
from linli_cli.stack.embedded.health import access_behind, behind
from linli_cli.stack.embedded.state import Identity, Phase, RunDirectory, RunningProgram, StackState

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def access(tmp_path: Path) -> Access:
    return Access("127.0.0.1:19094", tmp_path / "access.alive", {}, tmp_path / "access.log")


def me() -> Identity:
    identity = Identity.of(os.getpid())
    assert identity is not None
    return identity


def seen(state: str = "ready", identity: Identity | None = None, started_at: datetime = LONG_AGO) -> StackState:
    program = RunningProgram(
        name="access", address="", state=state, identity=identity, started_at=started_at, restarts=2
    )
    return StackState(phase=Phase.READY, supervisor=me(), started_at=LONG_AGO, programs=[program])


def test_one_that_looked_a_moment_ago_is_not_mentioned(access: Access, tmp_path: Path) -> None:
    (tmp_path / "access.alive").touch()
    assert behind(access, seen(identity=me())) is None


@pytest.mark.parametrize("state", ["starting", "ready"])
def test_one_that_has_not_looked_for_long_is_not_ready_also_if_it_never_was(
    access: Access, tmp_path: Path, state: str
) -> None:
    alive = tmp_path / "access.alive"
    alive.touch()
    os.utime(alive, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    found = behind(access, seen(state, me()))
    assert found is not None
    assert (found.name, found.health, found.pid, found.restarts) == ("access", "not ready", os.getpid(), 2)
    assert str(access.log) in found.detail
    assert phase_shown(Phase.READY, [found]) == "not healthy"


@pytest.mark.parametrize("identity", [None, Identity(pid=os.getpid(), created=1.0)])
def test_one_that_ended_is_down(access: Access, tmp_path: Path, identity: Identity | None) -> None:
    (tmp_path / "access.alive").touch()
    found = behind(access, seen("waiting", identity))
    assert found is not None
    assert (found.health, found.pid) == ("down", None)
    assert lagging(found).level is Level.WRONG
    assert "access" in lagging(found).said and "linli down" in lagging(found).todo


def test_a_start_is_not_called_unhealthy_for_its_first_look(access: Access) -> None:
    assert behind(access, seen("starting", me(), datetime.now(UTC) + timedelta(seconds=FRESH))) is None
    assert behind(access, StackState(phase=Phase.STARTING, supervisor=me(), started_at=LONG_AGO)) is None


def test_it_is_told_in_chinese(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", "zh-CN")
    found = behind(access, seen("waiting"))
    assert found is not None
    assert lagging(found).said == f"access 未运行：合作单位的变更没有同步到 Kafka；请看 {access.log}"


def test_it_is_looked_for_in_the_home_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    assert access_behind(load_settings()) is None
    run = RunDirectory(tmp_path / "run")
    with run.locked():
        run.write(seen("waiting"))
        found = access_behind(load_settings())
    assert found is not None and found.health == "down"
