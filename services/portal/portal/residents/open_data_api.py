"""The page of open data: each month's cases of the communities that allow it."""

from datetime import date

from fastapi import Request, Response

from linli.security.auth import OPEN
from portal.pages.route import page_router
from portal.residents.given import OfficeDep, PagesDep, PublicDep

routes = page_router()
MONTHS = 12


@routes.get("/open-data", dependencies=[OPEN])
async def tables(request: Request, pages: PagesDep, public: PublicDep, office: OfficeDep) -> Response:
    """The last twelve months; the tables themselves come from workflow."""
    communities = await public.communities()
    allowed = [each for each in communities if (await public.places(each["id"]))["open_data"]]
    return pages.page(request, "residents/open_data.html", open=allowed, months=_months(office.today))


def _months(today: date) -> list[str]:
    """This one and those before it, the newest first."""
    since = today.year * 12 + today.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(since, since - MONTHS, -1)]
