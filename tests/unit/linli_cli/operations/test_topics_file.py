"""deploy/topics.yaml, and what is said about a faulty one."""

from pathlib import Path

import pytest

from linli_cli.operations.topics import load_topics, topics_file
from linli_cli.terminal.errors import CliError


def written(directory: Path, text: str) -> Path:
    path = directory / "topics.yaml"
    path.write_text(text)
    return path


def test_the_committed_file_declares_the_topics() -> None:
    topics = {topic.name: topic for topic in load_topics(topics_file())}
    partitions = {name: topic.partitions for name, topic in topics.items()}
    twelve = dict.fromkeys(("linli.intake", "linli.cases", "linli.notices"), 12)
    assert partitions == twelve | {"linli.community": 1, "linli.principals": 1}
    assert {topic.config["message.timestamp.type"] for topic in topics.values()} == {"LogAppendTime"}
    assert topics["linli.cases"].config["retention.ms"] == "2592000000"
    assert topics["linli.cases"].config["segment.ms"] == "86400000", "what is erased is off the disk in days"
    for compacted in ("linli.community", "linli.principals"):
        assert topics[compacted].config["cleanup.policy"] == "compact"
    assert topics["linli.community"].config["max.message.bytes"] == str(8 * 2**20)


def test_a_topic_takes_the_defaults_and_adds_its_own(tmp_path: Path) -> None:
    text = "defaults: {partitions: 3, config: {a: 1, b: x}}\ntopics: {t: {config: {b: true1}}, u: {partitions: 1}}\n"
    t, u = load_topics(written(tmp_path, text))
    assert (t.partitions, t.config) == (3, {"a": "1", "b": "true1"})
    assert (u.partitions, u.config) == (1, {"a": "1", "b": "x"})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("defaults: {partitions: 3}\ntopics:\n  t:\n    partitions: 0\n", "topics.yaml:4: topics.t.partitions: "),
        ("defaults: {partitions: 3}\ntopics:\n  t: {partition: 2}\n", "topics.yaml:3: topics.t.partition: "),
        ("defaults: {partitions: 3}\ntopics:\n  a b: {}\n", "topics.yaml:3: topics.a b: "),
        ("topics: {t: {}}\n", "topics.yaml:1: defaults: "),
        ("defaults: [\n", "topics.yaml:2: "),
    ],
)
def test_a_fault_is_named_with_file_line_and_field(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(CliError) as raised:
        load_topics(written(tmp_path, text))
    assert fault in raised.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"nowhere\.yaml") as raised:
        load_topics(tmp_path / "nowhere.yaml", option="--topics")
    assert raised.value.hint == "Name the file with --topics."
