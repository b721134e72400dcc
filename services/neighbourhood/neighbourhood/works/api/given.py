"""What the routes of works ask for."""

from typing import Annotated, Any

from pydantic import Field

from linli.contracts.neighbourhood.affairs import Digest
from linli.photos.forms import FormRoom
from linli.storage.clock import ServerClock
from linli.web.given import given
from neighbourhood.affairs.history import History
from neighbourhood.works.domain.command import PHOTOS_AT_MOST
from neighbourhood.works.office import Clearings, Works
from neighbourhood.works.photos import SitePhotos

WorksDep = Annotated[Works, given(Works)]
ClearingsDep = Annotated[Clearings, given(Clearings)]
HistoryDep = Annotated[History, given(History)]
SitePhotosDep = Annotated[SitePhotos, given(SitePhotos)]
FormRoomDep = Annotated[FormRoom, given(FormRoom)]
ClockDep = Annotated[ServerClock, given(ServerClock)]
Hashes = Annotated[
    tuple[Digest, ...], Field(max_length=PHOTOS_AT_MOST, description="Photos that were sent before, by their SHA-256")
]
PHOTOS: dict[str, Any] = {"photos": Hashes}
BEFORE_AND_AFTER: dict[str, Any] = {"before": Hashes, "after": Hashes}
A_HASH, ANOTHER_HASH = "0" * 64, "1" * 64
