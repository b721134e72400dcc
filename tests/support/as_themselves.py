"""A system of which each process is a user of Kafka's of its own, with the rights that follow from what it declares."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from linli.messaging.connection import Cluster, Login
from linli_cli.operations.kafka_access import administrator, allow_exactly, remove_user, set_password
from linli_cli.operations.kafka_users import USERS, allow
from tests.support.servers import Servers
from tests.support.system import System


class AsThemselves(System):
    """Each process comes by the door at which everybody is asked who they are."""

    def user(self, name: str) -> Cluster:
        return Cluster(
            self.servers.partner_bootstrap,
            Login(USERS[name], f"password of {name}", self.servers.secrets_dir / "partner-ca.crt"),
        )

    def launch(self, name: str, *command: str, **environment: str) -> None:
        super().launch(name, *command, **self._login(name), **environment)

    def _login(self, name: str) -> Mapping[str, str]:
        user = self.user(name)
        assert user.login and user.login.ca
        password = self.servers.secrets_dir / f"kafka-{name}-of-this-test.key"
        password.write_text(user.login.password)
        password.chmod(0o600)
        return {
            "LINLI_KAFKA_BOOTSTRAP": user.bootstrap,
            "LINLI_KAFKA_USERNAME": user.login.username,
            "LINLI_KAFKA_PASSWORD_FILE": str(password),
            "LINLI_KAFKA_CA_FILE": str(user.login.ca),
        }


@asynccontextmanager
async def as_themselves(stack: Servers, folder: Path, **environment: str) -> AsyncIterator[AsThemselves]:
    """Its users are there for the block."""
    running = AsThemselves(stack, folder, **environment)
    admin = administrator(stack.kafka)
    for name, user in USERS.items():
        set_password(admin, user, f"password of {name}")
    allow(admin, running.prefix)
    try:
        await running.start()
        yield running
    finally:
        await running.stop()
        for user in USERS.values():
            remove_user(admin, user)
            allow_exactly(admin, user, ())
