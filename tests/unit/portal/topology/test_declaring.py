"""What a deployment's topics have otherwise, as its file says it."""

from pathlib import Path

import pytest

from linli.application.settings import SettingsError
from portal.topology.module import _declared, _own_url


def test_without_a_file_topics_are_as_the_contracts_have_them() -> None:
    cases = _declared("linli", None).topics["linli.cases"]
    assert (cases.writer, cases.partitions, cases.config["retention.ms"]) == ("workflow", 12, "2592000000")


def test_a_file_says_what_is_otherwise_and_which_topics_are_an_operator_s_own(tmp_path: Path) -> None:
    file = tmp_path / "topics.yaml"
    file.write_text(
        "defaults: {partitions: 24}\ntopics: {linli.cases: {config: {retention.ms: 1}}, linli.own: {partitions: 2}}\n"
    )
    topics = _declared("linli", file).topics
    assert topics["linli.intake"].partitions == 24
    assert topics["linli.cases"].config["retention.ms"] == "1"
    assert topics["linli.community"].partitions == 1
    assert (topics["linli.own"].writer, topics["linli.own"].partitions) == (None, 2)


def test_the_file_of_this_repository_can_be_read() -> None:
    file = Path(__file__).parents[4] / "deploy" / "topics.yaml"
    assert _declared("linli", file) == _declared("linli", None)


@pytest.mark.parametrize("content", ["topics: [", "topics: [1]", "defaults: {partitions: many}", "- 1"])
def test_a_file_that_cannot_be_read_ends_the_start_with_its_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "topics.yaml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=r"LINLI_TOPICS_FILE: .*topics\.yaml"):
        _declared("linli", file)


def test_it_asks_itself_where_it_listens() -> None:
    assert _own_url("0.0.0.0", 8100) == "http://127.0.0.1:8100"  # noqa: S104
    assert _own_url("10.0.0.5", 8100) == "http://10.0.0.5:8100"
    assert _own_url("::1", 8100) == "http://[::1]:8100"
