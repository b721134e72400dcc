"""The sign-in page, as it is shown at first and after what went wrong; and the page that leads on to the issuer."""

from fastapi import Request, Response

from portal.pages.api import own_address
from portal.pages.rendering import Pages
from portal.signin.oidc.office import Office


def sign_in_page(
    request: Request, pages: Pages, office: Office, next: str, fault: str | None = None, status: int = 200
) -> Response:
    """With the way to the issuer, where there is one."""
    there = office.provider is not None
    return pages.page(request, "signin/sign_in.html", status, next=own_address(next), fault=fault, office=there)


def leads_on(request: Request, pages: Pages, place: str, *, out: bool) -> Response:
    """To a place of the issuer's, at once, where a page of ours may lead and a form may not: the policy holds for all
    that a form is redirected to, and an issuer may lead on to others. `out`: to sign out there."""
    return pages.page(request, "signin/leads_on.html", 200, {"Refresh": f"0; url={place}"}, place=place, out=out)
