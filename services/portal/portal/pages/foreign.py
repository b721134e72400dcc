"""What is not asked by a page of ours, or by no browser at all."""

from urllib.parse import urlsplit

from fastapi import Request

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.settings import PortalSettings


def refuse_unreadable(request: Request) -> None:
    """Raises 400 for an address that no browser writes (RFC 3986: what is not ASCII is escaped)."""
    if not request.scope["query_string"].isascii():
        request.scope["query_string"] = b""  # the page that says so has a way back
        raise Problem("bad_request", 400, Localized("This address cannot be read.", "这个地址无法识别。"))


def refuse_foreign(request: Request) -> None:
    """Raises 403 for a form that another site's page has sent.

    Where the browser says from where (`Sec-Fetch-Site`), that decides: a proxy may change the host that it was sent to.
    Else the page's origin is the host that was asked, or the address at which people reach the portal.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = site not in {"same-origin", "none"} if site else origin is not None and not _is_ours(origin, request)
    if foreign:
        detail = Localized("This form was sent from another site.", "这份表单来自其他网站。")
        raise Problem("foreign_form", 403, detail)


def _is_ours(origin: str, request: Request) -> bool:
    settings: PortalSettings = request.app.state.provided[PortalSettings]
    try:
        said, own = urlsplit(origin), urlsplit(settings.people_url)
    except ValueError:
        return False
    same = (said.scheme, said.netloc) == (own.scheme, own.netloc)
    return same or (bool(said.netloc) and said.netloc == request.headers.get("host"))
