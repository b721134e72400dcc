"""Another key than the one that a database's ids were made with is refused."""

import hmac
from hashlib import sha256
from typing import Any

import pytest

from linli.application.settings import SettingsError
from neighbourhood.affairs.register_key import KEY, hold_to
from tests.support.recording import Recording


def kept(key: str) -> Any:
    return Recording(
        {"kept_keys": [{"_id": KEY, "fingerprint": hmac.new(key.encode(), KEY.encode(), sha256).hexdigest()}]}
    )


async def test_a_database_goes_on_with_the_key_that_it_began_with() -> None:
    database = kept("the first")
    await hold_to(database, "the first")
    assert {each.collection for each in database.asked} == {"kept_keys"}


async def test_another_key_is_refused_and_neither_is_told() -> None:
    with pytest.raises(SettingsError, match=r"Put back the one that the database began with") as refused:
        await hold_to(kept("the first"), "the second")
    assert "the first" not in str(refused.value)
    assert "the second" not in str(refused.value)
