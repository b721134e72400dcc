"""Where Kafka is and who we are to it: one value, which everything that asks Kafka takes.

It imports no client of Kafka: settings make it, and the command need not wait for one.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SCRAM = "SCRAM-SHA-512"
PLAIN = "PLAIN"


@dataclass(frozen=True, slots=True)
class Login:
    """A user of Kafka's."""

    username: str
    password: str = field(repr=False)
    ca: Path | None = None
    """The certificate of the authority that signed the broker's: with it the connection is encrypted."""
    mechanism: str = SCRAM
    """Kafka's word for how the password is shown. With `PLAIN` it is shown as it is."""

    @property
    def protocol(self) -> str:
        """Kafka's `security.protocol`."""
        return "SASL_SSL" if self.ca else "SASL_PLAINTEXT"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of Kafka as one process reaches it."""

    bootstrap: str
    """host:port of some brokers, parted by commas."""
    login: Login | None = None
    """Nobody in particular, where the broker asks nobody."""

    def client(self) -> Mapping[str, object]:
        """Arguments for every client of aiokafka's. Raises OSError when the authority's certificate cannot be read."""
        if self.login is None:
            return {"bootstrap_servers": self.bootstrap}
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.login.protocol,
            "sasl_mechanism": self.login.mechanism,
            "sasl_plain_username": self.login.username,
            "sasl_plain_password": self.login.password,
            "ssl_context": ssl.create_default_context(cafile=self.login.ca) if self.login.ca else None,
        }

    def __str__(self) -> str:
        return self.bootstrap
