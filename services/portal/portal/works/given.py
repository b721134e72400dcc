"""What the pages of works share: forms with photos, and how what they say is told to the service."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from linli.text.coordinates import Crs, to_wgs84
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.residents.forms import Sent
from portal.services import Caller, Name, Services

NEIGHBOURHOOD: Name = "neighbourhood"
DEGREES = 7
"""Figures behind the point: a centimetre."""


def new_key() -> str:
    """Of one form: sent twice, it takes effect once."""
    return uuid4().hex


def why(problem: Problem | None) -> str | None:
    """Why something was not taken, in the reader's language."""
    return str(document(problem)["detail"]) if problem else None


def where_of(sent: Sent, device: Crs) -> Mapping[str, str]:
    """Where a telephone says that it is, in WGS 84; nothing where it does not say."""
    try:
        lon, lat = float(sent.get("lon") or ""), float(sent.get("lat") or "")
    except ValueError:
        return {}
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return {}
    lon, lat = to_wgs84((lon, lat), device)
    return {"lon": f"{lon:.{DEGREES}f}", "lat": f"{lat:.{DEGREES}f}"}


async def photos_sent(
    services: Services, path: str, sent: Sent, caller: Caller, now: datetime, device: Crs
) -> list[str]:
    """Send a form's photos; their hashes. Raises as the service does."""
    if not sent.files:
        return []
    photos = [
        ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
        for number, file in enumerate(sent.files, 1)
    ]
    texts = {"taken_at": now.isoformat(), **where_of(sent, device)}
    kept: dict[str, Any] = await services.send_form(NEIGHBOURHOOD, path, photos, texts, caller)
    return [str(each["sha256"]) for each in kept["photos"]]
