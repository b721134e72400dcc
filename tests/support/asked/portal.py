"""What the portal's stores ask."""

from typing import Any

from portal.signin.link_store import Link, LinkStore
from portal.signin.oidc.store import UnderWay, UnderWayStore
from portal.signin.store import Cookie, CookieStore, SessionStore, Stored
from tests.support.builders import NOON
from tests.support.recording import Recording


async def asked_by_the_portal() -> Recording:
    recording = Recording()
    db: Any = recording
    sessions = SessionStore(db)
    session = Stored("s1", "key:k1", "operator", None, "", b"", NOON, NOON, NOON, "")
    await sessions.insert(session)
    await sessions.find("s1", NOON)
    await sessions.seen("s1", NOON, NOON)
    await sessions.of("key:k1", NOON)
    await sessions.end("key:k1", "s1")
    await sessions.end_others("key:k1", "s1")
    recording.found = {"sessions": [{"_id": "s2"}]}
    await sessions.end_beyond("key:k1", 50)
    await sessions.claim_renewal(session, NOON, NOON)
    await sessions.renewed("s1", b"")
    cookies = CookieStore(db)
    await cookies.insert(Cookie("t1", "s1", b"", NOON, NOON))
    await cookies.opens("t1", NOON)
    await cookies.claim_turn("t1", NOON, NOON)
    await cookies.settle("t1", "t0", NOON)
    await cookies.end_of(["s1"])
    under_way = UnderWayStore(db)
    await under_way.insert(UnderWay("u1", "b1", b"", NOON))
    await under_way.take("u1", "b1", NOON)
    links = LinkStore(db)
    await links.insert(Link("l1", b"", "key:k1", "operator", None, NOON))
    recording.found = {"sign_in_links": [{"_id": "l2"}]}
    await links.end_beyond("key:k1", 20)
    recording.found = {}
    await links.find("l1", NOON)
    await links.spend("l1")
    return recording
