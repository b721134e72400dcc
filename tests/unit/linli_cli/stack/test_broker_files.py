"""What the broker in a container is given, and what it refuses to open."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from linli_cli.operations.kafka_users import USERS
from linli_cli.stack.broker_files import BROKER, PROPERTIES, WHERE, give_broker, properties
from linli_cli.stack.certificates import BROKER as CERTIFICATE
from linli_cli.stack.certificates import CA_CERTIFICATE, hosts_of
from linli_cli.stack.embedded.secret_files import KAFKA_BROKER, KAFKA_TOOLS, ensure_secrets, read_secret

ROOT = Path(__file__).parents[4]


class WithTags(yaml.SafeLoader):
    """Takes Compose's `!override` for what follows it."""


WithTags.add_constructor("!override", lambda loader, node: loader.construct_sequence(node, deep=True))


def compose(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / file).read_text(), WithTags)  # noqa: S506 - a SafeLoader
    return found


BROKER_OF_ONE = compose("docker-compose.yml")["services"]["kafka"]
CLUSTER = compose("deploy/compose.cluster.yml")["services"]
ALONE: dict[str, str] = BROKER_OF_ONE["environment"]
OF_CLUSTER = [ALONE | CLUSTER[name]["environment"] for name in ("kafka", "kafka-2", "kafka-3")]


@pytest.fixture
def given(tmp_path: Path) -> Path:
    ensure_secrets(tmp_path / "whole")
    give_broker(tmp_path / "whole", tmp_path / "broker", hosts_of("partners.office.example"))
    return tmp_path / "broker"


def test_the_broker_may_read_its_files_and_nobody_else(given: Path) -> None:
    assert given.stat().st_mode & 0o777 == 0o750
    assert {each.name: each.stat().st_mode & 0o777 for each in given.iterdir()} == {
        CERTIFICATE: 0o640,
        PROPERTIES: 0o640,
    }


def test_the_authority_and_the_tools_password_stay_with_the_secrets(given: Path) -> None:
    whole, content = given.parent / "whole", "".join(each.read_text() for each in given.iterdir())
    assert read_secret(whole / KAFKA_BROKER) in content
    for name in (KAFKA_TOOLS, "partner-ca.key", "partners.key", "service.key"):
        assert read_secret(whole / name) not in content, name


def test_the_certificate_is_for_the_name_that_partners_use(given: Path) -> None:
    found = x509.load_pem_x509_certificate((given / CERTIFICATE).read_bytes())
    found.verify_directly_issued_by(
        x509.load_pem_x509_certificate((given.parent / "whole" / CA_CERTIFICATE).read_bytes())
    )
    assert "partners.office.example" in str(found.extensions)


def test_giving_it_again_changes_nothing_and_another_name_the_certificate_alone(given: Path) -> None:
    def stamps() -> dict[str, int]:
        return {each.name: each.stat().st_ino for each in given.iterdir()}

    before = stamps()
    give_broker(given.parent / "whole", given, hosts_of("partners.office.example"))
    assert stamps() == before
    give_broker(given.parent / "whole", given, hosts_of("another.example"))
    after = stamps()
    assert (after[PROPERTIES], after[CERTIFICATE]) == (before[PROPERTIES], after[CERTIFICATE])
    assert after[CERTIFICATE] != before[CERTIFICATE]


def test_a_password_of_an_operators_own_is_taken_as_it_is() -> None:
    found = properties('a "b" \\c ü')
    assert 'password="a \\\\"b\\\\" \\\\\\\\c \\u00fc"' in found
    assert f'user_{BROKER}="a' in found
    assert found.isascii()


def test_nobody_is_let_in_without_a_name_and_two_alone_may_do_all() -> None:
    found = dict(line.split("=", 1) for line in properties("secret").splitlines())
    assert found["super.users"] == "User:linli-broker;User:linli-tools"
    assert not set(USERS.values()) & set(found["super.users"].replace("User:", "").split(";"))
    assert "ANONYMOUS" not in str(found)
    assert found["authorizer.class.name"].endswith(".StandardAuthorizer")


def listeners(environment: dict[str, str]) -> dict[str, str]:
    """Listener → the address that it is bound to."""
    return dict(each.split("://") for each in environment["KAFKA_LISTENERS"].split(","))


@pytest.mark.parametrize("environment", [ALONE, *OF_CLUSTER])
def test_every_listener_has_a_way_in_that_the_broker_was_given(environment: dict[str, str]) -> None:
    found = dict(line.split("=", 1) for line in properties("secret").splitlines())
    protocols = dict(each.split(":") for each in environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert set(protocols) == set(listeners(environment))
    for name, protocol in protocols.items():
        mechanism = found[f"listener.name.{name.lower()}.sasl.enabled.mechanisms"]
        assert f"listener.name.{name.lower()}.{mechanism.lower()}.sasl.jaas.config" in found
        assert protocol == ("SASL_SSL" if name == "PARTNER" else "SASL_PLAINTEXT")
    advertised = {each.split("://")[0] for each in environment["KAFKA_ADVERTISED_LISTENERS"].split(",")}
    assert advertised == set(protocols) - {"CONTROLLER"}


def test_where_the_first_users_come_from_is_in_reach_of_the_broker_alone() -> None:
    for environment in (ALONE, *OF_CLUSTER):
        assert listeners(environment)["LOCAL"].startswith("127.0.0.1:")
    assert listeners(ALONE)["CONTROLLER"].startswith("127.0.0.1:")


def test_each_broker_of_a_cluster_has_a_name_and_ports_of_its_own_and_the_same_files() -> None:
    assert len({each["KAFKA_ADVERTISED_LISTENERS"] for each in OF_CLUSTER}) == 3
    for name in ("kafka-2", "kafka-3"):
        mounted = [each for each in CLUSTER[name]["volumes"] if isinstance(each, dict)]
        assert mounted == [each for each in BROKER_OF_ONE["volumes"] if isinstance(each, dict)]
        assert mounted[0]["target"] == WHERE


# The start -----------------------------------------------------------------------------------------------------------


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The broker's own command, with something else in the place of what starts Kafka."""
    shell, option, script = BROKER_OF_ONE["command"]
    script = script.replace("$$", "$").replace("/etc/kafka/docker/run", "echo started")
    return subprocess.run(
        [shell, option, script],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("environment", [ALONE, *OF_CLUSTER])
def test_the_broker_starts_as_it_is_configured(environment: dict[str, str], tmp_path: Path) -> None:
    done = start(tmp_path, **environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


@pytest.mark.parametrize(
    ("opened", "protocols"),
    [
        ("INTERNAL://:9092", "INTERNAL:PLAINTEXT"),
        ("INTERNAL://0.0.0.0:9092", "INTERNAL:PLAINTEXT"),
        ("INTERNAL://kafka:9092", "INTERNAL:SSL"),
        ("INTERNAL://:9092,OPEN://:9999", "INTERNAL:SASL_PLAINTEXT,OPEN:PLAINTEXT"),
        ("INTERNAL://:9092,CONTROLLER://:9093", "INTERNAL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT"),
        ("PLAINTEXT://:9092", "INTERNAL:SASL_PLAINTEXT"),
        ("INTERNAL://[::]:9092", "INTERNAL:PLAINTEXT"),
        ("INTERNAL://127.example.com:9092", "INTERNAL:PLAINTEXT"),
    ],
)
def test_a_listener_that_asks_nobody_is_not_opened_to_others(opened: str, protocols: str, tmp_path: Path) -> None:
    done = start(tmp_path, KAFKA_LISTENERS=opened, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=protocols)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "asks nobody who it is, and is open beyond this container" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_listener_that_asks_nobody_may_be_on_loopback(host: str, tmp_path: Path) -> None:
    map = "INTERNAL:SASL_PLAINTEXT,OPEN:PLAINTEXT"
    opened = f"INTERNAL://:9092,OPEN://{host}:9999"
    assert start(tmp_path, KAFKA_LISTENERS=opened, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=map).returncode == 0


def test_a_broker_that_is_told_of_no_listener_does_not_start(tmp_path: Path) -> None:
    assert start(tmp_path).returncode != 0
