"""Sign-in of staff: sessions, in the portal's own database."""

from datetime import timedelta

from linli.application.context import Module
from portal.face import FaceKit
from portal.signin.api import routes
from portal.signin.link_api import for_people, programs
from portal.signin.link_store import LinkStore
from portal.signin.links import SignInLinks
from portal.signin.oidc.api import routes as oidc_routes
from portal.signin.oidc.office import Office
from portal.signin.oidc.provider import Provider
from portal.signin.oidc.store import UnderWayStore
from portal.signin.oidc.under_way import SignIns
from portal.signin.renewal import Renewal
from portal.signin.sessions import Sessions
from portal.signin.store import CookieStore, SessionStore


def module(kit: FaceKit) -> Module:
    settings = kit.settings
    provider, store = Provider.from_settings(settings, kit.clock.now), SessionStore(kit.database)
    sessions = Sessions(
        store,
        CookieStore(kit.database),
        kit.services,
        Renewal(store, provider, kit.clock.now),
        kit.clock.now,
        timedelta(hours=settings.session_hours),
        timedelta(minutes=settings.session_idle_minutes),
    )
    links = SignInLinks(LinkStore(kit.database), sessions, kit.services, kit.clock.now)
    office = Office(provider, SignIns(UnderWayStore(kit.database), kit.clock.now))
    return Module(
        routes=[routes, programs, for_people, oidc_routes],
        provides=[sessions, links, office],
        close=[provider.close] if provider else [],
    )
