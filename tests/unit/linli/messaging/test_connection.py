"""Where Kafka is, and who a process is to it, as settings say it."""

from pathlib import Path

import pytest

from linli.application.settings import Settings, SettingsError
from linli.messaging.connection import SCRAM, Cluster, Login
from linli_cli.stack.certificates import CA_CERTIFICATE, ensure_authority
from linli_cli.stack.embedded.secret_files import settings_fault


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "kafka.key"
    path.write_text("very secret\n")
    path.chmod(0o600)
    return path


def test_without_a_user_a_broker_is_asked_as_nobody() -> None:
    assert Settings(kafka_bootstrap="here:1", kafka_username="", kafka_ca_file="").kafka == Cluster("here:1")
    assert Cluster("here:1").client() == {"bootstrap_servers": "here:1"}


def test_a_user_comes_with_a_password_that_no_log_shows(password: Path) -> None:
    kafka = Settings(kafka_bootstrap="here:1", kafka_username="linli-intake", kafka_password_file=password).kafka
    assert kafka == Cluster("here:1", Login("linli-intake", "very secret"))
    assert "very secret" not in f"{kafka!r} {kafka}"
    assert kafka.client() == {
        "bootstrap_servers": "here:1",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": SCRAM,
        "sasl_plain_username": "linli-intake",
        "sasl_plain_password": "very secret",
        "ssl_context": None,
    }


def test_with_an_authority_the_connection_is_encrypted(password: Path, tmp_path: Path) -> None:
    ensure_authority(tmp_path / "secrets")
    ca = tmp_path / "secrets" / CA_CERTIFICATE
    kafka = Settings(kafka_username="linli-intake", kafka_password_file=password, kafka_ca_file=ca).kafka
    assert kafka.client()["security_protocol"] == "SASL_SSL"
    assert kafka.client()["ssl_context"] is not None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kafka_username": "linli-intake"}, "LINLI_KAFKA_USERNAME needs LINLI_KAFKA_PASSWORD_FILE"),
        ({"kafka_password_file": "kafka.key"}, "need LINLI_KAFKA_USERNAME"),
        ({"kafka_ca_file": "ca.crt"}, "need LINLI_KAFKA_USERNAME"),
        ({"kafka_username": "a", "kafka_password_file": "nowhere"}, "cannot read the secret nowhere"),
    ],
)
def test_half_of_a_login_is_refused(given: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        _ = Settings(**given).kafka  # type: ignore[arg-type]  # as the environment says it


def test_half_of_a_login_is_told_in_words() -> None:
    with pytest.raises(SettingsError) as raised:
        _ = Settings(kafka_username="linli-intake").kafka
    assert settings_fault(raised.value) == "LINLI_KAFKA_USERNAME is of no use without LINLI_KAFKA_PASSWORD_FILE."


def test_an_authority_that_is_not_there_is_refused(password: Path, tmp_path: Path) -> None:
    settings = Settings(kafka_username="a", kafka_password_file=password, kafka_ca_file=tmp_path / "ca.crt")
    with pytest.raises(SettingsError, match="LINLI_KAFKA_CA_FILE: there is no certificate"):
        _ = settings.kafka
