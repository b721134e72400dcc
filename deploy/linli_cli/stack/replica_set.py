"""MongoDB's replica set: made at the first start, of one member or several, with the first user."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linli_cli.stack.embedded.secret_files import read_secret
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, sentence

if TYPE_CHECKING:
    from pymongo import MongoClient

REPLICA_SET = "linli"
USERNAME = "linli"
MAKES_USERS = "userAdminAnyDatabase"
ROLES = ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterAdmin", MAKES_USERS]
PRIMARY_WITHIN = 30.0

LOG = sentence("Its log says more.")
AGAIN = sentence("Run it again.")

# The server's error codes (mongodb/mongo, src/mongo/base/error_codes.yml).
AUTHENTICATION_FAILED = 18
ALREADY_INITIALIZED = 23
NOT_MEMBER_OF_ITS_SET = 93
NOT_YET_INITIALIZED = 94
BETWEEN_CONFIGURATIONS = (103, 109)
"""Another version has come, or is just coming: the server itself makes one when a new member has caught up."""


def initialise(members: Sequence[str], password_file: Path, loopback: str | None = None) -> None:
    """Makes the set and its user, adds members that are new, follows an only member to its new address.

    `members` are host:port as the services reach them. `loopback` is where the first one listens for this machine
    alone: mongod lets the first user be made only from there; None when its own address is that. Repeating it changes
    nothing. Raises CliError when mongod refuses.
    """
    from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415 - `linli --help` need not wait for it

    first = loopback or members[0]
    password = read_secret(password_file)
    try:
        with client(first, password) as mongod:
            _follow_the_address(mongod, members)
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise CliError(
                say("mongod at {at} does not serve its data: {error}", at=first, error=error), say(LOG)
            ) from error
        _first_start(first, members, password_file)
    except PyMongoError as error:
        raise CliError(say("mongod at {at} does not answer: {error}", at=first, error=error), say(LOG)) from error
    try:
        if len(members) > 1:
            _add_missing(members, password)
    except PyMongoError as error:  # one change after another: the last one may not be everywhere yet
        raise CliError(say("the replica set does not take its members: {error}", error=error), say(AGAIN)) from error


def client(
    address: str, password: str | None, replica_set: str | None = None, username: str = USERNAME, source: str = "admin"
) -> "MongoClient[dict[str, Any]]":
    """A client of one member, or of the set; as a user of the database `source`, or nobody without a password."""
    from pymongo import MongoClient  # noqa: PLC0415

    user = f"{username}:{quote(password, safe='')}@" if password else ""
    how = f"replicaSet={replica_set}" if replica_set else "directConnection=true"
    return MongoClient(
        f"mongodb://{user}{address}/?{how}" + (f"&authSource={source}" if user else ""),
        serverSelectionTimeoutMS=1000 if replica_set is None else 30_000,
        connectTimeoutMS=1000,
        socketTimeoutMS=5000,
    )


def _first_start(first: str, members: Sequence[str], password_file: Path) -> None:
    """Over the localhost exception: as long as there is no user, one may be created from this machine."""
    from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415

    try:
        with client(first, None) as mongod:
            try:
                mongod.admin.command("replSetInitiate", _config(members[:1], version=1))
            except OperationFailure as error:
                if error.code != ALREADY_INITIALIZED:
                    raise
            _wait_until_primary(mongod)
            mongod.admin.command("createUser", USERNAME, pwd=read_secret(password_file), roles=ROLES)
    except PyMongoError as error:
        raise CliError(
            say("mongod does not accept the password in {file}: {error}", file=password_file, error=error),
            say("Put back the key that belongs to its data, or delete the data to start without."),
        ) from error


def _follow_the_address(mongod: "MongoClient[dict[str, Any]]", members: Sequence[str]) -> None:
    from pymongo.errors import OperationFailure  # noqa: PLC0415

    deadline = time.monotonic() + PRIMARY_WITHIN
    while True:
        try:
            mongod.admin.command("replSetGetStatus")
            return
        except OperationFailure as error:
            if error.code == NOT_YET_INITIALIZED and time.monotonic() < deadline:
                time.sleep(0.05)  # it has just been started, and has not read its configuration yet
                continue
            if error.code != NOT_MEMBER_OF_ITS_SET:
                raise
            break
    version = mongod.local["system.replset"].find_one({}, {"version": 1}) or {"version": 1}
    mongod.admin.command("replSetReconfig", _config(members[:1], version=version["version"] + 1), force=True)


def _add_missing(members: Sequence[str], password: str) -> None:
    """One at a time, as the server asks; what is there already stays as it is."""
    with client(",".join(members), password, REPLICA_SET) as primary:
        for member in members:
            deadline = time.monotonic() + PRIMARY_WITHIN
            while not _is_taken_in(primary, member, last_try=time.monotonic() > deadline):
                time.sleep(0.2)


def _is_taken_in(primary: "MongoClient[dict[str, Any]]", member: str, *, last_try: bool) -> bool:
    """Adds a member that is not there and waits for it. False while the server completes the change before."""
    from pymongo.errors import OperationFailure  # noqa: PLC0415

    config = primary.admin.command("replSetGetConfig")["config"]
    present = {each["host"]: each["_id"] for each in config["members"]}
    if member in present:
        return True
    config["members"].append({"_id": max(present.values()) + 1, "host": member})
    config["version"] += 1
    try:
        primary.admin.command("replSetReconfig", config)
    except OperationFailure as error:
        if last_try or error.code not in BETWEEN_CONFIGURATIONS:
            raise
        return False
    _wait_until_caught_up(primary, member)
    return True


def _wait_until_caught_up(primary: "MongoClient[dict[str, Any]]", member: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        found = primary.admin.command("replSetGetStatus")["members"]
        if any(each["name"] == member and each["stateStr"] == "SECONDARY" for each in found):
            return
        if time.monotonic() > deadline:
            raise CliError(
                say("{member} did not join the replica set.", member=member),
                say("Is it up, and has it the same key file?"),
            )
        time.sleep(0.5)


def _config(members: Sequence[str], version: int) -> dict[str, Any]:
    # The first is primary whenever it can be: commands that are given on the host reach only this one.
    hosts = [{"_id": number, "host": member, "priority": 2} for number, member in enumerate(members)]
    return {"_id": REPLICA_SET, "version": version, "members": hosts}


def _wait_until_primary(mongod: "MongoClient[dict[str, Any]]") -> None:
    deadline = time.monotonic() + PRIMARY_WITHIN
    while not mongod.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise CliError(say("mongod did not become primary of its own replica set."), say(AGAIN))
        time.sleep(0.05)
