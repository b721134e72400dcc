"""Photos that a partner sent of an order: what an update shows with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.contracts.workflow.case import Stage
from linli.contracts.workflow.partner import Did, Update
from linli.web.localized import Localized
from workflow.cases.domain.case import Case, Evidence
from workflow.partners.domain.orders import Order

MOST_WAITING = 20
"""Photos of one order that no update has named yet."""
STAGES = {
    Did.PROGRESSED: Stage.BEFORE,
    Did.DONE: Stage.AFTER,
    Did.REJECTED: Stage.RETURN,
    Did.RETURNED: Stage.RETURN,
}
"""What the photos of an update show: on the way how it is, at the end what was done, and why it is handed back."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A photo of an order that no update has named yet."""

    order_id: str
    id: str
    size: int
    width: int
    height: int
    sha256: str
    at: datetime
    file: str
    """Where the picture is kept."""


class UnknownPhoto(Exception):
    """An update names a photo that was not sent for its order; `place` is where among them."""

    def __init__(self, place: int) -> None:
        super().__init__(
            Localized(
                "There is no such photo of this order: send it by a link first.",
                "这个工单没有这张照片，请先用上传链接发送。",
            )
        )
        self.place = place


def shows(order: Order, case: Case) -> bool:
    """Whether what a partner sends of an order is its case's: not once another has it."""
    return order.ended is None and case.party == order.party


def pictures(update: Update, case: Case, uploaded: Mapping[str, Uploaded]) -> Sequence[Evidence]:
    """The photos that an update names, by their ids, as the case lists them. Raises `UnknownPhoto`.

    One that the case has already stays as it is.
    """
    there = {each.id: each for each in case.evidence}
    by = update.order_id.partition("~")[2]
    found = []
    for place, id in enumerate(dict.fromkeys(update.photos or ())):
        if id in there:
            found.append(there[id])
        elif id in uploaded:
            found.append(_evidence(uploaded[id], STAGES[update.did], by))
        else:
            raise UnknownPhoto(place)
    return found


def _evidence(photo: Uploaded, stage: Stage, by: str) -> Evidence:
    return Evidence(photo.id, stage, photo.size, photo.width, photo.height, photo.sha256, photo.at, by, photo.file)
