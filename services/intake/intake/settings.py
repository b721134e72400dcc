"""What intake reads from the environment."""

from pydantic import Field, NonNegativeInt

from linli.application.settings import Settings


class IntakeSettings(Settings):
    """The shared settings and intake's own."""

    intake_port: int = Field(default=8101, ge=1, le=65535)
    workflow_url: str = "http://127.0.0.1:8102"
    """Where it is asked which cases have ended."""
    photos_per_address: NonNegativeInt = 300
    """Photos of residents from one address in a day; 0: no limit, here and below."""
    photos_per_day: NonNegativeInt = 4_096
    """MB that are kept of all residents' photos in a day."""
    retain_contacts: NonNegativeInt = 730
    """Days that a reporter's contact and unmasked words are kept after the end of the case."""
    retain_photos: NonNegativeInt = 730
    """Days that photos are kept after the end of the case."""
    retain_texts: NonNegativeInt = 1_825
    """Days after the end of the case until all that was written in it is erased, in every service."""
