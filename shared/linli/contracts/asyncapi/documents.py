"""The documents themselves: of all that is on Kafka, and of one partner's part of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from linli.contracts.asyncapi import messages
from linli.contracts.asyncapi.draft07 import Schema, components
from linli.contracts.asyncapi.messages import HEADERS, KAFKA, PARTNER_SENDS, events_on, partner_events
from linli.contracts.asyncapi.written import in_yaml
from linli.contracts.base import Event
from linli.contracts.catalogue import topics
from linli.contracts.schemas import schema_of
from linli.contracts.topics import AS_DECLARED, Otherwise, as_deployed
from linli.contracts.workflow.order import ORDERS
from linli.contracts.workflow.partner import RECEIPTS

Document: TypeAlias = dict[str, Any]

VERSION = "3.1.0"
PREFIX = "linli"
"""Before every topic's name, unless a deployment has another (`LINLI_TOPIC_PREFIX`)."""
SANDBOX: Final = {"": "", "sandbox.": "sandbox"}
"""What stands before `partner` in a topic's name: nothing, or that nothing on it is real."""
_SCRAM: Document = {
    "scram": {"type": "scramSha512", "description": "The partner's own user; the broker has no other way in."}
}
MOST_BYTES = 1_048_576
"""Of a record that a partner writes."""
_WRITTEN = "JSON values; neither headers nor a key are needed. Each gets a receipt."
_PARAMETERS: Document = {
    "community": {"description": "The community's id.", "examples": ["fushan-road"]},
    "party": {"description": "The party's id in that community.", "examples": ["water-company"]},
}


def whole(all: Otherwise = AS_DECLARED, own: Mapping[str, Otherwise] | None = None) -> Document:
    """All topics, and those of a partner.

    What a deployment has otherwise is for `all` topics, or for some their `own`, by their full names.
    """
    channels: Document = {}
    operations: Document = {}
    for topic in topics():
        name = f"{PREFIX}.{topic.name}"
        partitions, settings = as_deployed(topic, all, (own or {}).get(name, AS_DECLARED))
        told = [event.TYPE for event in events_on(topic)]
        channels[topic.name] = _channel(name, topic_words(topic.key), told, "services") | {
            "bindings": _of_topic(name, partitions, settings)
        }
        operations[f"{topic.name}.publish"] = _operation("send", topic.name)
    partners, theirs = _partner_channels("{community}.{party}", PREFIX, linli_sends="send")
    for channel in partners.values():
        channel["parameters"] = _PARAMETERS
    return _document(
        "Linli 邻里",
        "What Linli's services say on Kafka, and what partners' programs say to it. From Linli's side: it sends what it"
        " says, and receives what partners write.",
        {
            "services": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "The services' own listener; nothing for partners.",
                "variables": {"broker": {"description": "host:port", "examples": ["kafka:9092"]}},
            },
            "partners": _for_partners("{broker}")
            | {"variables": {"broker": {"description": "host:port", "examples": ["kafka.linli.example:9094"]}}},
        },
        channels | partners,
        operations | theirs,
        _components(events=[event for topic in topics() for event in events_on(topic)], sealed=True),
    )


def for_partner(community: str, party: str, bootstrap_host: str, *, prefix: str = PREFIX) -> str:
    """The document of one partner, as YAML: exactly its topics, as its own program sees them.

    `bootstrap_host` is `host:port`, `prefix` what the deployment's topics begin with.
    """
    return in_yaml(of_partner(community, party, bootstrap_host, prefix=prefix))


def of_partner(community: str, party: str, bootstrap_host: str, *, prefix: str = PREFIX) -> Document:
    """The same before it is written down."""
    channels, operations = _partner_channels(f"{community}.{party}", prefix, linli_sends="receive")
    return _document(
        f"Linli 邻里: {party} in {community}",
        f"What the program of {party} reads and writes. It receives orders, and receipts of what it said; it sends"
        " updates. The sandbox has the same, and nothing on it is real.",
        {"linli": _for_partners(bootstrap_host)},
        channels,
        operations,
        _components(events=partner_events(), sealed=False),
    )


def partner_schemas() -> dict[str, Schema]:
    """JSON Schemas (2020-12, each complete in itself) of what partners are told and what they send, by name."""
    sent = {
        name: {"$id": f"urn:linli:partner:{name}"} | model.model_json_schema() for name, model in PARTNER_SENDS.items()
    }
    return {event.TYPE: schema_of(event) for event in partner_events()} | sent


def topic_words(key: str) -> str:
    """What a reader has to know of each topic of events."""
    return f"Key: {key}. A record may come again: drop an id that you have seen. Pass over types that you do not know."


def _partner_channels(partner: str, prefix: str, linli_sends: str) -> tuple[Document, Document]:
    """A partner's topics, real and sandbox, and what is done with them by whom the document speaks of."""
    server = "partners" if linli_sends == "send" else "linli"
    linli_receives = "receive" if linli_sends == "send" else "send"
    channels: Document = {}
    operations: Document = {}
    for stem, sandbox in SANDBOX.items():
        base = f"{prefix}.{stem}partner.{partner}"
        of_receipts = "order id, where there is one"
        parts: Iterable[tuple[str, str, Sequence[str], str]] = (
            ("orders", linli_sends, [each.TYPE for each in events_on(ORDERS)], topic_words(ORDERS.key)),
            ("updates", linli_receives, list(PARTNER_SENDS), _WRITTEN),
            ("receipts", linli_sends, [each.TYPE for each in events_on(RECEIPTS)], topic_words(of_receipts)),
        )
        for name, action, told, words in parts:
            channel = f"partner.{name}" if not sandbox else f"{sandbox}.partner.{name}"
            channels[channel] = _channel(f"{base}.{name}", words, told, server) | {"bindings": _of_partners_topic(name)}
            operations[f"{channel}.{action}"] = _operation(action, channel)
            if action == "receive" and name != "updates":
                operations[f"{channel}.{action}"]["bindings"] = _in_group(f"partner.{partner}.")
    return channels, operations


def _channel(address: str, description: str, told: Sequence[str], server: str) -> Document:
    return {
        "address": address,
        "description": description,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in told},
    }


def _operation(action: str, channel: str) -> Document:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _of_partners_topic(kind: str) -> Document:
    """One partition: what a partner is told, and says, has one order. As `linli_cli.partners.access` makes them."""
    configuration = {"retention.ms": 30 * 86_400_000} | ({"max.message.bytes": MOST_BYTES} if kind == "updates" else {})
    return {"kafka": {"partitions": 1, "topicConfiguration": configuration, "bindingVersion": KAFKA}}


def _in_group(prefix: str) -> Document:
    """The consumer groups that a partner may use."""
    group = {"type": "string", "pattern": f"^{prefix.replace('.', '[.]')}", "description": f"Begins with {prefix}"}
    return {"kafka": {"groupId": group, "bindingVersion": KAFKA}}


def _of_topic(name: str, partitions: int, settings: Mapping[str, str]) -> Document:
    configuration: Document = {
        name: int(value) if value.isdecimal() else value for name, value in sorted(settings.items())
    }
    configuration["cleanup.policy"] = settings["cleanup.policy"].split(",")
    return {
        "kafka": {
            "topic": name,
            "partitions": partitions,
            "topicConfiguration": configuration,
            "bindingVersion": KAFKA,
        }
    }


def _for_partners(host: str) -> Document:
    return {
        "host": host,
        "protocol": "kafka-secure",
        "description": "SASL_SSL with SCRAM-SHA-512, and the certificate authority that the operator hands over.",
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
    }


def _components(events: Sequence[type[Event]], *, sealed: bool) -> Document:
    sent = PARTNER_SENDS.values()
    references, schemas = components(
        [*((event, "serialization") for event in events), *((model, "validation") for model in sent)]
    )
    told = {event.TYPE: messages.of_event(event, references[event]) for event in events}
    received = {
        name: messages.of_partner_record(name, model, references[model]) for name, model in PARTNER_SENDS.items()
    }
    return {
        "messages": dict(sorted(told.items())) | received,
        "schemas": {HEADERS: messages.headers(sealed=sealed)} | schemas,
        "securitySchemes": _SCRAM,
    }


def _document(
    title: str, description: str, servers: Document, channels: Document, operations: Document, parts: Document
) -> Document:
    return {
        "asyncapi": VERSION,
        "info": {
            "title": title,
            "version": "1.0.0",
            "description": description,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": servers,
        "channels": channels,
        "operations": operations,
        "components": parts,
    }
