"""Sign-in of staff: sessions, in the portal's own database."""

from datetime import timedelta

from linli.application.context import Module
from portal.face import FaceKit
from portal.signin.api import routes
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
    return Module(routes=[routes], provides=[sessions])
