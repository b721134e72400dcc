"""Titles that would run, break the page or lie about it: shown everywhere as what they are, words."""

from typing import Any

import pytest

from linli.text.visible import seen
from tests.support.hostile_words import HOSTILE
from tests.support.markup import markup
from tests.support.portal_pages import SHOWING_TITLES, Page
from tests.support.quarter import Quarter

TURNING = set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")


@pytest.fixture(scope="module")
async def said(quarter: Quarter) -> dict[str, dict[str, Any]]:
    """A report with each title: its receipt."""
    return {
        what: await quarter.report(title, text=title, place=title[:100], category="facilities.lift")
        for what, title in HOSTILE.items()
    }


@pytest.mark.parametrize("page", SHOWING_TITLES, ids=lambda page: page.name)
async def test_a_title_is_shown_as_the_words_that_it_is(
    page: Page, quarter: Quarter, said: dict[str, dict[str, Any]]
) -> None:
    async with await quarter.signed_in(page.role) as http:
        for what, receipt in said.items():
            places = quarter.places | {"case": receipt["id"], "code": receipt["tracking_code"]}
            answer = await http.get(page.address(places))
            assert answer.status_code == page.status, (what, answer.text)
            read = markup(answer.text)
            assert read.dangers() == [], what
            assert read.says(seen(HOSTILE[what])), (what, read.text)
            assert not TURNING & set(answer.text), f"{what}: no word is turned round"
