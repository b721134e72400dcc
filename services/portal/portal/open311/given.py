"""What the routes are given."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from linli.web.given import given
from portal.open311.catalogue import Catalogue
from portal.open311.just_sent import JustSent
from portal.open311.parameters import Forms
from portal.services import Services


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """Where others reach the portal."""

    url: str


async def _url(found: Annotated[PublicUrl, given(PublicUrl)]) -> str:
    return found.url


PublicUrlDep = Annotated[str, Depends(_url)]
ServicesDep = Annotated[Services, given(Services)]
CatalogueDep = Annotated[Catalogue, given(Catalogue)]
JustSentDep = Annotated[JustSent, given(JustSent)]
FormsDep = Annotated[Forms, given(Forms)]
