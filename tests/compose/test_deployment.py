"""`docker compose up --wait`, and what an operator may then rely on. The tests go in this order on one deployment."""

import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from linli_cli.connection.settings import PROGRAMS
from tests.monitoring.boards import BOARDS, shows_figures
from tests.monitoring.office import again_and_again
from tests.monitoring.prometheus import MISSING, Prometheus, installed
from tests.monitoring.telling import ESTATE, ESTATE_S_ADDRESS, LIFT, post
from tests.support.deployment import SERVICES, Deployment, deployed
from tests.support.front_door import goes_round
from tests.support.journey import go_the_whole_way, mailbox_on, with_webhook
from tests.support.picture import must_be_there, shown_page, whole_picture
from tests.support.servers import free_ports
from tests.support.services import until

PROJECT = "linli-test"
FILES = ("docker-compose.yml", "tests/compose/host.yml")
READ_SECRETS = """
import json, pathlib
print(json.dumps({p.name: p.read_text().strip() for p in pathlib.Path('/run/linli/secrets').iterdir()}))
"""
SEND_A_LETTER = """
import smtplib
from email.message import EmailMessage
letter = EmailMessage()
letter['From'], letter['To'], letter['Subject'] = 'a@linli.example', 'b@linli.example', '供水恢复'
smtplib.SMTP('mail', 1025).send_message(letter)
"""
_DATABASE = """
from linli.storage import mongo
from workflow.settings import WorkflowSettings
from linli.application.settings import read_secret
from pymongo import MongoClient
settings = WorkflowSettings()
password = read_secret(settings.mongo_password_file)
client = MongoClient(settings.mongo_uri, username=settings.mongo_username, password=password)
migrations = client[settings.database("workflow")].migrations
"""
LOOK_AROUND = (
    _DATABASE
    + """
from pymongo.errors import OperationFailure
for name in ("linli_intake", "linli_workflow", "linli_notify", "linli_neighbourhood", "admin"):
    for look in (lambda: client[name].seen.find_one(), lambda: client[name].seen.insert_one({})):
        try:
            look()
        except OperationFailure as error:
            print(name, error.code)
client[settings.mongo_username].seen.drop()
"""
)
UNAUTHORIZED = 13
ONE_USER_AS_BEFORE = (
    _DATABASE
    + """
for user in ("linli_intake", "linli_workflow", "linli_notify"):
    client.admin.command("dropUser", user)
client.admin.command("revokeRolesFromUser", "linli", roles=["userAdminAnyDatabase"])
"""
)
FORGET_A_MIGRATION = _DATABASE + "print(migrations.find_one_and_delete({}, sort=[('_id', -1)])['_id'])"
LIST_MIGRATIONS = _DATABASE + "print(*migrations.distinct('_id'))"
MIGRATE_FROM_THE_FUTURE = _DATABASE + "migrations.insert_one({'_id': 'm999_the_future'})"
FENCES = "works.site.safety"
"""Of the sample's community: whose it is, is the party that the demo makes a link for."""
PORTS = {"intake": 8101, "workflow": 8102, "notify": 8103, "neighbourhood": 8104}
METRICS = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:{}/metrics').read().decode())"
pytestmark = pytest.mark.timeout(1800)
(SMTP_PORT,) = free_ports(1)


@pytest.fixture(scope="module")
async def deployment(docker: None) -> AsyncIterator[Deployment]:
    with deployed(PROJECT, FILES, LINLI_TEST_SMTP_PORT=str(SMTP_PORT)) as started:
        yield started
        await started.close()


@pytest.fixture(scope="module")
def gateway(deployment: Deployment) -> str:
    """The host, as containers reach it."""
    hosts = deployment.inside("notify", "print(open('/etc/hosts').read())").splitlines()
    return next(line.split()[0] for line in hosts if "host.docker.internal" in line)


async def test_the_whole_way_goes_through_containers(deployment: Deployment, gateway: str) -> None:
    with HTTPServer(host=gateway) as hooks, mailbox_on(gateway, SMTP_PORT) as box:
        hooks.expect_request("/hook", method="POST").respond_with_data("ok")
        await go_the_whole_way(deployment, box, hooks, f"http://host.docker.internal:{hooks.port}/hook")


async def test_the_demo_loses_nothing_its_links_open_the_desk_and_the_status_is_told(
    deployment: Deployment, gateway: str
) -> None:
    with mailbox_on(gateway, SMTP_PORT):
        result = json.loads(deployment.linli("demo", "--json").splitlines()[-1])
    assert (result["submissions"], result["cases"], result["lost"]) == (49, 49, 0)
    skipped = {each["way"] for each in result["utilities"].values() if each["skipped"]}
    assert skipped <= {"webhook"}, "a container does not reach the host's loopback"
    assert all(each["whole"] for each in result["utilities"].values() if not each["skipped"])
    assert result["sign_in"]["pages"] == f"http://127.0.0.1:{deployment.ports['portal']}"
    await goes_round(result["sign_in"], "fushan-road", FENCES)
    status = json.loads(deployment.linli("status", "--json"))
    assert status["healthy"] is True
    assert len(status["processes"]) == 8


def test_the_command_works_where_nothing_but_docker_is(deployment: Deployment) -> None:
    said = deployment.compose("--profile", "tools", "run", "--rm", "-T", "linli", "status", "--json")
    assert json.loads(said)["healthy"] is True


async def test_the_topology_shows_all_that_there_is_and_how_it_is(deployment: Deployment) -> None:
    await whole_picture(deployment, dict.fromkeys((*SERVICES, "portal"), 1))
    page = await shown_page(deployment)
    assert [id for id in must_be_there() if f'data-id="{id}"' not in page] == []
    said = json.loads(deployment.in_a_tool("sh", "-c", "linli topology --json || test $? = 1"))  # 1: something is amiss
    assert said["fresh"]
    states = {each["id"]: each["state"] for each in said["nodes"]}
    assert {states.get(id) for id in must_be_there()} == {"well"}


@asynccontextmanager
async def watched(deployment: Deployment, folder: Path) -> AsyncIterator[Prometheus]:
    """Debian's Prometheus beside the containers, less hurried than where all runs without limits to its processor."""
    prometheus = Prometheus(folder, factor=10)
    for name in (*SERVICES, "portal"):
        prometheus.watch(name, f"127.0.0.1:{deployment.ports[name]}")
    prometheus.start()
    try:
        yield prometheus
    finally:
        await prometheus.stop()


@pytest.mark.long
@pytest.mark.skipif(not installed(), reason=MISSING)
async def test_prometheus_sees_a_container_that_is_stopped_and_that_it_is_back(
    deployment: Deployment, tmp_path: Path
) -> None:
    async with watched(deployment, tmp_path) as prometheus:

        async def there() -> bool:
            told = ("sum(up)", "max(linli_servers_expected)", "min(linli:consumer_lag:sum)")
            return [await prometheus.values(query) for query in told] == [[5.0], [1.0], [0.0]]

        async def fires() -> bool:
            down = {"alertname": "LinliServiceDown", "job": "notify"}
            return any(down.items() <= labels.items() for labels in await prometheus.firing())

        async def ended() -> bool:
            return not await fires()

        await until(there)
        await until(ended)
        deployment.compose("stop", "notify")
        await until(fires)
        deployment.compose("up", "-d", "--wait", "--no-build")
        await until(ended)
        assert await prometheus.rules_that_fail() == []


@pytest.mark.long
@pytest.mark.skipif(not installed(), reason=MISSING)
async def test_each_picture_of_a_board_shows_figures(deployment: Deployment, gateway: str, tmp_path: Path) -> None:
    """While residents report, and one company is reached by no way."""
    (nobody,) = free_ports(1)
    with post(gateway, SMTP_PORT) as mailbox:
        mailbox.refused.add(ESTATE_S_ADDRESS)
        await deployment.load(**with_webhook(ESTATE, f"http://host.docker.internal:{nobody}/hook"))

        async def day() -> None:
            reporter = {"name": "王芳", "email": "wang@residents.example"}
            for fields in ({"reporter": reporter}, {}, LIFT, {"neighbourhood": "nowhere"}):
                said = {"kind": "report", "title": "停水了", "neighbourhood": "east", "community": "test"} | fields
                await deployment.submit(**said)

        async with watched(deployment, tmp_path) as prometheus, again_and_again(day, 1):
            for board in BOARDS:
                await shows_figures(prometheus, board, 90)


async def test_the_sample_and_the_mail_server_to_look_at_come_with_their_profiles(deployment: Deployment) -> None:
    deployment.compose("--profile", "sample", "--profile", "mail", "up", "-d", "--wait", "--no-build")
    assert (await deployment.get("workflow", "/v1/communities/fushan-road"))["name"]
    deployment.inside("notify", SEND_A_LETTER)
    page = await deployment.resident.get(f"http://127.0.0.1:{deployment.ports['mail']}/")
    assert "供水恢复" in page.text
    deployment.compose("rm", "--stop", "--force", "mail", "sample")


def test_nothing_runs_as_root_or_may_become_it(deployment: Deployment) -> None:
    for container in deployment.containers():
        name, host = container["Name"], container["HostConfig"]
        inside = deployment.run("docker", "exec", name.lstrip("/"), "cat", "/proc/1/status")
        fields = dict(line.split(":", 1) for line in inside.splitlines() if ":" in line)
        assert "0" not in fields["Uid"].split(), name
        assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0, name
        assert fields["NoNewPrivs"].strip() == "1", name
        assert host["ReadonlyRootfs"] is True, name
        assert host["Memory"] > 0, name
        assert host["RestartPolicy"]["Name"] == "unless-stopped", name
        assert host["LogConfig"]["Config"]["max-size"], name


def test_ports_are_on_loopback_only(deployment: Deployment) -> None:
    published = [
        binding["HostIp"]
        for container in deployment.containers()
        for bindings in (container["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or ()
    ]
    assert len(published) == 8
    assert set(published) == {"127.0.0.1"}


def test_no_secret_shows_in_docker_inspect(deployment: Deployment) -> None:
    secrets = json.loads(deployment.in_a_tool("python", "-c", READ_SECRETS))
    assert len(secrets) >= 7
    shown = json.dumps(deployment.containers()) + deployment.compose("config") + deployment.compose("logs")
    assert [name for name, secret in secrets.items() if secret in shown] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_holds_no_secret_but_its_own(deployment: Deployment, service: str) -> None:
    whole = json.loads(deployment.in_a_tool("python", "-c", READ_SECRETS))
    own = json.loads(deployment.inside(service, READ_SECRETS))
    also = {"workflow": {"partners.key"}, "neighbourhood": {"register.key"}}.get(service, set())
    assert set(own) == {"operator.key.sha256", "service.key", "portal.key", "mongo.key", "kafka.key"} | also
    its = {"service.key", "portal.key", f"mongo-{service}.key", f"kafka-{service}.key"} | also
    assert {name for name, secret in whole.items() if secret in own.values()} == its
    assert deployment.compose("exec", "-T", service, "find", "/run/linli/secrets", "-type", "f", "-perm", "/077") == ""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_and_writes_its_own_database_only(deployment: Deployment, service: str) -> None:
    said = deployment.inside(service, LOOK_AROUND).splitlines()
    others = [f"linli_{other}" for other in SERVICES if other != service]
    assert sorted(said) == sorted(f"{name} {UNAUTHORIZED}" for name in [*others, "admin"] for _ in range(2))


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_sees_the_servers_themselves_with_the_rights_that_it_has(
    deployment: Deployment, service: str
) -> None:
    async def seen() -> bool:
        told = deployment.inside(service, METRICS.format(PORTS[service])).splitlines()
        return {f'linli_servers{{server="{server}"}} 1.0' for server in ("kafka", "mongodb")} <= set(told)

    await until(seen)


@pytest.mark.parametrize(
    "service",
    ["intake", "mongo", *(pytest.param(each, marks=pytest.mark.long) for each in (*SERVICES[1:], "kafka"))],
)
async def test_what_is_killed_comes_back_by_itself(deployment: Deployment, service: str) -> None:
    before = {each["Name"]: each["RestartCount"] for each in deployment.containers()}
    name = f"/{PROJECT}-{service}-1"
    (pid,) = (each["State"]["Pid"] for each in deployment.containers() if each["Name"] == name)
    child = Path(f"/proc/{pid}/task/{pid}/children")
    if not child.exists():
        pytest.skip("the engine's processes cannot be seen from here, and `docker kill` is not a crash")
    for each in child.read_text().split():
        os.kill(int(each), signal.SIGKILL)

    async def back() -> bool:
        found = {each["Name"]: each for each in deployment.containers()}
        return (
            name in found
            and found[name]["RestartCount"] == before[name] + 1
            and found[name]["State"]["Health"]["Status"] == "healthy"
        )

    await until(back, 150)

    async def goes_on() -> bool:
        answer = await deployment.submit(kind="report", title="停水", neighbourhood="east", community="test")
        return answer.status_code == 201 and await _dispatched(deployment, answer.json()["id"])

    await until(goes_on)


async def _dispatched(deployment: Deployment, id: str) -> bool:
    async def there() -> bool:
        return bool(await deployment.case(id))

    await until(there)
    return True


@pytest.mark.long
async def test_an_installation_with_one_user_for_all_goes_over_by_itself(deployment: Deployment) -> None:
    count = (await deployment.get("workflow", "/v1/case-counts"))["total"]
    # With who asks workflow: `up --wait` gives up at once on a container that has been unhealthy for a while.
    deployment.compose("rm", "--stop", "--force", *PROGRAMS, "access", "secrets")
    deployment.run("docker", "volume", "rm", *(f"{PROJECT}_secrets-{program}" for program in PROGRAMS))
    deployment.in_a_tool("python", "-c", ONE_USER_AS_BEFORE)
    deployment.compose("run", "--rm", "-T", "secrets", "sh", "-c", "rm /run/linli/secrets/mongo-*.key")
    deployment.compose("up", "-d", "--wait", "--no-build")
    assert "linli: may make users from now on" in deployment.log("mongo-rights")
    answer = await deployment.submit(kind="report", title="停水", neighbourhood="east", community="test")
    assert await _dispatched(deployment, answer.json()["id"])
    assert (await deployment.get("workflow", "/v1/case-counts"))["total"] > count


@pytest.mark.long
def test_a_services_password_is_changed_by_removing_it(deployment: Deployment) -> None:
    before = deployment.inside("intake", READ_SECRETS)
    deployment.compose("run", "--rm", "-T", "secrets", "rm", "/run/linli/secrets/mongo-intake.key")
    deployment.compose("up", "-d", "--wait", "--no-build")
    deployment.compose("restart", "intake")
    deployment.compose("up", "-d", "--wait", "--no-build")
    assert json.loads(deployment.inside("intake", READ_SECRETS)).keys() == json.loads(before).keys()
    assert deployment.inside("intake", READ_SECRETS) != before
    assert deployment.inside("intake", LOOK_AROUND).count("linli_intake") == 0


def test_our_image_is_asked_of_no_registry(deployment: Deployment) -> None:
    services = json.loads(deployment.compose("--profile", "*", "config", "--format", "json"))["services"]
    ours = {name: each for name, each in services.items() if each["image"].partition(":")[0].endswith("linli")}
    assert set(SERVICES) < set(ours)
    assert {(each["image"], each["pull_policy"]) for each in ours.values()} == {("localhost/linli:test", "never")}
    assert [name for name, each in ours.items() if "build" in each] == ["secrets"]


@pytest.fixture(scope="module")
def next_image(deployment: Deployment) -> str:
    """Another version of our image."""
    build = ("--build-arg", "VERSION=next", "-t", "localhost/linli:next")
    deployment.run("docker", "build", "-q", "-f", "deploy/Dockerfile", *build, ".")
    return "next"


@pytest.mark.long
async def test_a_command_that_only_looks_changes_nothing(deployment: Deployment, next_image: str) -> None:
    before = {each["Id"] for each in deployment.containers()}
    forgotten = deployment.inside("workflow", FORGET_A_MIGRATION)
    run = ("--profile", "tools", "run", "--rm", "-T", "linli", "status", "--json")
    assert json.loads(deployment.compose(*run, LINLI_VERSION=next_image))["healthy"] is True
    assert {each["Id"] for each in deployment.containers()} == before
    assert forgotten not in deployment.inside("workflow", LIST_MIGRATIONS)


@pytest.mark.long
async def test_a_second_replica_has_a_name_of_its_own(deployment: Deployment) -> None:
    (first,) = free_ports(1)
    several = {"LINLI_WORKFLOW_PORT": f"{first}-{first + 9}"}
    deployment.compose("up", "-d", "--wait", "--no-build", "--scale", "workflow=2", **several)
    replicas = [each for each in deployment.containers() if f"{PROJECT}-workflow-" in each["Name"]]
    assert [each["State"]["Health"]["Status"] for each in replicas] == ["healthy"] * 2

    async def both_read() -> bool:
        told = [
            deployment.compose(
                "exec",
                "-T",
                f"--index={number}",
                "workflow",
                "python",
                "-c",
                METRICS.format(PORTS["workflow"]),
                **several,
            )
            for number in (1, 2)
        ]
        assert all("linli_member_namesake 0" in each for each in told)
        return all("linli_consumer_lag{" in each for each in told)

    await until(both_read)
    deployment.compose("up", "-d", "--wait", "--no-build", "--scale", "workflow=1")


@pytest.mark.long
async def test_a_new_image_keeps_the_data(deployment: Deployment, next_image: str) -> None:
    before = {each["Name"]: each["Image"] for each in deployment.containers()}
    count = (await deployment.get("workflow", "/v1/case-counts"))["total"]
    deployment.compose("up", "-d", "--wait", "--no-build", LINLI_VERSION=next_image)
    after = {each["Name"]: each["Image"] for each in deployment.containers()}
    changed = [name.removeprefix(f"/{PROJECT}-").rpartition("-")[0] for name in before if before[name] != after[name]]
    assert sorted(changed) == sorted(
        [*SERVICES, "portal", "access"]
    )  # which of two replicas had been left is compose's choice
    assert (await deployment.get("workflow", "/v1/case-counts"))["total"] == count > 49
    answer = await deployment.submit(kind="report", title="停水", neighbourhood="east", community="test")
    assert await _dispatched(deployment, answer.json()["id"])


@pytest.mark.long
def test_an_older_version_refuses_a_newer_database(deployment: Deployment) -> None:
    deployment.inside("workflow", MIGRATE_FROM_THE_FUTURE)
    with pytest.raises(AssertionError, match="didn't complete successfully"):
        deployment.compose("up", "-d", "--wait", "--no-build", "--force-recreate", "prepare", "workflow")
    assert "is of a newer version of Linli: m999_the_future ran" in deployment.log("prepare")


def test_down_with_volumes_leaves_nothing(deployment: Deployment) -> None:
    deployment.compose("--profile", "*", "down", "-v")
    of_this = f"label=com.docker.compose.project={PROJECT}"
    for kind in (["ps", "-aq"], ["volume", "ls", "-q"], ["network", "ls", "-q"]):
        assert deployment.run("docker", *kind, "--filter", of_this) == ""
