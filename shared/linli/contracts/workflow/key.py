"""API keys as workflow publishes them. Topic `linli.principals`, compacted, key: key id.

Neither the key nor its name is in an event: a name may be a person's.
"""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field, StringConstraints

from linli.contracts.base import Event, Slug
from linli.contracts.topics import Topic

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{10}$")]


PRINCIPALS = Topic(name="principals", key="key id", newest_only=True)
"""Each API key as it stands: its hash, role, party, end."""


class KeyPublished(Event):
    """An API key as it stands: made (version 1), or revoked (version 2)."""

    TYPE: ClassVar[str] = "linli.key.published.v1"
    SOURCE = "linli/workflow"
    TOPIC = PRINCIPALS

    key_id: KeyId
    version: int = Field(ge=1)
    role: str
    party: Slug | None = None
    community: Slug | None = None
    scopes: tuple[str, ...] | None = None
    """None: all that the role may do."""
    channels: tuple[str, ...] | None = None
    """Through which channels alone it may submit; None: through all."""
    communities: tuple[Slug, ...] | None = None
    """For which communities alone it may submit; None: for all."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the whole key. It has 256 random bits, so nothing slower is needed to keep it from being guessed."""
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None = None

    @property
    def story(self) -> str:
        return self.key_id
