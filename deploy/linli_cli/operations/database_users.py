"""MongoDB's users in a deployment of containers: each service's own, which reads and writes its own database only.

Beside that it sees how the members of the replica set are, which it tells in its metrics, and nothing else of others.

The user `linli`, who may do all, is the tools': backup, restore, doctor, migrations (docs/adr/0010).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from linli.application.settings import Settings
from linli_cli.connection.settings import PROGRAMS
from linli_cli.stack.embedded.secret_files import MONGO_PASSWORD, read_secret
from linli_cli.stack.handed_out import database_password
from linli_cli.stack.replica_set import AUTHENTICATION_FAILED, MAKES_USERS, REPLICA_SET, USERNAME, client
from linli_cli.terminal.errors import CliError

if TYPE_CHECKING:
    from pymongo import MongoClient

USERS = {service: f"linli_{service}" for service in PROGRAMS}
"""Service → who it is to MongoDB."""
WATCHES = "linliWatch"
"""A role of ours: MongoDB's own for it, `clusterMonitor`, shows what everybody is asking, with what is in it."""
MAY_WATCH = [{"resource": {"cluster": True}, "actions": ["replSetGetStatus"]}]
MEMBER = ("__system", "local")
"""Who a member of the set is to the others, and whoever has their key file with it: user, and its database."""
UNAUTHORIZED = 13
"""The server's code (mongodb/mongo, src/mongo/base/error_codes.yml)."""


def make_users(members: Sequence[str], settings: Settings) -> Mapping[str, str]:
    """Makes the services' users that are missing, and mends roles and passwords that differ; user → what was done.

    `members` are host:port. Repeating it changes nothing. Raises CliError when MongoDB refuses or is away.
    """
    from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415 - `linli --help` need not wait for it

    address, done = ",".join(members), {}
    try:
        with client(address, read_secret(settings.secrets_dir / MONGO_PASSWORD), REPLICA_SET) as mongod:
            if not mongod.admin.command("rolesInfo", WATCHES)["roles"]:
                mongod.admin.command("createRole", WATCHES, privileges=MAY_WATCH, roles=[])
            for service, user in USERS.items():
                password = read_secret(settings.secrets_dir / database_password(service))
                roles = [{"role": "readWrite", "db": settings.database(service)}, {"role": WATCHES, "db": "admin"}]
                found = _found(mongod, user)
                command = needed(found, roles, lets_in=bool(found) and _lets_in(address, user, password))
                if command:
                    mongod.admin.command(command, user, pwd=password, roles=roles)
                    done[user] = command
    except OperationFailure as error:
        hint = "The log of `mongo-rights` says more." if error.code == UNAUTHORIZED else "mongod's log says more."
        raise CliError(f"MongoDB does not make the services' users: {error}", hint) from error
    except PyMongoError as error:
        raise CliError(f"MongoDB at {address} does not answer: {error}", "Its log says more.") from error
    return done


def needed(
    found: Mapping[str, Any] | None, roles: Sequence[Mapping[str, str]], *, lets_in: bool
) -> Literal["createUser", "updateUser"] | None:
    """What makes of a user (`usersInfo`) one with these roles and this password; `lets_in`: whether it is its own."""
    if found is None:
        return "createUser"
    there, wanted = ({(each["role"], each["db"]) for each in some} for some in (found["roles"], roles))
    return None if lets_in and there == wanted else "updateUser"


def allow_making_users(members: Sequence[str], keyfile: Path) -> bool:
    """Lets the user `linli` of an earlier version make the others; whether that was needed.

    That user may not do it itself, so it is done as a member of the set. Raises CliError as `make_users` does.
    """
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - as above

    try:
        with client(",".join(members), read_secret(keyfile), REPLICA_SET, *MEMBER) as mongod:
            found = _found(mongod, USERNAME)
            if found is None or MAKES_USERS in {role["role"] for role in found["roles"]}:
                return False
            mongod.admin.command("grantRolesToUser", USERNAME, roles=[MAKES_USERS])
            return True
    except PyMongoError as error:
        raise CliError(f"The user {USERNAME} was not given {MAKES_USERS}: {error}", "Its log says more.") from error


def _found(mongod: "MongoClient[dict[str, Any]]", user: str) -> Mapping[str, Any] | None:
    users = mongod.admin.command("usersInfo", user)["users"]
    return users[0] if users else None


def _lets_in(address: str, user: str, password: str) -> bool:
    from pymongo.errors import OperationFailure  # noqa: PLC0415 - as above

    try:
        with client(address, password, REPLICA_SET, user) as mongod:
            mongod.admin.command("ping")
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        return False
    return True
