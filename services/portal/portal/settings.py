"""What the portal reads from the environment."""

from typing import Annotated, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, NonNegativeInt, PositiveInt

from linli.application.settings import (
    IssuerSettings,
    KafkaSettings,
    Names,
    PathOrNone,
    Rate,
    StoreSettings,
    TextOrNone,
)
from linli.text.coordinates import Crs

Service: TypeAlias = Literal["intake", "workflow", "notify", "neighbourhood"]
SERVICES: tuple[Service, ...] = get_args(Service)
"""Those that the portal asks. Whatever it does for each goes by this."""
ONE_OR_ALL = f"^({'|'.join(SERVICES)})?$"
"""The pattern of a filter by service; empty: of all."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError) as error:
        raise ValueError(f"'{name}' is not a time zone such as Asia/Shanghai") from error
    return name


class PortalSettings(StoreSettings, KafkaSettings, IssuerSettings):
    """It has a database of its own, looks at Kafka from outside, reads no topic and knows no key."""

    portal_port: int = Field(default=8100, ge=1, le=65535)
    portal_url: TextOrNone = None
    """Where people reach the portal: `https://linli.example`; unless said, its own port on loopback."""
    public_url: TextOrNone = None
    """Where residents reach theirs, if elsewhere than staff: a proxy gives each a name of their own."""
    open311_url: TextOrNone = None
    """Where others reach `/open311/…`, if elsewhere."""
    intake_url: str = "http://127.0.0.1:8101"
    workflow_url: str = "http://127.0.0.1:8102"
    notify_url: str = "http://127.0.0.1:8103"
    neighbourhood_url: str = "http://127.0.0.1:8104"
    portal_key_file: PathOrNone = None
    """By which services believe whose requests the portal passes on. None: they count all of them as the portal's."""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    """In which pages tell times."""
    session_hours: PositiveInt = 12
    """After which staff sign in anew."""
    session_idle_minutes: PositiveInt = 240
    """The same after so long without a page."""
    topics_file: PathOrNone = None
    """What this deployment's topics have otherwise than declared: its `deploy/topics.yaml`. None: nothing."""
    rate_guesses: Rate = "30/minute"
    """Wrong keys at sign-in, by address."""
    tiles: TextOrNone = None
    """`https://tiles.example/{z}/{x}/{y}.png`: what the map is drawn on. None: the neighbourhoods' outlines alone."""
    tiles_credit: str = ""
    """Whom the tiles' owner wants to be named beside the map."""
    map_crs: Crs = Crs.WGS84
    """What the tiles are counted in: `gcj02` of Amap and Tencent, `bd09` of Baidu."""
    device_crs: Crs = Crs.WGS84
    """What residents' telephones say where they are in."""
    oidc_client_id: TextOrNone = None
    """What the issuer knows the portal by: with it staff sign in there too."""
    oidc_client_secret_file: PathOrNone = None
    """None: the portal is a public client there."""
    oidc_scopes: Names = ()
    """What is asked of the issuer beside `openid`."""
    stream_connections: PositiveInt = 1_000
    """Live pages open at most."""
    stream_connections_per_address: NonNegativeInt = 50
    """The same by address; 0: no share."""
    stream_ping: float = Field(default=15.0, gt=0)
    """Seconds between signs of life on a silent stream."""
    components: bool = False
    """Whether `/components` shows every part that pages are made of."""

    @property
    def service_urls(self) -> dict[str, str]:
        """Where each service is that the portal asks."""
        return {service: getattr(self, f"{service}_url") for service in SERVICES}

    @property
    def people_url(self) -> str:
        """What addresses of pages begin with, where they are given out."""
        return (self.portal_url or f"http://127.0.0.1:{self.portal_port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach the pages by TLS."""
        return self.people_url.startswith("https:")

    @property
    def residents_url(self) -> str:
        """The same of residents' pages, where they have a name of their own."""
        return (self.public_url or self.people_url).rstrip("/")

    @property
    def open311_address(self) -> str:
        """The same of Open311."""
        return (self.open311_url or self.people_url).rstrip("/")
