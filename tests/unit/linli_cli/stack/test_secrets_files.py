"""The keys of the embedded stack on disk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli_cli.stack.embedded.secret_files import MONGO_PASSWORD, OPERATOR_KEY, ensure_secrets, read_secret
from linli_cli.terminal.errors import CliError


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_new_secrets_are_closed_to_others_even_under_a_loose_umask(tmp_path: Path, loose_umask: None) -> None:
    ensure_secrets(tmp_path / "secrets")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}


def test_secrets_stay_the_same_at_the_next_start(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    before = read_secret(tmp_path / "secrets" / OPERATOR_KEY)
    ensure_secrets(tmp_path / "secrets")
    assert read_secret(tmp_path / "secrets" / OPERATOR_KEY) == before
    assert read_secret(tmp_path / "secrets" / MONGO_PASSWORD) != before


def test_a_secret_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    key = tmp_path / "secrets" / OPERATOR_KEY
    key.chmod(0o640)
    with pytest.raises(CliError, match=f"chmod 600 {key}"):
        ensure_secrets(tmp_path / "secrets")


def test_a_directory_that_others_may_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    secrets.chmod(0o755)
    with pytest.raises(CliError) as raised:
        ensure_secrets(secrets)
    assert raised.value.hint == f"Run: chmod 700 {secrets}"


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    (tmp_path / "secrets" / OPERATOR_KEY).write_text("")
    with pytest.raises(CliError, match="empty"):
        ensure_secrets(tmp_path / "secrets")
