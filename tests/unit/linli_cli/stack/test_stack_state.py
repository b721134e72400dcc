"""What the supervisor leaves for the other commands, and what they make of the services' metrics."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from linli_cli.connection.settings import SERVICES, load_settings
from linli_cli.connection.target import find_target
from linli_cli.operations.databases import READS
from linli_cli.operations.figures import GroupLag, KafkaHealth, MongoHealth, ServerFigures, ServiceEvents
from linli_cli.operations.health import ProcessHealth, StackHealth, count_events, phase_shown, put_together, sum_lag
from linli_cli.operations.status import came_from, headline, heard_of_in_words, kafka_in_words, mongodb_in_words
from linli_cli.stack.embedded.service import reasons
from linli_cli.stack.embedded.state import AlreadyRunning, Identity, Phase, RunDirectory, RunningProgram, StackState
from linli_cli.terminal.errors import CliError

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def samples(text: str) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def me() -> Identity:
    identity = Identity.of(os.getpid())
    assert identity is not None
    return identity


def test_only_one_supervisor_holds_a_home(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    with run.locked() as holder:
        assert run.supervisor() == holder == me()
        with pytest.raises(AlreadyRunning), RunDirectory(tmp_path / "run").locked():
            pass


def test_a_later_process_with_the_same_pid_is_another() -> None:
    assert me().process() is not None
    assert me().model_copy(update={"created": 1.0}).process() is None


def test_leftovers_are_those_that_still_run_the_last_started_first(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    gone = me().model_copy(update={"created": 1.0})
    programs = [
        RunningProgram(name=name, address="", state="ready", identity=identity, started_at=NOW, restarts=0)
        for name, identity in [("mongod", me()), ("kafka", me()), ("intake", gone), ("notify", None)]
    ]
    with run.locked():
        run.write(StackState(phase=Phase.READY, supervisor=gone, started_at=NOW, programs=programs))
    assert [name for name, _ in run.leftovers()] == ["kafka", "mongod"]
    run.forget()
    assert run.leftovers() == []


def test_lag_is_summed_over_partitions() -> None:
    text = "".join(f'linli_consumer_lag{{group="g",topic="t",partition="{n}"}} {n}\n' for n in range(4))
    (lag,) = sum_lag(samples(text), NOW)
    assert (lag.group, lag.lag, lag.topics, lag.source, lag.at) == ("g", 6, {"t": 6}, "service", NOW)


def test_a_count_that_a_service_does_not_keep_is_not_shown_as_zero() -> None:
    told = samples("linli_outbox_unsent 0\nlinli_inbox_held NaN\nlinli_outbox_unsent_age_seconds NaN\n")
    assert count_events(told, NOW) == ServiceEvents(unsent=0, source="service", at=NOW)


LAG = 'linli_consumer_lag{group="linli.workflow",topic="linli.intake",partition="0"} 5\n'
OF_SERVERS = GroupLag(
    group="linli.workflow", lag=7, topics={"linli.intake": 7}, members=["a"], source="kafka+mongodb", at=NOW
)


def health(figures: ServerFigures, workflow: str | None) -> StackHealth:
    told = {"intake": None, "workflow": None if workflow is None else samples(workflow), "notify": None}
    return put_together("here", "ready", processes(workflow="ready"), told, figures)


def test_a_figure_is_taken_from_the_servers_and_not_at_the_word_of_a_service() -> None:
    events = ServiceEvents(unsent=3, unsent_age_seconds=9.0, parked=0, held=0, source="mongodb", at=NOW)
    found = health(ServerFigures(groups={"workflow": OF_SERVERS}, events={"workflow": events}), LAG)
    assert found.groups[0] == OF_SERVERS
    assert found.events["workflow"] == events


def test_where_the_servers_do_not_tell_the_word_of_a_service_is_told_as_that() -> None:
    known = OF_SERVERS.model_copy(update={"lag": None, "topics": {}, "source": None, "at": None})
    workflow, *_ = health(ServerFigures(groups={"workflow": known}), LAG + "linli_outbox_unsent 2\n").groups
    assert (workflow.lag, workflow.source, workflow.members) == (5, "service", ["a"])


def test_what_nobody_tells_is_unknown_and_not_nothing() -> None:
    found = health(ServerFigures(), None)
    assert [(group.group, group.lag, group.members) for group in found.groups] == [
        (reader, None, None) for reader in READS
    ]
    assert (found.kafka, found.mongodb, found.events["workflow"], found.unsent) == (None, None, None, None)
    assert kafka_in_words(None) == "Kafka's brokers: unknown; linli doctor says why."
    assert mongodb_in_words(None) == "MongoDB's replica set: unknown; linli doctor says why."
    unknown = ", ".join(f"{service} unknown" for service in SERVICES)
    assert heard_of_in_words({}) == f"Processes heard of: {unknown}."
    assert came_from(None, None) == ""


def test_all_processes_of_a_service_are_told_with_those_that_have_fallen_silent() -> None:
    heard_of = {"intake": {"a:8101": 1.2, "b:8101": 0.4}, "workflow": {"a:8102": 0.1, "b:8102": 44.6}, "notify": {}}
    heard_of["neighbourhood"] = {"a:8104": 0.2}
    assert heard_of_in_words(heard_of) == (
        "Processes heard of: intake 2, workflow 1 (b:8102 silent for 45 s), notify 0, neighbourhood 1."
    )


@pytest.mark.parametrize(
    ("there", "behind", "leaderless", "words", "phase"),
    [
        ([1, 2, 3], 0, 0, "Kafka's brokers: 3 of 3; every copy in sync.", "ready"),
        (
            [1, 3],
            12,
            1,
            "Kafka's brokers: 2 of 3 (away: 2); 12 partitions with a copy that is not in sync, "
            "1 partition without a leader.",
            "not healthy",
        ),
    ],
)
def test_a_broker_that_is_away_is_told_and_makes_the_whole_not_healthy(
    there: list[int], behind: int, leaderless: int, words: str, phase: str
) -> None:
    kafka = KafkaHealth(
        brokers=len(there),
        expected=3,
        away=sorted({1, 2, 3} - set(there)),
        partitions_behind=behind,
        partitions_leaderless=leaderless,
        at=NOW,
    )
    assert kafka_in_words(kafka) == words
    assert health(ServerFigures(kafka=kafka), LAG).phase == phase


@pytest.mark.parametrize(
    ("away", "primary", "words", "phase"),
    [
        ([], "a:1", "MongoDB's replica set: 3 of 3 members; a:1 is primary.", "ready"),
        (["b:1"], "a:1", "MongoDB's replica set: 2 of 3 members (away: b:1); a:1 is primary.", "not healthy"),
        (
            ["b:1", "c:1"],
            None,
            "MongoDB's replica set: 1 of 3 members (away: b:1, c:1); no primary, so nothing is written.",
            "not healthy",
        ),
    ],
)
def test_a_member_that_is_away_is_told_and_makes_the_whole_not_healthy(
    away: list[str], primary: str | None, words: str, phase: str
) -> None:
    mongodb = MongoHealth(members=3 - len(away), expected=3, away=away, primary=primary, at=NOW)
    assert mongodb_in_words(mongodb) == words
    assert health(ServerFigures(mongodb=mongodb), LAG).phase == phase


def test_the_commands_of_another_shell_use_the_ports_that_the_stack_was_started_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    listening = {"host": "127.0.0.1", "intake_port": 8301}
    run = RunDirectory(tmp_path / "run")
    with run.locked() as supervisor:
        run.write(StackState(phase=Phase.READY, supervisor=supervisor, started_at=NOW, listening=listening))
        assert find_target().urls["intake"] == "http://127.0.0.1:8301"
    (tmp_path / "run" / "lock").unlink()
    assert find_target().urls["intake"] == "http://127.0.0.1:8101"


def processes(**healths: str) -> list[ProcessHealth]:
    return [
        ProcessHealth(name=name, pid=1, address="", health=health, detail="", uptime_seconds=1, restarts=0)
        for name, health in healths.items()
    ]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (processes(kafka="ready", intake="ready"), "Linli is ready."),
        (processes(kafka="down", mongod="ready", intake="not ready"), "Linli is not healthy: kafka, intake."),
    ],
)
def test_the_headline_agrees_with_the_table(found: list[ProcessHealth], words: str) -> None:
    assert headline(phase_shown(Phase.READY, found), found) == words


def test_what_a_service_lacks_is_said_in_words() -> None:
    away = '{"ready": false, "checks": {"kafka": "Kafka does not answer: TimeoutError", "mongodb": "ok"}}'
    assert reasons(away) == "Kafka does not answer: TimeoutError"
    assert reasons("<html>") == reasons("[]") == ""


def test_a_wrong_port_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_KAFKA_PORT", "many")
    with pytest.raises(CliError, match="LINLI_KAFKA_PORT"):
        load_settings()


def test_two_services_on_one_port_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_INTAKE_PORT", "8103")
    with pytest.raises(CliError, match="LINLI_INTAKE_PORT and LINLI_NOTIFY_PORT are both 8103"):
        load_settings()
