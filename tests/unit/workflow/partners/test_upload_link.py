"""A link opens what it was made for, and nothing that somebody has made of it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from workflow.partners.domain.upload_link import UploadLink, opened, sealed

LINK = UploadLink("0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01~water-co", datetime(2026, 11, 29, 8, 0, tzinfo=UTC))
KEY = b"a key"


def test_a_link_opens_what_it_was_made_for() -> None:
    assert opened(sealed(LINK, KEY), KEY) == LINK


def test_another_key_opens_nothing() -> None:
    assert opened(sealed(LINK, KEY), b"another") is None


@given(st.text())
def test_whatever_somebody_writes_opens_nothing(token: str) -> None:
    assert opened(token, KEY) is None


@given(st.integers(0, len(sealed(LINK, KEY)) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_link_with_one_sign_changed_is_another_s_or_none(place: int, sign: str) -> None:
    token = sealed(LINK, KEY)
    assert opened(token[:place] + sign + token[place + 1 :], KEY) in {None, LINK}
