"""Where one goes on from a node, or from what is amiss there: its messages, cases or replays, one press away."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from linli.messaging.rights import GROUPS_OF_PARTNERS
from portal.pages.language import gettext as _
from portal.settings import SERVICES
from portal.topology.domain.picture import Kind

Lead = tuple[str, str]
"""An address, and what is there."""


def leads(node: str) -> list[Lead]:
    """By the node's id; whoever may see the topology may see what is there."""
    kind, _colon, name = node.partition(":")
    if kind == Kind.CHANNEL:
        return [_newest()]
    if kind == Kind.TOPIC:
        return [lead() for lead in TOPICS.get(name.rpartition(".")[2], ())]
    if kind == Kind.DELIVERY:
        address = f"/office/deliveries?channel={quote(name)}"
        return [(f"{address}&state=failed", _("Those that were given up")), (address, _("All deliveries"))]
    partner = _partner(kind, name)
    return _of_service(_service(kind, name)) if partner is None else [_page_of(partner)]


def _partner(kind: str, name: str) -> str | None:
    """Whose it is, `<community>/<party>`."""
    if kind == Kind.GROUP and name.startswith(GROUPS_OF_PARTNERS):
        return "/".join(name.removeprefix(GROUPS_OF_PARTNERS).split(".")[:2])
    return name if kind == Kind.PARTNER else None


def _service(kind: str, name: str) -> str:
    if kind == Kind.INSTANCE:
        return name.partition("@")[0]
    return name.rpartition(".")[2] if kind == Kind.GROUP else name if kind != Kind.USER else ""


def _of_service(service: str) -> list[Lead]:
    if service not in SERVICES:
        return []
    parked = (f"/office/parked?service={service}", _("What is parked, to replay or discard"))
    return [parked, ("/office/deliveries", _("All deliveries"))] if service == "notify" else [parked]


def _page_of(partner: str) -> Lead:
    return f"/office/partners/{quote(partner)}", _("The partner")


def _newest() -> Lead:
    return "/desk?view=all&sort=newest", _("The newest cases")


TOPICS: Mapping[str, tuple[Callable[[], Lead], ...]] = {
    "cases": (lambda: ("/desk", _("The cases")),),
    "community": (lambda: ("/office/communities", _("The communities' data")),),
    "intake": (_newest,),
    "mediations": (lambda: ("/desk", _("The cases")),),
    "neighbourhood": (lambda: ("/office/communities", _("The communities' data")),),
    "notices": (lambda: ("/office/deliveries", _("All deliveries")),),
    "orders": (lambda: ("/desk", _("The cases")), lambda: ("/office/partners", _("The partners"))),
    "subscriptions": (_newest,),
    "outages": (lambda: ("/office/outages", _("The outages")),),
    "partners": (lambda: ("/office/partners", _("The partners")),),
    "principals": (lambda: ("/office/keys", _("The keys")),),
    "receipts": (lambda: ("/office/partners", _("The partners")),),
}
"""What a topic's events are about, by its short name."""
