"""Versions of a community's data, drafts that are read, and what a page tells of the one before."""

import json

import pytest

from linli.web.problems import Problem
from portal.office.differences import differences
from portal.office.drafts import decoded, read
from portal.office.said import MOST_BYTES, Said, _written
from tests.support.builders import community


def test_what_differs_is_named_entry_by_entry() -> None:
    before = community().model_dump(mode="json")
    after = json.loads(json.dumps(before))
    after["name"] = "别的街道"
    after["parties"][0]["email"] = None
    del after["categories"][0]
    after["neighbourhoods"].append({"id": "north", "name": "北院"})
    after["rules"] = after["rules"][::-1]
    found = {(each.where, each.what): (each.before, each.after) for each in differences(before, after)}
    assert found["name", "changed"] == ("测试街道", "别的街道")
    assert found["parties street.email", "removed"] == ("street@linli.example", None)
    assert ("categories facilities", "removed") in found
    assert found["neighbourhoods north", "added"] == (None, '{"id": "north", "name": "北院"}')
    assert found["rules", "moved"][1] == '["dispute", "water-words", "lift"]'
    assert len(found) == 5


def test_nothing_differs_from_itself() -> None:
    data = community().model_dump(mode="json")
    assert differences(data, data) == []


async def test_a_draft_is_yaml_as_clerks_write_it_or_json() -> None:
    assert await read("opens: 22:00\nyes: no\nnumber: 1\n") == {"opens": "22:00", "yes": "no", "number": 1}
    assert await read('\ufeff{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    "text", ["a: [", "a: &x 1\nb: *x", '{"a": ', "a: \x07", "!!python/name:os.system x", "[" * 100_000]
)
async def test_a_draft_that_cannot_be_read_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(Problem) as refused:
        await read(text)
    assert (refused.value.status, "Line" in refused.value.detail) == (422, True)


def test_what_is_no_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(Problem, match="Line 2"):
        decoded(b"a: 1\nb: \xff")


def test_what_a_page_tells_fits_into_a_cookie_whatever_it_is() -> None:
    lines = ["记录" * 200] * 1_000
    written = _written(Said("有" * 500, lines=lines, secret="linli_" + "x" * 60))
    assert len(written.encode()) <= MOST_BYTES
    told = json.loads(written)
    assert (told["lines"][-1], told["secret"][:6]) == ("…", "linli_")
