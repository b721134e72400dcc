"""The messages of an AsyncAPI document: events in their envelope, and what partners send, which has none."""

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from types import UnionType
from typing import Any, TypeAlias, TypeGuard, get_args, get_origin

from pydantic import BaseModel

from linli.contracts.asyncapi.draft07 import PLACE, Schema
from linli.contracts.base import Event, Record
from linli.contracts.catalogue import event_types
from linli.contracts.topics import Topic
from linli.contracts.workflow.order import ORDERS
from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import RECEIPTS, Update

Message: TypeAlias = dict[str, Any]

PARTNER_SENDS: Mapping[str, type[Record]] = {"update": Update, "outage_report": OutageReport}
"""What a partner's own program writes, by the name of the message."""
HEADERS = "CloudEventHeaders"
"""The schema of the headers of every event."""

_KEYS = {RECEIPTS.name: "partner; on a partner's own topic the order id, where there is one"}
"""Of records that have another key on partners' topics."""
KAFKA = "0.5.0"
"""The version of AsyncAPI's bindings for Kafka that the documents speak of."""


def events_on(topic: Topic) -> Sequence[type[Event]]:
    """The types that are told there, by name."""
    return [event for event in event_types() if topic == event.TOPIC]


def partner_events() -> Sequence[type[Event]]:
    """All that a partner is told."""
    return [*events_on(ORDERS), *events_on(RECEIPTS)]


def headers(*, sealed: bool) -> Schema:
    """The headers of an event, as `linli.contracts.envelope` writes them; `sealed`: within Linli."""
    known: dict[str, Schema] = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _text("<subject>:<sequence>: the same event always has the same, however often it comes."),
        "ce_type": _text("What happened: linli.<noun>.<past verb>.v<N>."),
        "ce_source": _text("The service that says it."),
        "ce_subject": _text("Whose story it belongs to; on Linli's own topics the key of the record."),
        "ce_time": _text("When it happened, UTC.", format="date-time"),
        "ce_sequence": _text("The place in the subject's story, from 1, without gaps.", pattern="^[1-9][0-9]*$"),
        "content-type": {"const": "application/json"},
    }
    more: dict[str, Schema] = {
        "ce_correlationid": _text("The submission that it all began with."),
        "ce_traceparent": _text("W3C trace context."),
    }
    if sealed:
        more["ce_seal"] = _text("For the services, which accept no record without it; others leave it alone.")
    return {
        "type": "object",
        "description": "CloudEvents 1.0, Kafka protocol binding, binary mode. Each value is UTF-8 text.",
        "required": list(known),
        "properties": known | more,
    }


def _text(description: str, **words: str) -> Schema:
    return {"type": "string", **words, "description": description}


def of_event(event: type[Event], reference: Schema) -> Message:
    """The message of an event's type."""
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": _first_line(event),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "allOf": [{"$ref": PLACE + HEADERS}],
            "properties": {"ce_type": {"const": event.TYPE}, "ce_source": {"const": event.SOURCE}},
        },
        "payload": reference,
        "bindings": _keyed(_KEYS.get(event.TOPIC.name, event.TOPIC.key)),
    }


def of_partner_record(name: str, model: type[Record], reference: Schema) -> Message:
    """The message of what a partner sends: a JSON value, whatever its headers and key."""
    return {
        "name": name,
        "title": model.__name__,
        "summary": _first_line(model),
        "contentType": "application/json",
        "payload": reference,
        "examples": [{"payload": _example(model)}],
    }


def _example(model: type[Record]) -> dict[str, Any]:
    """Of the examples of its fields, and of the records in them."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kinds = get_args(field.annotation) if get_origin(field.annotation) is UnionType else [field.annotation]
        within = [each for each in kinds if _is_record(each)]
        example = field.examples[0] if field.examples else _example(within[0]) if within else None
        if example not in (None, {}):
            found[name] = example
    return found


def _is_record(annotation: Any) -> TypeGuard[type[Record]]:
    return isinstance(annotation, type) and issubclass(annotation, Record)


def _keyed(key: str) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": key}, "bindingVersion": KAFKA}}


def _first_line(model: type[BaseModel]) -> str:
    return cleandoc(model.__doc__ or "").partition("\n")[0]
