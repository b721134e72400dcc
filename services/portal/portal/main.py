"""Assembles the portal: a face that asks intake and workflow, and keeps nothing."""

from functools import partial

from linli.application.service import Service
from linli.application.service import main as run_service
from linli.security.auth import Porch
from linli.security.rates import Rates
from linli.web.app import create_app
from linli.web.connections import Places
from linli.web.origin import Origins
from portal.services import Services
from portal.settings import PortalSettings

DESCRIPTION = """Open311 GeoReport v2 for other cities' and residents' software.

What comes in: HTTP. What goes out: HTTP to intake and workflow, with the key that came in."""


def build(settings: PortalSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    services = Services.from_settings(settings)
    app = create_app(
        "Linli portal",
        DESCRIPTION,
        [],
        # It knows no keys: intake and workflow do. It logs no origins, so their pseudonyms need no secret.
        gate=Porch(Rates(residents=settings.rate_residents), Origins(settings.trusted_proxies, "")),
        checks={"intake": services.intake_away, "workflow": services.workflow_away},
        does_without=frozenset({"intake", "workflow"}),  # each answers for itself, by 503
        provided={Services: services},
        cors_origins=settings.cors_origins,
    )
    places = Places.from_settings(settings)
    return Service("portal", app, settings.host, settings.portal_port, {}, services.close, places=places)


def main() -> None:
    """`python -m portal`."""
    settings = PortalSettings()
    run_service("portal", settings.log_level, partial(build, settings))
