"""Routes of subscriptions to a neighbourhood's bulletins, and of how much is told of a demand."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from intake.bulletins.domain import NewSubscription, Subscription, Thinned
from intake.bulletins.handlers import Bulletins, view_of
from intake.caller import CountedRoute, HolderDep
from linli.contracts.base import Record
from linli.contracts.intake.permissions import AMEND, KEEP_SUBSCRIPTION, SUBSCRIBE
from linli.contracts.intake.subscription import Hears
from linli.contracts.kinds import Language
from linli.security.auth import needs
from linli.web.app import problems
from linli.web.given import given

router = APIRouter(route_class=CountedRoute, tags=["bulletins"])
BulletinsDep = Annotated[Bulletins, given(Bulletins)]
Code = Annotated[str, Path(max_length=192, description="From the letter to the mailbox")]


class SubscriptionView(Record):
    """A subscription, without its mailbox."""

    community: str
    neighbourhood: str
    language: Language
    hears: Hears
    asked_at: datetime
    confirmed_at: datetime | None
    """Null while the mailbox' owner has not said yes."""


class HearsView(Record):
    """How much is told of a demand's way."""

    hears: Hears


class Asked(Record):
    """The same for every mailbox: nobody learns whether it is known."""

    letter: bool = True
    """If the mailbox is new here, a letter is on its way to it."""


@router.post(
    "/v1/subscriptions", dependencies=[needs(SUBSCRIBE)], status_code=202, responses=problems(400, 413, 422, 503)
)
async def ask(new: NewSubscription, bulletins: BulletinsDep) -> Asked:
    """Ask for a neighbourhood's bulletins. The mailbox' owner confirms by the link in the letter."""
    await bulletins.ask(new)
    return Asked()


@router.get("/v1/subscriptions/{code}", dependencies=[needs(KEEP_SUBSCRIPTION)], responses=problems(404))
async def view(code: Code, bulletins: BulletinsDep) -> SubscriptionView:
    """What is subscribed to, and how much of it."""
    return _view(await bulletins.of(code))


@router.post("/v1/subscriptions/{code}:confirm", dependencies=[needs(KEEP_SUBSCRIPTION)], responses=problems(404))
async def confirm(code: Code, bulletins: BulletinsDep) -> SubscriptionView:
    """The bulletins are welcome. A second time changes nothing."""
    return _view(await bulletins.confirm(code))


@router.put("/v1/subscriptions/{code}", dependencies=[needs(KEEP_SUBSCRIPTION)], responses=problems(400, 404, 413, 422))
async def thin(code: Code, body: Thinned, bulletins: BulletinsDep) -> SubscriptionView:
    """Hear more, or less."""
    return _view(await bulletins.thin(code, body.hears))


@router.delete(
    "/v1/subscriptions/{code}", dependencies=[needs(KEEP_SUBSCRIPTION)], status_code=204, responses=problems(404)
)
async def end(code: Code, bulletins: BulletinsDep) -> Response:
    """No more; the mailbox is taken away for good."""
    await bulletins.end(code)
    return Response(status_code=204)


@router.post(
    "/v1/submissions/{submission_id}:thin",
    dependencies=[needs(AMEND)],
    responses=problems(400, 404, 409, 413, 422),
)
async def thin_demand(submission_id: str, body: Thinned, caller: HolderDep, bulletins: BulletinsDep) -> HearsView:
    """Hear more or less of a demand's way, with its tracking code. Its end is always told."""
    await bulletins.thin_demand(submission_id, body.hears, caller)
    return HearsView(hears=body.hears)


def _view(of: Subscription) -> SubscriptionView:
    return SubscriptionView.model_validate(view_of(of))
