"""What happened to a package or a clearing, as staff read it: its events, with the words that are kept beside them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import AwareDatetime

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Affair, Id
from linli.contracts.neighbourhood.works_checked import (
    DefectDismissed,
    DefectEvent,
    DefectReported,
    RectificationOrdered,
    RectificationReturned,
    RectificationSubmitted,
)
from neighbourhood.works.domain.package import DefectState, Package

COMMON = frozenset({"community", "neighbourhood", "at", "by", "party", "package_id", "clearing_id"})
HASHED = "_sha256"
"""What a field ends with that has the hash of a text kept beside."""


class Happening(Record):
    """One step of an affair's history. `said` are the event's own fields; a text that was erased is empty."""

    sequence: int
    type: str
    at: AwareDatetime
    by: str
    party: str | None = None
    said: dict[str, Any]


class DefectSeen(Record):
    """A defect, with what was said and shown of it. A text that was erased is empty."""

    id: Id
    state: DefectState
    what: str
    reported_at: AwareDatetime
    round_id: str | None = None
    trade: str | None = None
    to: str | None = None
    due: str | None = None
    why: str | None = None
    """Why it was dismissed, or returned to whoever put it right."""
    photos: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def happenings(events: Iterable[Affair], texts: Mapping[str, str]) -> Iterator[Happening]:
    """A history, in order."""
    for number, event in enumerate(events, 1):
        data = event.model_dump(mode="json", exclude_none=True)
        said = {name: value for name, value in data.items() if name not in COMMON}
        for name in [name for name in said if name.endswith(HASHED)]:
            if said[name] in texts:
                said[name.removesuffix(HASHED)] = texts[said[name]]
        at, party = data["at"], data.get("party")
        yield Happening(sequence=number, type=event.TYPE, at=at, by=data["by"], party=party, said=said)


def defects_of(package: Package, events: Iterable[Affair], texts: Mapping[str, str]) -> list[DefectSeen]:
    """All of a package, as they were reported."""
    seen: dict[str, dict[str, Any]] = {}
    for event in events:
        if isinstance(event, DefectEvent) and event.defect_id in package.defects:
            seen.setdefault(event.defect_id, {}).update(_of(event, texts))
    return [DefectSeen(id=id, state=package.defects[id].state, **said) for id, said in seen.items()]


def _of(event: DefectEvent, texts: Mapping[str, str]) -> dict[str, Any]:
    match event:
        case DefectReported():
            return {
                "what": texts.get(event.what_sha256, ""),
                "reported_at": event.at,
                "round_id": event.round_id,
                "trade": event.trade,
                "photos": [each.sha256 for each in event.photos],
            }
        case DefectDismissed():
            return {"why": event.why}
        case RectificationOrdered():
            return {"to": event.to, "due": event.due.isoformat()}
        case RectificationReturned():
            return {"why": event.why, "due": event.due.isoformat()}
        case RectificationSubmitted():
            before, after = ([each.sha256 for each in photos] for photos in (event.before, event.after))
            return {"before": before, "after": after}
        case _:
            return {}
