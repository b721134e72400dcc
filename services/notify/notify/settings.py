"""What notify reads from the environment, beside what every service reads."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, NonNegativeInt, PositiveInt
from pydantic_settings import NoDecode

from linli.application.settings import Networks, Settings, TextOrNone, listed

Network = IPv4Network | IPv6Network


def _web_address(value: Any) -> Any:
    """An empty variable is one that is not set."""
    if value in {None, ""}:
        return None
    address = urlsplit(str(value))
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValueError("an address is written like https://sms.example/send")
    return str(value)


class NotifySettings(Settings):
    """`LINLI_…`, read once at the start."""

    notify_port: int = 8103
    intake_url: str = "http://127.0.0.1:8101"
    """Where contacts are asked for."""
    workflow_url: str = "http://127.0.0.1:8102"
    public_url: TextOrNone = None
    """Where residents reach the portal's `/track/<code>`, if elsewhere than staff."""
    portal_url: TextOrNone = None
    """Where people reach the portal; unless said, its own port on loopback."""
    portal_port: int = Field(default=8100, ge=1, le=65535)
    community_patience: float = Field(default=10.0, gt=0, le=30)
    """Seconds that an event waits for community data that it is ahead of: the two come on different topics."""

    smtp_host: str = "127.0.0.1"
    """Empty: there is no mail server, and e-mail is skipped, with that reason."""
    smtp_port: int = 18025
    smtp_from: str = "邻里 Linli <notify@linli.example>"
    smtp_reply_to: str | None = None
    """Where answers to letters go, if somebody reads them there; letters say that nobody does when unset."""
    smtp_return_path: str | None = None
    """Where mail servers send back what cannot be delivered; the sender's address when unset, nowhere when `<>`."""
    smtp_username: str | None = None
    smtp_password_file: Path | None = None
    smtp_tls: bool = False
    """TLS from the first byte (port 465)."""
    smtp_starttls: bool = False
    """TLS is required after the greeting (port 587)."""
    smtp_connections: PositiveInt = 8

    letters_per_day: PositiveInt = 20
    """Letters to one address in a day, until its owner has confirmed it; what is more is skipped, with that reason."""
    letters_per_day_confirmed: PositiveInt = 500
    """The same once it is confirmed, and to an address that staff took down."""
    letters_url: str | None = None
    """Where residents reach `/v1/letters/<token>` of notify; under `public_url` when unset, or at notify's own port."""

    sms_url: Annotated[str | None, BeforeValidator(_web_address)] = None
    """Where text messages are handed in. None: there is no gateway, and they are skipped, with that reason."""
    sms_key_file: Path | None = None
    """Holds the gateway's key; `sms.key` beside the other secrets when unset."""
    sms_per_day: PositiveInt = 20
    """Text messages to one resident within 24 hours, about; what is more is skipped, with that reason."""

    webhook_allowed_networks: Networks = ()
    """Private networks that webhooks may go to, also by plain HTTP: `10.1.0.0/16,127.0.0.0/8`."""
    webhook_timeout: float = Field(default=15.0, gt=0)
    """Seconds for a whole call."""

    retry_schedule: Annotated[tuple[float, ...], NoDecode, BeforeValidator(listed)] = (
        5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200,
    )  # fmt: skip
    """The longest wait before each further try, in seconds; after the last one it is given up."""
    letters_a_minute: NonNegativeInt = 20
    """Letters of one kind to one party; those above it within a minute come in one. 0: each by itself."""
    digest_quiet: float = Field(default=5.0, ge=0)
    """Seconds without news after which one letter tells all that came."""
    digest_at_most: float = Field(default=600.0, ge=0)
    """Seconds after the first news of a digest at which it is sent all the same."""
    senders: PositiveInt = 4
    """Claims that are worked on at the same time."""
    claim_size: PositiveInt = 200
    """Deliveries that a sender takes at once."""
    concurrency: PositiveInt = 64
    """Calls under way at the same time."""
    lease_seconds: float = Field(default=40.0, gt=0)
    """After this a delivery whose sender has died is taken over by another replica; its successor does so at once."""
    poll_seconds: float = Field(default=1.0, gt=0, le=10)

    retain_deliveries: NonNegativeInt = 180
    """Days that a delivery is kept after its end, of a case that has ended."""

    retain_partner_events: NonNegativeInt = 30
    """Days that a partner can fetch an event."""

    stream_connections: PositiveInt = 1_000
    """Live streams that are open at most."""
    stream_connections_per_address: NonNegativeInt = 50
    """The same by address; 0: as many as there are."""
    stream_ping: float = Field(default=15.0, gt=0)
    stream_seconds: float = Field(default=3_600.0, gt=0)
    """After about so long a live stream ends. A browser comes back by itself and goes on where it was."""

    @property
    def tracking_base(self) -> str:
        """The address before a tracking code."""
        here = f"http://127.0.0.1:{self.portal_port}"
        return f"{(self.public_url or self.portal_url or here).rstrip('/')}/track"

    @property
    def bulletins_base(self) -> str:
        """The address before the code of a subscription to bulletins."""
        return f"{self.tracking_base.removesuffix('/track')}/bulletins"

    @property
    def letters_base(self) -> str:
        """The address before the token by which a mailbox is confirmed, or gets no more letters."""
        here = f"http://127.0.0.1:{self.notify_port}"
        return f"{(self.letters_url or self.public_url or here).rstrip('/')}/v1/letters"
