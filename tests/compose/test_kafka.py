"""Who comes to Kafka in docker compose, and what each may do there. The broker has been one that asked nobody."""

import json
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from socket import create_connection
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError
from confluent_kafka.admin import AclOperation, ResourceType

from linli.contracts.catalogue import topics
from linli.messaging.connection import Cluster, Login
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.operations.kafka_access import administrator, allow_exactly, lets_in, may, remove_user, set_password
from linli_cli.operations.kafka_users import USERS, rights, traffic
from linli_cli.stack.certificates import CA_CERTIFICATE
from linli_cli.stack.embedded.secret_files import KAFKA_TOOLS
from linli_cli.terminal.errors import CliError
from tests.support.deployment import ROOT, SERVICES, Deployment, deployed
from tests.support.kafka_user import in_, read, write
from tests.support.services import until

PROJECT = "linli-test-kafka"
FILES = ("docker-compose.yml",)
DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED
BEFORE = "linli.of-before"
WRITE_AS_NOBODY = f"""
/opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --topic {BEFORE} --partitions 1
echo 'from before' | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server kafka:9092 --topic {BEFORE}
"""
KNOCK = """
import asyncio, sys
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

async def knock():
    admin = AIOKafkaAdminClient(bootstrap_servers=sys.argv[1], request_timeout_ms=5000)
    try:
        await admin.start()
        print(await admin.list_topics())
    except (KafkaError, OSError) as error:
        print("refused", type(error).__name__)

asyncio.run(knock())
"""
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
async def deployment(docker: None) -> AsyncIterator[Deployment]:
    """Of this version, on the data of a broker of an earlier one."""
    with deployed(PROJECT, FILES, begun=as_before) as started:
        yield started
        await started.close()


def as_before() -> None:
    """A broker that asks nobody takes a record."""
    compose = ("docker", "compose", "-f", "docker-compose.yml", "-f", "tests/compose/kafka_before.yml")
    for command in (
        ("up", "-d", "--wait", "--no-deps", "kafka"),
        ("exec", "-T", "kafka", "sh", "-ec", WRITE_AS_NOBODY),
        ("stop", "kafka"),
    ):
        subprocess.run([*compose, *command], cwd=ROOT, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def ca(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a partner is given."""
    path = tmp_path_factory.mktemp("kit") / CA_CERTIFICATE
    path.write_text(deployment.in_a_tool("cat", f"/run/linli/secrets/{CA_CERTIFICATE}"))
    return path


def user(deployment: Deployment, name: str, secret: str) -> Cluster:
    """Somebody on this machine, by the port that is published for it."""
    password = deployment.in_a_tool("cat", f"/run/linli/secrets/{secret}")
    return Cluster(f"127.0.0.1:{deployment.ports['kafka']}", Login(name, password))


@pytest.fixture(scope="module")
def tools(deployment: Deployment) -> Cluster:
    return user(deployment, KAFKA_USERNAME, KAFKA_TOOLS)


def test_what_a_broker_of_an_earlier_version_held_is_there_still(tools: Cluster) -> None:
    assert read(tools, BEFORE, "of-this-test") == b"from before"


def test_the_command_on_the_host_and_in_a_container_comes_in_as_the_tools(deployment: Deployment) -> None:
    assert json.loads(deployment.linli("status", "--json"))["kafka"]["brokers"] == 1
    assert "linli.cases" in deployment.linli("topics", "apply")
    said = deployment.compose("--profile", "tools", "run", "--rm", "-T", "linli", "status", "--json")
    assert json.loads(said)["healthy"] is True


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_credential_opens_its_own_topics_and_no_other(deployment: Deployment, service: str) -> None:
    own, its = user(deployment, USERS[service], f"kafka-{service}.key"), traffic(service)
    everything = {topic.name for topic in topics()}
    assert {"intake", "cases", "notices"} < everything
    for name in everything - its.reads:
        assert read(own, f"linli.{name}", f"linli.{service}.tried") == DENIED, name
    for name in everything - its.writes:
        assert write(own, f"linli.{name}") == DENIED, name
    assert read(own, BEFORE, f"linli.{service}.tried") == DENIED
    with pytest.raises(CliError, match="Kafka does not change its users or their rights"):
        set_password(administrator(own), KAFKA_USERNAME, "another")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_no_credential_but_its_own(deployment: Deployment, service: str) -> None:
    own = deployment.inside(service, "print(open('/run/linli/secrets/kafka.key').read())")
    assert own == deployment.in_a_tool("cat", f"/run/linli/secrets/kafka-{service}.key")
    assert deployment.compose("exec", "-T", service, "ls", "-A", "/run/linli/kafka") == "", "what the broker is given"


def test_nobody_comes_in_without_a_name_by_any_port(deployment: Deployment) -> None:
    for port in ("kafka", "partner"):
        with pytest.raises(CliError, match="Kafka does not change"):
            lets_in(Cluster(f"127.0.0.1:{deployment.ports[port]}"))
    for address in ("kafka:9092", "kafka:19092", "kafka:19094", "kafka:9093", "kafka:9094"):
        said = deployment.compose("exec", "-T", "notify", "python", "-c", KNOCK, address).strip()
        assert said.splitlines()[-1].startswith("refused "), address


def test_nobody_comes_in_by_another_password(tools: Cluster, deployment: Deployment, ca: Path) -> None:
    assert tools.login
    assert lets_in(tools)
    assert not lets_in(Cluster(tools.bootstrap, Login(KAFKA_USERNAME, "a guess")))
    assert not lets_in(Cluster(tools.bootstrap, Login("linli-broker", "a guess")))
    assert not lets_in(Cluster(f"127.0.0.1:{deployment.ports['partner']}", Login(KAFKA_USERNAME, "a guess", ca)))


def test_partners_know_the_broker_by_the_authority_that_they_were_given(deployment: Deployment, ca: Path) -> None:
    address = ("127.0.0.1", int(deployment.ports["partner"]))
    with create_connection(address) as plain:
        own = ssl.create_default_context(cafile=ca)
        with own.wrap_socket(plain, server_hostname=address[0]) as encrypted:
            assert encrypted.version() in {"TLSv1.2", "TLSv1.3"}
    with create_connection(address) as plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname=address[0])


async def test_a_partner_reads_its_own_topic_and_no_other(tools: Cluster, deployment: Deployment, ca: Path) -> None:
    admin, name = administrator(tools), f"partner-{uuid4().hex[:8]}"
    set_password(admin, name, "its own")
    rights = may(ResourceType.TOPIC, BEFORE, AclOperation.READ)
    allow_exactly(admin, name, rights | may(ResourceType.GROUP, f"{name}.", AclOperation.READ, prefixed=True))
    partner = Cluster(f"127.0.0.1:{deployment.ports['partner']}", Login(name, "its own", ca))
    await until(in_(partner, is_=True))
    assert read(partner, BEFORE, f"{name}.one") == b"from before"
    assert read(partner, "linli.cases", f"{name}.one") == DENIED
    assert write(partner, "linli.cases") == DENIED
    remove_user(admin, name)
    allow_exactly(admin, name, ())
    await until(in_(partner, is_=False))


def test_a_listener_that_asks_nobody_and_is_open_to_others_lets_the_broker_not_start(deployment: Deployment) -> None:
    files = [part for file in (*FILES, "tests/compose/kafka_open.yml") for part in ("-f", file)]
    assert (ROOT / "tests/compose/kafka_open.yml").exists()
    with pytest.raises(AssertionError, match="refused: Kafka's listener OPEN://:9999 asks nobody who it is"):
        deployment.run("docker", "compose", *files, "run", "--rm", "--no-deps", "-T", "kafka")


def test_users_that_are_gone_are_made_again_at_the_next_start(tools: Cluster, deployment: Deployment) -> None:
    admin = administrator(tools)
    remove_user(admin, USERS["intake"])
    allow_exactly(admin, USERS["intake"], ())
    deployment.compose("up", "-d", "--wait", "--no-build")
    assert lets_in(user(deployment, USERS["intake"], "kafka-intake.key"))
    assert f"{USERS['intake']}: made" in deployment.log("kafka-users")
    all_of_them = len(rights("intake", traffic("intake"), "linli"))
    assert f"{USERS['intake']}: {all_of_them} rights given" in deployment.log("prepare")


def test_a_company_outside_the_network_goes_its_whole_way_with_its_kit_alone(
    deployment: Deployment, tmp_path: Path
) -> None:
    water, kit = ("water-company", "--community", "fushan-road"), tmp_path / "kit"
    deployment.linli("community", "load", "deploy/community/fushan-road")
    added = json.loads(deployment.linli("partners", "add", *water, "--kafka", "--json"))
    assert (added["in_line"], added["standing"]) == (True, "active")
    deployment.linli("partners", "kit", *water, "--out", str(kit))
    sent = ("--kind", "report", "--title", "三号楼停水", "--neighbourhood", "huaiyin-li", "--json")
    case = json.loads(deployment.linli("submit", *sent))["id"]
    program = subprocess.run(
        [sys.executable, "sample.py", "--real"], cwd=kit, capture_output=True, text=True, timeout=180, check=False
    )
    assert program.returncode == 0, program.stdout + program.stderr
    assert program.stdout.count("receipt applied") == 2, program.stdout
    found = json.loads(deployment.linli("case", case, "--json"))
    assert (found["state"], found["party"]["id"]) == ("resolved", "water-company")
    findings = json.loads(deployment.linli("partners", "doctor", *water, "--json"))["findings"]
    assert not [each for each in findings if each["level"] == "wrong"]
