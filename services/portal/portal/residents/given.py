"""What the residents' routes are given."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from linli.storage.clock import Now
from linli.text.coordinates import Crs
from linli.web.given import given
from portal.pages.rendering import Pages
from portal.residents.forms import PhotoForms
from portal.residents.public import Public
from portal.services import Services

PagesDep = Annotated[Pages, given(Pages)]
ServicesDep = Annotated[Services, given(Services)]
PublicDep = Annotated[Public, given(Public)]
FormsDep = Annotated[PhotoForms, given(PhotoForms)]


@dataclass(frozen=True, slots=True)
class MapSettings:
    """What the map is drawn on, and what its points are counted in."""

    tiles: str | None
    """`https://tiles.example/{z}/{x}/{y}.png`; None: the neighbourhoods' outlines and nothing else."""
    credit: str
    """Whom the tiles' owner wants to be named."""
    crs: Crs
    """Of the map and of what is picked on it."""
    device: Crs
    """Of what a telephone says where it is."""

    @property
    def images(self) -> str:
        """What a page with the map may load pictures from."""
        if self.tiles is None:
            return "'self' data: blob:"
        found = urlsplit(self.tiles.replace("{s}", "*"))
        return f"'self' data: blob: {found.scheme}://{found.netloc}"


@dataclass(frozen=True, slots=True)
class Office:
    """Where people reach these pages, which is what links that are taken along begin with; and what day it is there."""

    url: str
    now: Now
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now().astimezone(self.zone).date()


MapDep = Annotated[MapSettings, given(MapSettings)]
OfficeDep = Annotated[Office, given(Office)]
