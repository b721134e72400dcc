"""A face: one subject of the portal, with its own folder, pages and texts.

It declares itself in `module.py`, and `portal.main` lists all. What it brings is what a context of any service brings
(`linli.application.context.Module`); what it builds on is a `FaceKit`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from linli.application.context import Module
from linli.application.settings import read_secret
from linli.security.auth import Porch
from linli.security.rates import Rates
from linli.storage import mongo
from linli.storage.clock import ServerClock
from linli.storage.sharding import Sharding
from linli.tracing.under import recorder_of
from linli.web.origin import Origins
from portal.services import Services
from portal.settings import PortalSettings

T = TypeVar("T")


class FaceKit:
    """What every face builds on. Nothing connects before it runs."""

    def __init__(self, settings: PortalSettings) -> None:
        self.settings = settings
        self.member = settings.member(settings.portal_port)
        self.client = mongo.connect(settings, name=f"{settings.database('portal')}/{self.member}")
        self.database: mongo.Database = self.client[settings.database("portal")]
        self.clock = ServerClock(partial(mongo.server_time, self.database))
        self.services = Services.from_settings(settings)
        key = read_secret(settings.portal_key_file) if settings.portal_key_file else None
        self.recorder = recorder_of("portal", self.member, settings, key)
        # It knows no keys: the services do. It logs no origins, so their pseudonyms need no secret.
        self.porch = Porch(
            Rates(residents=settings.rate_residents, guesses=settings.rate_guesses),
            Origins(settings.trusted_proxies, ""),
        )
        self._provided: dict[type, object] = {}
        self.provide(self.settings, self.services)

    def provide(self, *those: object) -> None:
        """For later faces and routes. Raises ValueError when there is another one of the same class."""
        for each in those:
            if type(each) in self._provided:
                raise ValueError(f"{type(each).__name__} is provided twice in the portal")
            self._provided[type(each)] = each

    def given(self, kind: type[T]) -> T:
        """What an earlier face provides. Raises LookupError."""
        found: Any = self._provided.get(kind)
        if found is None:
            raise LookupError(f"no face before this one provides {kind.__name__}")
        return found  # type: ignore[no-any-return]  # kept by its class

    @property
    def provided(self) -> dict[type, object]:
        return dict(self._provided)


@dataclass(frozen=True, slots=True)
class Face:
    """One subject of the portal. Its migrations run after those of the faces before it, each once."""

    name: str
    module: Callable[[FaceKit], Module]
    migrations: Sequence[mongo.Migration] = ()
    sharding: Sequence[Sharding] = field(default=())
