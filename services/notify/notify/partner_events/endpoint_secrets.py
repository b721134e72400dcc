"""The secrets that sign what is posted to endpoints: each endpoint's own, derived as those of parties' webhooks are."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from notify.deliveries.secret_store import NEVER, Changed, SecretStore, secrets_of

Key = Callable[[], Awaitable[bytes]]
"""The installation's key, from which all secrets are derived."""


class EndpointSecrets:
    """Of all partners. A secret is there before its endpoint is, so that a partner can check the challenge too."""

    def __init__(self, changes: SecretStore, key: Key) -> None:
        self._changes, self._key = changes, key

    async def signing(self, partner: str, now: datetime) -> Sequence[str]:
        """Those that sign now, the newest first: after a change the one before, too, for a day."""
        changed = await self.changed(partner)
        return secrets_of(await self._key(), *_named(partner), changed, now)

    async def changed(self, partner: str) -> Changed:
        """How often it was changed, and when last."""
        return (await self._changes.changed([_named(partner)])).get(_named(partner), NEVER)

    async def rotate(self, partner: str, now: datetime) -> Changed:
        """A new secret from now on."""
        return await self._changes.rotate(*_named(partner), now)


def _named(partner: str) -> tuple[str, str]:
    """By what it is derived. No slug has a `:`, so no party's webhook has this one."""
    community, _, party = partner.partition("/")
    return f"endpoint:{community}", party
