"""What intake reads from the environment."""

from pydantic import Field

from linli.settings import Settings


class IntakeSettings(Settings):
    """The shared settings and intake's own."""

    intake_port: int = Field(default=8101, ge=1, le=65535)
