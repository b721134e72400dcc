"""Routes for photos of orders: a partner's program has a link made, and whoever has the link sends photos by it."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.workflow.partner import Standing
from linli.contracts.workflow.permissions import SEND_ORDER_PHOTOS, UPDATE_ORDERS
from linli.photos.forms import MOST_BYTES, form_body
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.storage.clock import ServerClock
from linli.web.app import problems, router
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Guessed, Problem
from workflow.cases.api.given import FormRoomDep
from workflow.partners.api.routes import StoreDep, own_order, partner_of
from workflow.partners.domain.orders import Order
from workflow.partners.domain.partner import partner_id
from workflow.partners.domain.photos import MOST_WAITING, Uploaded
from workflow.partners.domain.upload_link import GOOD_FOR, UploadLink, opened, sealed
from workflow.partners.photo_shelf import PhotoShelf
from workflow.partners.store import PartnerStore

orders = router(prefix="/v1/orders", tags=["partners"])
uploads = router(prefix="/v1/order-photos", tags=["partners"])
ShelfDep = Annotated[PhotoShelf, given(PhotoShelf)]
ClockDep = Annotated[ServerClock, given(ServerClock)]


class LinkKey(bytes):
    """What signs the links."""


LinkKeyDep = Annotated[LinkKey, given(LinkKey)]


class Link(Record):
    """Where photos of one order are sent, without a key."""

    path: str = Field(examples=["/v1/order-photos/6929f0c0.MDE5OWUwYTR-d2F0ZXI.kq0"])
    """Of this service. POST photos there as multipart/form-data, in the field `photo`."""
    expires_at: datetime


class UploadedPhoto(Record):
    """A photo that waits to be named by an update."""

    id: str
    size: int
    width: int
    height: int


class UploadedPhotos(Record):
    """The photos of a form, in order. Name their ids in `photos` of an update within seven days."""

    order_id: str
    photos: list[UploadedPhoto]


@orders.post("/{id}/photos", dependencies=[needs(UPDATE_ORDERS)], status_code=201, responses=problems(403, 404, 409))
async def link(id: str, who: Who, store: StoreDep, key: LinkKeyDep, clock: ClockDep, response: Response) -> Link:
    """A link by which photos of an order that you have are sent: good for an hour, and for this order alone."""
    order = await own_order(id, who, store)
    await partner_of(who.community, who.party, store)
    _open(order)
    made = UploadLink(order.id, clock.now() + GOOD_FOR)
    response.headers["Cache-Control"] = "no-store"
    return Link(path=f"/v1/order-photos/{sealed(made, key)}", expires_at=made.expires_at)


@uploads.post(
    "/{token}",
    dependencies=[needs(SEND_ORDER_PHOTOS), takes(MOST_BYTES)],
    status_code=201,
    responses=problems(404, 409, 410, 413, 415, 422, 503, 507),
    openapi_extra=form_body(),
)
async def upload(
    token: Annotated[str, Path(max_length=500)],
    request: Request,
    store: StoreDep,
    shelf: ShelfDep,
    room: FormRoomDep,
    key: LinkKeyDep,
    clock: ClockDep,
) -> UploadedPhotos:
    """Send photos (JPEG, PNG or WebP, 10 MB each) by a link. They are kept as JPEG, without EXIF, until named."""
    order = await _order_of(token, key, store, clock.now())
    about(request, [order.id])

    async def room_for(more: int) -> None:
        if await shelf.waiting(order.id) + more > MOST_WAITING:
            many = "No more than {most} photos of an order wait to be named by an update."
            chinese = "一个工单最多有 {most} 张照片等待反馈引用。"
            raise Problem("no_more_photos", 409, Localized(many, chinese, most=MOST_WAITING))

    photos, _ = await room.received(request, allowed=room_for)
    kept = [await shelf.put(order, photo, clock.now()) for photo in {each.id: each for each in photos}.values()]
    return UploadedPhotos(order_id=order.id, photos=[_view(each) for each in kept])


async def _order_of(token: str, key: bytes, store: PartnerStore, now: datetime) -> Order:
    """Whose photos a link takes, before a byte of the form is read. Raises 404, 409, 410."""
    link = opened(token, key)
    order = (await store.orders([link.order_id])).get(link.order_id) if link else None
    if link is None or order is None:
        raise Guessed(
            Problem("unknown_link", 404, Localized("There is no such link.", "没有这个上传链接。")), "unknown link"
        )
    if link.expires_at <= now:
        over = Localized("The time of this link is over. Have another one made.", "上传链接已过期，请重新获取。")
        raise Problem("link_expired", 410, over)
    _open(order)
    partner = await store.partner(partner_id(order.community, order.party))
    if partner is None or partner.standing is not Standing.ACTIVE:
        rests = Localized("Nothing is taken of this partner now.", "目前不接收该合作单位的内容。")
        raise Problem("partner_not_active", 409, rests)
    return order


def _open(order: Order) -> None:
    if order.ended is not None:
        ended = Localized("The order is not to be carried out any more.", "这个工单已不再需要办理。")
        raise Problem("order_ended", 409, ended, ended=order.ended.value)


def _view(photo: Uploaded) -> UploadedPhoto:
    return UploadedPhoto(id=photo.id, size=photo.size, width=photo.width, height=photo.height)
