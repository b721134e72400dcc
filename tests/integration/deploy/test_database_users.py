"""The services' users in a real MongoDB, as the first start of a deployment in containers makes them."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from pymongo.errors import OperationFailure

from linli.application.settings import Settings
from linli.storage import mongo
from linli_cli.connection.settings import PROGRAMS
from linli_cli.operations.database_users import UNAUTHORIZED, USERS, allow_making_users, make_users
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE, MONGO_PASSWORD, ensure_secret
from linli_cli.stack.handed_out import database_password
from linli_cli.stack.replica_set import AUTHENTICATION_FAILED, MAKES_USERS, USERNAME, client
from linli_cli.terminal.errors import CliError
from tests.support.servers import Servers


@pytest.fixture
def deployment(stack: Servers, tmp_path: Path) -> Iterator[tuple[str, Settings]]:
    """The address of a MongoDB without the users, and a deployment's settings with their passwords."""
    copyfile(stack.mongo_password_file, tmp_path / MONGO_PASSWORD)
    (tmp_path / MONGO_PASSWORD).chmod(0o600)
    for service in PROGRAMS:
        ensure_secret(tmp_path / database_password(service))
    address = stack.mongo_uri.removeprefix("mongodb://").partition("/")[0]
    settings = Settings(secrets_dir=tmp_path, database_prefix="users")
    yield address, settings
    with client(address, settings.secret(MONGO_PASSWORD)) as mongod:
        for user in USERS.values():
            mongod.admin.command("dropUser", user)
        for service in PROGRAMS:
            mongod.drop_database(settings.database(service))


def refused(address: str, settings: Settings, service: str, database: str) -> int | None:
    """The code by which the user of a service is refused in a database, None where it may read and write."""
    with client(address, settings.secret(database_password(service)), username=USERS[service]) as mongod:
        try:
            mongod[database].seen.insert_one({})
            mongod[database].seen.find_one()
        except OperationFailure as error:
            return error.code
    return None


def test_each_service_reads_and_writes_its_own_database_and_no_other(deployment: tuple[str, Settings]) -> None:
    address, settings = deployment
    assert make_users([address], settings) == dict.fromkeys(USERS.values(), "createUser")
    databases = [*(settings.database(service) for service in PROGRAMS), "admin"]
    for service in PROGRAMS:
        found = {name: refused(address, settings, service, name) for name in databases}
        assert found == dict.fromkeys(databases, UNAUTHORIZED) | {settings.database(service): None}


async def test_a_service_sees_how_the_members_of_the_set_are_and_not_what_others_ask(
    deployment: tuple[str, Settings],
) -> None:
    address, settings = deployment
    make_users([address], settings)
    service = settings.model_copy(
        update={
            "mongo_uri": f"mongodb://{address}/?replicaSet=linli",
            "mongo_username": USERS["notify"],
            "mongo_password_file": settings.secrets_dir / database_password("notify"),
        }
    )
    connected = mongo.connect(service, name="notify of this test")
    try:
        members = await mongo.replica_set(connected)
        assert (members.there, members.expected) == (1, 1)
        await mongo.end_predecessors(connected)
        with pytest.raises(OperationFailure) as raised:
            await connected.admin.aggregate([{"$currentOp": {"allUsers": True}}]).to_list(None)
        assert raised.value.code == UNAUTHORIZED
    finally:
        connected.close()


def test_what_differs_is_mended_and_what_is_right_is_left(deployment: tuple[str, Settings]) -> None:
    address, settings = deployment
    make_users([address], settings)
    assert make_users([address], settings) == {}
    (settings.secrets_dir / database_password("intake")).write_text("another password / of @ an operator's")
    assert refused(address, settings, "intake", settings.database("intake")) == AUTHENTICATION_FAILED
    with client(address, settings.secret(MONGO_PASSWORD)) as mongod:
        mongod.admin.command("grantRolesToUser", USERS["notify"], roles=["readAnyDatabase"])
    changed = dict.fromkeys((USERS["intake"], USERS["notify"]), "updateUser")
    assert make_users([address], settings) == changed
    assert refused(address, settings, "intake", settings.database("intake")) is None
    assert make_users([address], settings) == {}


def test_the_only_user_of_an_earlier_version_is_let_make_the_others(
    stack: Servers, deployment: tuple[str, Settings]
) -> None:
    address, settings = deployment
    keyfile = stack.secrets_dir / MONGO_KEYFILE
    assert allow_making_users([address], keyfile) is False
    with client(address, settings.secret(MONGO_PASSWORD)) as mongod:
        mongod.admin.command("revokeRolesFromUser", USERNAME, roles=[MAKES_USERS])
    with pytest.raises(CliError) as raised:
        make_users([address], settings)
    assert "mongo-rights" in raised.value.hint
    assert allow_making_users([address], keyfile) is True
    assert make_users([address], settings) == dict.fromkeys(USERS.values(), "createUser")
