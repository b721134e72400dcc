"""What a session was opened with: a key, or an issuer's tokens."""

import json
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Credential:
    """It is never shown, and kept sealed alone."""

    key: str = field(repr=False)
    """What the services are asked with: a key of Linli's, or the access token."""
    refresh: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)
    """By which the issuer knows whom to sign out."""
    renew_at: datetime | None = None
    ends_at: datetime | None = None
    """Of the access token. None: a key, whose end workflow tells."""

    def text(self) -> str:
        """To be sealed: a key as it is, tokens with their times."""
        if self.ends_at is None or self.renew_at is None:
            return self.key
        times = {"renew_at": self.renew_at.isoformat(), "ends_at": self.ends_at.isoformat()}
        return json.dumps({"key": self.key, "refresh": self.refresh, "id_token": self.id_token} | times)

    @classmethod
    def read(cls, text: str) -> "Credential":
        if not text.startswith("{"):
            return cls(text)
        said = json.loads(text)
        renew_at, ends_at = (datetime.fromisoformat(said[name]) for name in ("renew_at", "ends_at"))
        return cls(said["key"], said["refresh"], said["id_token"], renew_at, ends_at)
