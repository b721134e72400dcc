"""The sign-in page, as it is shown at first and after what went wrong."""

from fastapi import Request, Response

from linli.web.problems import Problem
from portal.pages.api import own_address
from portal.pages.rendering import Pages
from portal.pages.route import policy
from portal.signin.oidc.office import Office


async def sign_in_page(
    request: Request, pages: Pages, office: Office, next: str, fault: str | None = None, status: int = 200
) -> Response:
    """With the way to the issuer, where there is one: browsers let a form lead elsewhere only if the policy says so."""
    headers, way = {}, None
    if office.provider is not None:
        try:
            headers = {"Content-Security-Policy": policy(form_action=f"'self' {await office.provider.origin()}")}
            way = "open"
        except Problem:
            way = "away"
    return pages.page(request, "signin/sign_in.html", status, headers, next=own_address(next), fault=fault, issuer=way)
