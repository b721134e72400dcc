"""A patch that declares what was found: it applies, it is small, and after it nothing is found any more."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from linli_cli.operations.topics import topics_here
from portal.topology.acceptance import ACCEPTABLE, WHY_NOT, Acceptance, acceptance
from portal.topology.accepting import FILE, patch, with_group, with_topic
from portal.topology.domain.findings import Finding, Rule
from portal.topology.domain.joining import join
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Sample, TopicSeen
from portal.topology.module import _declared
from tests.support.builders import NOON
from tests.support.topology import looks, sample

GIT = shutil.which("git")
SHIPPED = (Path(__file__).parents[4] / FILE).read_text(encoding="utf-8")
TEXTS = {
    "as shipped": SHIPPED,
    "empty": "",
    "another section": "defaults: {partitions: 24}\n",
    "without a last line feed": "defaults: {}\ntopics: {}",
    "in one line": "topics: {linli.cases: {partitions: 24}, linli.own: {partitions: 2}} # two\ndefaults: {}\n",
    "a block": "topics:\n    # ours\n    linli.own:\n        partitions: 2 # few\n\n# the end\ndefaults: {}\n",
    "a block at the end": "defaults: {}\ntopics:\n  linli.own: {partitions: 2}\n  # the end\n",
    "null": "topics:\ndefaults: {}\n",
}


def applied(folder: Path, before: str, diff: str, *, is_new: bool = False) -> str:
    """What `patch -p1` makes of the file."""
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    if not is_new:
        file.write_text(before, encoding="utf-8")
    assert GIT
    subprocess.run([GIT, "init", "-q"], cwd=folder, check=True)
    done = subprocess.run([GIT, "apply", "-"], cwd=folder, input=diff, text=True, capture_output=True, check=False)
    assert done.returncode == 0, (done.stderr, diff)
    return file.read_text(encoding="utf-8")


@pytest.mark.skipif(GIT is None, reason="git is not here")
@pytest.mark.parametrize("name", TEXTS)
def test_the_patch_applies_and_says_it(tmp_path: Path, name: str) -> None:
    before = TEXTS[name]
    after = with_topic(before, "linli.strange", 3, {"retention.ms": "1000"})
    assert applied(tmp_path, before, patch(before, after, is_new=False)) == after
    said, was = yaml.safe_load(after), yaml.safe_load(before) or {}
    assert said["topics"].pop("linli.strange") == {"partitions": 3, "config": {"retention.ms": "1000"}}
    assert said["topics"] == (was.get("topics") or {})
    assert {key: value for key, value in said.items() if key != "topics"} == {
        key: value for key, value in was.items() if key != "topics"
    }
    kept = [line for line in before.splitlines() if line.strip().startswith("#")]
    assert [line for line in after.splitlines() if line.strip().startswith("#")] == kept, "comments stay"


def test_a_topic_that_the_file_has_gets_only_what_is_otherwise(tmp_path: Path) -> None:
    before = TEXTS["a block"]
    after = with_topic(before, "linli.own", 8, {"retention.ms": "1"})
    assert yaml.safe_load(after)["topics"] == {"linli.own": {"partitions": 8, "config": {"retention.ms": "1"}}}
    assert "# ours" in after and "# the end" in after
    assert applied(tmp_path, before, patch(before, after, is_new=False)) == after


def test_where_there_is_no_file_the_patch_makes_one(tmp_path: Path) -> None:
    after = with_group("", "linli.warehouse", "copies cases")
    assert applied(tmp_path, "", patch("", after, is_new=True), is_new=True) == after
    assert yaml.safe_load(after) == {"groups": {"linli.warehouse": "copies cases"}}


ODD = {
    "a root in one line": "{}\n",
    "a document's end": "defaults: {partitions: 24}\n...\n",
    "an alias at the end": "x:\n  own: &own\n    partitions: 2\ntopics:\n  linli.other: *own\n",
    "a merged section": "x: &x\n  linli.own: {partitions: 2}\ntopics: *x\n",
}


@pytest.mark.parametrize("name", ODD)
def test_where_a_patch_would_break_the_file_the_entry_is_written_by_hand(name: str) -> None:
    one = finding(Rule.UNDECLARED_TOPIC, "topic:linli.strange")
    found = acceptance(one, _declared("linli", None), with_strangers(0), ODD[name])
    assert found.patch is None
    for said in (str(found.said), found.said.chinese):
        assert "topics: {linli.strange: {config: {retention.ms: '1000'}, partitions: 3}}" in said


def finding(rule: Rule, node: str) -> Finding:
    return Finding(f"{rule}@{node}", rule, node, "operator", {}, NOON, NOON)


def with_strangers(n: int) -> Sample:
    """A topic and a group that nobody declared, and one of ours with other settings."""
    seen = sample(n, configs={"linli.cases": {**sample(n).topics["linli.cases"].config, "retention.ms": "5000"}})
    strange = TopicSeen(replication=1, begins=(0, 0, 0), ends=(1, 2, 3), config={"retention.ms": "1000"})
    strangers = ("group:linli.warehouse", "topic:linli.strange")
    return seen.model_copy(update={"strangers": strangers, "topics": {**seen.topics, "linli.strange": strange}})


@pytest.mark.parametrize(
    ("rule", "node"),
    [
        (Rule.UNDECLARED_TOPIC, "topic:linli.strange"),
        (Rule.UNDECLARED_GROUP, "group:linli.warehouse"),
        (Rule.TOPIC_DIFFERS, "topic:linli.cases"),
    ],
)
def test_what_is_accepted_is_declared_to_the_portal_and_to_the_command(tmp_path: Path, rule: Rule, node: str) -> None:
    window = looks(with_strangers)
    found = acceptance(finding(rule, node), _declared("linli", None), window[-1], SHIPPED)
    assert found.patch
    file = tmp_path / "topics.yaml"
    file.write_text(applied(tmp_path, SHIPPED, found.patch), encoding="utf-8")
    declared, name = _declared("linli", file), node.partition(":")[2]
    topics_here(file)  # `linli topics apply` takes it
    if rule is Rule.UNDECLARED_GROUP:
        assert declared.own_groups == {name}
        return
    assert declared.topics[name].partitions == window[-1].topics[name].partitions
    assert declared.topics[name].config["retention.ms"] == window[-1].topics[name].config["retention.ms"]
    if rule is Rule.TOPIC_DIFFERS:
        amiss = judged(declared, window, join(declared, window, window[-1].at))
        assert (Rule.TOPIC_DIFFERS, node) not in {(each.rule, each.node) for each in amiss}


@pytest.mark.parametrize("rule", sorted(set(Rule) - ACCEPTABLE))
def test_what_no_contract_can_say_is_told_in_both_languages(rule: Rule) -> None:
    found = acceptance(finding(rule, "service:x"), _declared("linli", None), sample(0), SHIPPED)
    assert found.patch is None
    assert found.said and found.said.chinese != found.said
    assert (rule in WHY_NOT) == (found.said in WHY_NOT.values())


def test_what_was_not_seen_yet_or_is_so_already_has_no_patch() -> None:
    one = finding(Rule.UNDECLARED_TOPIC, "topic:linli.strange")
    assert acceptance(one, _declared("linli", None), sample(0), None).patch is None
    lacking = with_strangers(0)
    found: Acceptance = acceptance(
        finding(Rule.TOPIC_DIFFERS, "topic:linli.cases"),
        _declared("linli", None),
        lacking,
        with_topic(SHIPPED, "linli.cases", lacking.topics["linli.cases"].partitions, {"retention.ms": "5000"}),
    )
    assert found.patch is None
