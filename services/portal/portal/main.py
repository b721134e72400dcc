"""Assembles the portal: a face that asks intake and workflow, and keeps nothing."""

from functools import partial

from linli.application.service import Service
from linli.application.service import main as run_service
from linli.security.auth import Porch
from linli.security.rates import Rates
from linli.web.app import create_app
from linli.web.connections import Places
from linli.web.origin import Origins
from portal.open311.api import routes
from portal.open311.catalogue import Catalogue
from portal.open311.given import PublicUrl
from portal.open311.just_sent import JustSent
from portal.open311.parameters import Forms
from portal.services import Services
from portal.settings import PortalSettings

DESCRIPTION = """Open311 GeoReport v2 for other cities' and residents' software.

What comes in: HTTP. What goes out: HTTP to intake and workflow, with the key that came in."""


def build(settings: PortalSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    services = Services.from_settings(settings)
    given = (services, Catalogue(services), Forms(), JustSent(), PublicUrl(settings.public_url))
    app = create_app(
        "Linli portal",
        DESCRIPTION,
        [routes],
        # It knows no keys: intake and workflow do. It logs no origins, so their pseudonyms need no secret.
        gate=Porch(Rates(residents=settings.rate_residents), Origins(settings.trusted_proxies, "")),
        checks={name: partial(services.away, name) for name in ("intake", "workflow")},
        does_without=frozenset({"intake", "workflow"}),  # each answers for itself, by 503
        provided={type(each): each for each in given},
        cors_origins=settings.cors_origins,
    )
    places = Places.from_settings(settings)
    return Service("portal", app, settings.host, settings.portal_port, {}, services.close, places=places)


def main() -> None:
    """`python -m portal`."""
    settings = PortalSettings()
    run_service("portal", settings.log_level, partial(build, settings))
