"""Which of a deployment's secrets each service gets, in docker compose."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from linli.application.settings import Settings, SettingsError
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.operations import kafka_users
from linli_cli.operations.database_users import USERS, needed
from linli_cli.stack.broker_files import WHERE
from linli_cli.stack.embedded.secret_files import ensure_secrets, read_secret
from linli_cli.stack.handed_out import hand_out
from linli_cli.terminal.errors import CliError

ROOT = Path(__file__).parents[4]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRETS = "/run/linli/secrets"
ALL_GET = {"operator.key.sha256", "service.key", "portal.key", "mongo.key", "kafka.key"}
TOOLS = {"access", "secrets", "replica-set", "kafka-users", "prepare", "linli", "sample"}
"""Containers of the command: it makes, moves and shows what the whole deployment holds."""
OWN_ROLE = [{"role": "readWrite", "db": "linli_intake"}]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    ensure_secrets(tmp_path / "whole")
    hand_out(tmp_path / "whole", tmp_path / "volumes")
    return tmp_path / "whole"


def in_volume(whole: Path, service: str) -> dict[str, str]:
    return {path.name: path.read_text().strip() for path in (whole.parent / "volumes" / service).iterdir()}


def lay(whole: Path, name: str, content: str, mode: int = 0o600) -> None:
    (whole / name).write_text(content)
    (whole / name).chmod(mode)


def mounts(service: str) -> dict[str, str]:
    """Volume → where it is, of those with secrets."""
    listed = [_short(each).split(":") for each in COMPOSE["services"][service].get("volumes", ())]
    return {each[0]: ":".join(each[1:]) for each in listed if re.search("secrets|keyfile|kafka-files", each[0])}


def _short(volume: str | dict[str, Any]) -> str:
    if isinstance(volume, str):
        return volume
    return f"{volume['source']}:{volume['target']}{':ro' if volume['read_only'] else ''}"


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_a_container_mounts_the_secrets_that_are_meant_for_it_and_no_other(service: str) -> None:
    found = mounts(service)
    if service in PROGRAMS:
        assert found == {f"secrets-{service}": f"{SECRETS}:ro"}
    elif service == "secrets":
        of_services = {f"secrets-{each}": f"/run/linli/services/{each}" for each in PROGRAMS}
        assert found == {"secrets": SECRETS, "kafka-files": "/run/linli/kafka"} | of_services
    elif service in TOOLS:
        assert {volume: where.removesuffix(":ro") for volume, where in found.items()} == {"secrets": SECRETS}
    elif service == "kafka":
        assert found == {"kafka-files": f"{WHERE}:ro"}
    elif service in {"mongo", "mongo-rights"}:
        assert found == {"mongo-keyfile": "/run/linli/mongo:ro"}
    else:
        assert found == ({"mongo-keyfile": "/run/linli/mongo"} if service == "mongo-keyfile" else {})


@pytest.mark.parametrize("file", ["compose.cluster.yml", "compose.secrets.yml"])
def test_no_override_gives_a_service_more(file: str) -> None:
    override = yaml.load((ROOT / "deploy" / file).read_text(), WithTags)  # noqa: S506 - a SafeLoader
    for name, service in override.get("services", {}).items():
        assert "secrets" not in str(service.get("volumes", "")), name


class WithTags(yaml.SafeLoader):
    """Takes Compose's `!override` for what follows it."""


WithTags.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_service_is_to_mongodb_a_user_of_its_own(service: str) -> None:
    assert COMPOSE["services"][service]["environment"]["LINLI_MONGO_USERNAME"] == USERS[service]
    assert USERS[service] == f"linli_{service}"


@pytest.mark.parametrize("service", PROGRAMS)
def test_a_service_is_to_kafka_a_user_of_its_own(service: str) -> None:
    given = COMPOSE["services"][service]["environment"]
    assert given["LINLI_KAFKA_USERNAME"] == kafka_users.USERS[service]
    assert given["LINLI_KAFKA_PASSWORD_FILE"] == f"{SECRETS}/kafka.key"
    assert COMPOSE["services"]["prepare"]["environment"]["LINLI_KAFKA_USERNAME"] == KAFKA_USERNAME


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_what_it_needs_and_nothing_of_another(whole: Path, service: str) -> None:
    lay(whole, "smtp.key", "the mail server's")
    lay(whole, "sms.key", "the gateway's")
    hand_out(whole, whole.parent / "volumes")
    given = in_volume(whole, service)
    own = {"workflow": {"partners.key"}, "notify": {"smtp.key", "sms.key"}, "neighbourhood": {"register.key"}}
    assert set(given) == ALL_GET | own.get(service, set())
    assert given["mongo.key"] == read_secret(whole / f"mongo-{service}.key")
    assert given["kafka.key"] == read_secret(whole / f"kafka-{service}.key")
    others = {path.name: path.read_text().strip() for path in whole.iterdir()} | {
        f"{other}'s": in_volume(whole, other)["mongo.key"] for other in PROGRAMS if other != service
    }
    not_its = {name for name, secret in others.items() if secret not in given.values()}
    assert {"operator.key", "mongo.key", "mongo-keyfile"} < not_its
    assert len(not_its) == 19 - len(own.get(service, ()))


def test_a_face_gets_its_passwords_and_no_key_that_opens_anything(whole: Path) -> None:
    passwords = {f"{server}.key": read_secret(whole / f"{server}-portal.key") for server in ("mongo", "kafka")}
    passwords["portal.key"] = read_secret(whole / "portal.key")  # whose requests it passes on
    assert in_volume(whole, "portal") == passwords
    lay(whole, "oidc.key", "the provider's")
    hand_out(whole, whole.parent / "volumes")
    assert in_volume(whole, "portal") == passwords | {"oidc.key": "the provider's"}


def test_what_is_handed_out_is_closed_to_others(whole: Path) -> None:
    for service in SERVICES:
        directory = whole.parent / "volumes" / service
        assert directory.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


def test_a_service_knows_the_operators_key_without_having_it(whole: Path) -> None:
    settings = Settings(secrets_dir=whole.parent / "volumes" / "workflow")
    shown = read_secret(whole / "operator.key")
    assert settings.digest_of("operator.key") == hashlib.sha256(shown.encode()).digest()
    assert Settings(secrets_dir=whole).digest_of("operator.key") == settings.digest_of("operator.key")


def test_a_digest_that_is_none_ends_the_start_with_its_name(whole: Path) -> None:
    directory = whole.parent / "volumes" / "workflow"
    (directory / "operator.key.sha256").write_text("not one")
    with pytest.raises(SettingsError, match=r"operator\.key\.sha256 holds no digits of a SHA-256"):
        Settings(secrets_dir=directory).digest_of("operator.key")


def test_it_may_be_repeated_and_changes_nothing(whole: Path) -> None:
    before = {service: in_volume(whole, service) for service in SERVICES}
    stamps = [path.stat().st_mtime_ns for path in sorted((whole.parent / "volumes").rglob("*.key"))]
    hand_out(whole, whole.parent / "volumes")
    assert {service: in_volume(whole, service) for service in SERVICES} == before
    assert [path.stat().st_mtime_ns for path in sorted((whole.parent / "volumes").rglob("*.key"))] == stamps


def test_a_new_key_reaches_every_service_and_the_earlier_one_goes_when_it_is_removed(whole: Path) -> None:
    earlier = read_secret(whole / "service.key")
    (whole / "service.key").rename(whole / "service.key.before")
    ensure_secrets(whole)
    hand_out(whole, whole.parent / "volumes")
    for service in SERVICES:
        given = in_volume(whole, service)
        assert (given["service.key"], given["service.key.before"]) == (read_secret(whole / "service.key"), earlier)
    (whole / "service.key.before").unlink()
    hand_out(whole, whole.parent / "volumes")
    assert not any("service.key.before" in in_volume(whole, service) for service in SERVICES)


def test_what_an_operator_laid_open_stays_open_so_that_its_reader_says_it(whole: Path) -> None:
    lay(whole, "sms.key", "the gateway's", mode=0o644)
    hand_out(whole, whole.parent / "volumes")
    with pytest.raises(SettingsError, match="open to others"):
        Settings(secrets_dir=whole.parent / "volumes" / "notify").secret("sms.key")


def test_a_volume_that_others_may_look_into_is_refused(whole: Path) -> None:
    (whole.parent / "volumes" / "intake").chmod(0o755)
    with pytest.raises(CliError, match="open to other users"):
        hand_out(whole, whole.parent / "volumes")


def test_a_user_is_made_when_it_is_missing_and_mended_when_it_differs() -> None:
    right = {"roles": OWN_ROLE}
    assert needed(None, OWN_ROLE, lets_in=False) == "createUser"
    assert needed(right, OWN_ROLE, lets_in=True) is None
    assert needed(right, OWN_ROLE, lets_in=False) == "updateUser"
    assert needed({"roles": [*OWN_ROLE, {"role": "root", "db": "admin"}]}, OWN_ROLE, lets_in=True) == "updateUser"
