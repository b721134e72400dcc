"""What all commands to a package have in common, and what their fields may hold."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from linli.contracts.neighbourhood.works import SitePhoto
from linli.text.fields import Paragraphs
from neighbourhood.telling import PlacedCommand

PHOTOS_AT_MOST = 20
Said = Annotated[str, Paragraphs(4_000, 1)]
"""What somebody wrote; it may be a resident."""
Photos = Annotated[tuple[SitePhoto, ...], Field(max_length=PHOTOS_AT_MOST)]


@dataclass(frozen=True, slots=True)
class PackageCommand(PlacedCommand):
    """On a package of works."""
