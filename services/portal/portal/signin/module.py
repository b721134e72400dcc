"""Sign-in of staff: sessions, in the portal's own database."""

from datetime import timedelta

from linli.application.context import Module
from portal.face import FaceKit
from portal.signin.api import routes
from portal.signin.link_api import for_people, programs
from portal.signin.link_store import LinkStore
from portal.signin.links import SignInLinks
from portal.signin.sessions import Sessions
from portal.signin.store import SessionStore


def module(kit: FaceKit) -> Module:
    settings = kit.settings
    sessions = Sessions(
        SessionStore(kit.database),
        kit.services,
        kit.clock.now,
        timedelta(hours=settings.session_hours),
        timedelta(minutes=settings.session_idle_minutes),
        secure=settings.people_url.startswith("https:"),
    )
    links = SignInLinks(LinkStore(kit.database), sessions, kit.services, kit.clock.now)
    return Module(routes=[routes, programs, for_people], provides=[sessions, links])
