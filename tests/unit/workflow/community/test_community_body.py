"""Megabytes of mistakes are answered for soon, with the first of them and where they are."""

import time
from typing import Any

import pytest

from linli.web.problems import Problem
from tests.support.builders import community
from workflow.community.api.community_body import checked


def data(**more: Any) -> dict[str, Any]:
    return community().model_dump(mode="json") | more


def faults(said: Any) -> list[dict[str, str]]:
    with pytest.raises(Problem) as refused:
        checked(said)
    assert (refused.value.slug, refused.value.status) == ("invalid", 422)
    found: list[dict[str, str]] = refused.value.extra["errors"]
    return found


def test_what_is_right_is_taken_whatever_its_size() -> None:
    assert checked(data()) == community()
    many = [{"id": f"c{n}", "name": "类别" * 20} for n in range(2_000)]
    assert len(checked(data(categories=many, rules=[], neighbourhoods=[], escalation=[])).categories) == 2_000


def test_the_first_twenty_mistakes_are_named_with_their_place() -> None:
    bad = [{"id": f"P{n}!", "name": "", "kind": "nope"} for n in range(20_000)]
    found = faults(data(parties=bad))
    assert len(found) == 20
    assert found[0]["field"] == "parties.0.id"


@pytest.mark.parametrize(
    "more",
    [
        {"parties": [{"id": f"P{n}!", "name": "", "kind": "nope"} for n in range(80_000)]},
        {"rules": [{"id": "r", "name": "x", "role": "x", "when": {"category": ["!"] * 1_000_000}}]},
        {"roles": {f"!{n}": "!" for n in range(200_000)}},
        {f"x{n}": n for n in range(200_000)},
    ],
    ids=["entries", "within an entry", "roles", "fields"],
)
def test_no_pile_of_mistakes_takes_long(more: dict[str, Any]) -> None:
    said = data(**more)
    began = time.process_time()
    assert faults(said)
    assert time.process_time() - began < 3, "all of them listed took ten seconds and more"


def test_what_is_no_community_at_all_is_said_so() -> None:
    for said in ([], "x", None, 7, {"parties": "x" * 300_000}):
        assert faults(said)
