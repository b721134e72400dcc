"""The fields of an event that a party may see."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.base import Scope
from linli.contracts.catalogue import event_named
from linli.contracts.erasure import erased_text
from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseEvent, Part

_NOT_FOR_PARTIES = frozenset({"resident_id", "language", "tracking_hash"})


def facts(event: CaseEvent) -> dict[str, Any]:
    """The fields of an event that a party may see: all but what points to the reporter."""
    return event.model_dump(mode="json", exclude=set(_NOT_FOR_PARTIES), exclude_none=True)


def facts_emptied(given: Mapping[str, Any], event_type: str, scope: Scope) -> dict[str, Any]:
    """The same without what people wrote; of a split stays which party has a part."""
    model = event_named(event_type)
    words = model.model_construct(**given).words(scope) if model else frozenset(given)
    kept = {name: value for name, value in given.items() if name not in words}
    nothing = erased_text(Language.ZH)
    if "title" in words:
        kept["title"] = nothing
    if "parts" in words:
        kept["parts"] = [part | dict.fromkeys(Part.WORDS, nothing) for part in given.get("parts", ())]
    return kept
