"""What the portal reads from the environment."""

from pydantic import Field

from linli.application.settings import WebSettings


class PortalSettings(WebSettings):
    """It keeps nothing and knows no secret, so it reads neither the database's settings nor Kafka's."""

    portal_port: int = Field(default=8100, ge=1, le=65535)
    open311_url: str | None = None
    """Where others reach `/open311/…`; unless said, the portal's own port on loopback."""
    intake_url: str = "http://127.0.0.1:8101"
    workflow_url: str = "http://127.0.0.1:8102"

    @property
    def public_url(self) -> str:
        """What addresses that are given out begin with."""
        return (self.open311_url or f"http://127.0.0.1:{self.portal_port}").rstrip("/")
