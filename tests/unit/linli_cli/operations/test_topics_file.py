"""What topics there are to be, what deploy/topics.yaml says otherwise, and what is said about a faulty one."""

from pathlib import Path

import pytest

from linli.messaging.kafka import TopicSpec
from linli_cli.operations.topics import topics_here
from linli_cli.terminal.errors import CliError


def written(directory: Path, text: str) -> Path:
    path = directory / "topics.yaml"
    path.write_text(text)
    return path


def test_the_topics_are_as_the_contracts_declare_them() -> None:
    topics = {topic.name: topic for topic in topics_here()}
    partitions = {name: topic.partitions for name, topic in topics.items()}
    names = (
        "intake",
        "cases",
        "orders",
        "receipts",
        "partners",
        "notices",
        "neighbourhood",
        "mediations",
        "subscriptions",
    )
    twelve = dict.fromkeys((f"linli.{name}" for name in names), 12)
    assert partitions == twelve | {"linli.community": 1, "linli.principals": 1, "linli.outages": 1}
    assert {topic.config["message.timestamp.type"] for topic in topics.values()} == {"LogAppendTime"}
    assert topics["linli.cases"].config["retention.ms"] == "2592000000"
    assert topics["linli.cases"].config["segment.ms"] == "86400000", "what is erased is off the disk in days"
    for compacted in ("linli.community", "linli.principals"):
        assert topics[compacted].config["cleanup.policy"] == "compact"
    assert topics["linli.community"].config["max.message.bytes"] == str(8 * 2**20)


def in_file(directory: Path, text: str) -> dict[str, TopicSpec]:
    return {topic.name: topic for topic in topics_here(written(directory, text))}


def test_a_file_says_what_is_otherwise_and_the_rest_is_as_declared(tmp_path: Path) -> None:
    text = "topics: {linli.cases: {partitions: 24, config: {retention.ms: 1}}}\n"
    declared, here = {topic.name: topic for topic in topics_here()}, in_file(tmp_path, text)

    cases = here.pop("linli.cases")
    assert (cases.partitions, cases.config) == (24, declared["linli.cases"].config | {"retention.ms": "1"})
    assert here == {name: topic for name, topic in declared.items() if name != "linli.cases"}


def test_defaults_are_for_topics_that_declare_nothing_else(tmp_path: Path) -> None:
    here = in_file(tmp_path, "defaults: {partitions: 3, config: {cleanup.policy: 'delete,compact', b: 1}}\n")

    assert (here["linli.intake"].partitions, here["linli.intake"].config["cleanup.policy"]) == (3, "delete,compact")
    assert (here["linli.principals"].partitions, here["linli.principals"].config["cleanup.policy"]) == (1, "compact")
    assert here["linli.principals"].config["b"] == "1"


def test_a_topic_of_an_operators_own_is_made_too(tmp_path: Path) -> None:
    here = in_file(tmp_path, "topics: {t: {config: {b: true1}}, u: {partitions: 1}}\n")
    assert (here["t"].partitions, here["t"].config["b"], here["u"].partitions) == (12, "true1", 1)


def test_their_names_begin_as_the_services_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TOPIC_PREFIX", "other")
    assert {topic.name.partition(".")[0] for topic in topics_here()} == {"other"}


@pytest.mark.parametrize("text", ["{}\n", "defaults: {}\ntopics: {}\n", "topics:\n  linli.cases: {}\n"])
def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path, text: str) -> None:
    assert topics_here(written(tmp_path, text)) == topics_here()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("defaults: {partitions: 3}\ntopics:\n  t:\n    partitions: 0\n", "topics.yaml:4: topics.t.partitions: "),
        ("defaults: {partitions: 3}\ntopics:\n  t: {partition: 2}\n", "topics.yaml:3: topics.t.partition: "),
        ("defaults: {partitions: 3}\ntopics:\n  a b: {}\n", "topics.yaml:3: topics.a b: "),
        ("defaults: {partitions: none}\n", "topics.yaml:1: defaults.partitions: "),
        ("defaults: [\n", "topics.yaml:2: "),
    ],
)
def test_a_fault_is_named_with_file_line_and_field(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CliError) as raised:
        topics_here(written(tmp_path, text))
    assert fault in raised.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"nowhere\.yaml") as raised:
        topics_here(tmp_path / "nowhere.yaml", option="--topics")
    assert raised.value.hint == "Name the file with --topics."
