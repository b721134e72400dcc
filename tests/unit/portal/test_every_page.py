"""Every page of the portal is among those that are looked at in a browser, and by their headers."""

from portal.main import build
from portal.pages.route import PageRoute
from portal.settings import PortalSettings
from tests.support.portal_pages import PAGES, UNSEEN


def test_no_page_is_left_out() -> None:
    routes = build(PortalSettings()).app.state.routes  # type: ignore[attr-defined]  # a FastAPI
    pages = {route.path for route in routes if isinstance(route, PageRoute) and "GET" in (route.methods or ())}
    assert pages - UNSEEN.keys() == {page.route for page in PAGES}
    assert pages >= UNSEEN.keys()
