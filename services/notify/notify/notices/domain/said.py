"""What of an event is told: to a party, and on the timeline that a tracking code opens."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.base import Scope
from linli.contracts.catalogue import event_named
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import erased_text
from linli.contracts.kinds import Language
from linli.contracts.workflow.case import (
    NOT_PUBLIC,
    SAID_AMONG_STAFF,
    STAGES_AMONG_STAFF,
    CaseDocumented,
    CaseEvent,
    Part,
)
from notify.notices.domain.directory import Directory

_NOT_FOR_PARTIES = frozenset({"resident_id", "language", "tracking_hash"})


def facts(event: CaseEvent) -> dict[str, Any]:
    """The fields of an event that a party may see: all but what points to the reporter."""
    return event.model_dump(mode="json", exclude=set(_NOT_FOR_PARTIES), exclude_none=True)


def facts_emptied(told: Mapping[str, Any], event_type: str, scope: Scope) -> dict[str, Any]:
    """The same without what people wrote; of a split stays which party has a part."""
    model = event_named(event_type)
    words = model.model_construct(**told).words(scope) if model else frozenset(told)
    kept = {name: value for name, value in told.items() if name not in words}
    nothing = erased_text(Language.ZH)
    if "title" in words:
        kept["title"] = nothing
    if "parts" in words:
        kept["parts"] = [part | dict.fromkeys(Part.WORDS, nothing) for part in told.get("parts", ())]
    return kept


def public_entry(envelope: Envelope[CaseEvent], directory: Directory) -> dict[str, Any] | None:
    """One line of the timeline that a tracking code opens; None for what is among staff.

    The same steps as workflow's `GET /v1/track/<code>` shows; parties are named in the reporter's language.
    """
    event = envelope.data
    documented = event if isinstance(event, CaseDocumented) else None
    if isinstance(event, NOT_PUBLIC) or (documented and documented.stage in STAGES_AMONG_STAFF):
        return None
    entry: dict[str, Any] = {
        "type": envelope.type,
        "at": envelope.time,
        "state": event.state.value,
        "party": directory.name("party", event.party, event.language),
        "message": None if isinstance(event, SAID_AMONG_STAFF) else event.message,
        "stage": documented and documented.stage.value,
        "photos": documented and [photo.id for photo in documented.photos],
    }
    return {name: value for name, value in entry.items() if value is not None}
