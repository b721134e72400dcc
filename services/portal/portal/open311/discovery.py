"""Discovery: where the endpoints are, and whom to ask for a key."""

from datetime import UTC, datetime

from fastapi import Request, Response

from linli.web.localized import Localized
from portal.open311.errors import said
from portal.open311.formats import Value, written
from portal.open311.given import PublicUrlDep
from portal.open311.parameters import of_address
from portal.open311.routing import PREFIX, answers, asked_format, caller_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = datetime(2026, 11, 29, tzinfo=UTC)
"""When what stands here changed last."""
CONTACT = Localized("Ask the office whose residents you serve.", "请联系您所服务居民的街道办。")
KEYS = Localized(
    "The office gives each program a key of its own: linli keys create NAME --role service --channel open311",
    "街道办为每个程序发一个密钥：linli keys create 名称 --role service --channel open311",
)
_TYPES = (("production", "text/xml"), ("production", "application/json"))


@answers("GET", "/discovery")
async def discovery(request: Request, public: PublicUrlDep) -> Response:
    """Where this server's endpoints are."""
    format = asked_format(request)
    await caller_of(request, of_address(request))
    changed = CHANGED.isoformat(timespec="seconds")
    endpoints: Value = [
        {
            "specification": SPECIFICATION,
            "url": f"{public}{PREFIX}",
            "changeset": changed,
            "type": kind,
            "formats": [media],
        }
        for kind, media in _TYPES
    ]
    found = {"changeset": changed, "contact": said(CONTACT), "key_service": said(KEYS), "endpoints": endpoints}
    return written(format, "discovery", found)
