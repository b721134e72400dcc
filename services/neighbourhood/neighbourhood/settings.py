"""What neighbourhood reads from the environment."""

from pydantic import Field

from linli.application.settings import Settings, TextOrNone


class NeighbourhoodSettings(Settings):
    """The shared settings and neighbourhood's own."""

    neighbourhood_port: int = Field(default=8104, ge=1, le=65535)
    intake_url: str = "http://127.0.0.1:8101"
    """Where needs that households speak of become submissions."""
    workflow_url: str = "http://127.0.0.1:8102"
    """Where it is asked whether a key still counts."""
    public_url: TextOrNone = None
    """Where residents reach the portal, if elsewhere than staff."""
    portal_url: TextOrNone = None
    """Where people reach the portal; unless said, its own port on loopback."""
    portal_port: int = Field(default=8100, ge=1, le=65535)

    play_time: bool = False
    """Only for a demonstration: lets an operator put the clock ahead. Days that are counted are worth nothing then."""

    @property
    def residents_url(self) -> str:
        """What the addresses begin with that residents are given: printed on a letter, or behind a QR code."""
        here = f"http://127.0.0.1:{self.portal_port}"
        return (self.public_url or self.portal_url or here).rstrip("/")
