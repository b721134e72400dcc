"""The AsyncAPI documents say what the contracts say, and a partner's says nothing of anybody else."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from linli.contracts import asyncapi
from linli.contracts.asyncapi.__main__ import main
from linli.contracts.asyncapi.draft07 import as_draft_07
from linli.contracts.asyncapi.messages import PARTNER_SENDS
from linli.contracts.base import Event
from linli.contracts.catalogue import event_types, topics
from linli.contracts.envelope import Envelope, encode
from linli.contracts.intake.submission import SUBMITTED, ResidentErased
from linli.contracts.intake.subscription import (
    DemandThinned,
    SubscriptionAsked,
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionThinned,
)
from linli.contracts.notify.notice import NoticeFailed, NoticeSent
from linli.contracts.topics import Otherwise
from linli.contracts.workflow import order
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.key import KeyPublished
from linli.contracts.workflow.mediation import MediationEnded, MediationEvent
from linli.contracts.workflow.outage import OutageEvent
from linli.contracts.workflow.partner import Outcome, PartnerChanged, Standing, UpdateReceived, Way
from linli_cli.partners.access import Wanted
from tests.support.builders import NOON, submitted, withdrawn
from tests.support.cases import _OWN, published, said
from tests.support.told import AFFAIRS
from workflow.partners.domain.partner import Partner

WHOLE = yaml.safe_load(asyncapi.in_yaml(asyncapi.whole()))
PARTNER = yaml.safe_load(asyncapi.for_partner("fushan-road", "water-company", "kafka.linli.example:9094"))
SCHEMAS = "#/components/schemas/"

_ORDER: dict[str, Any] = {
    "order_id": "c1~water-company",
    "dispatch_no": 1,
    "community": "fushan-road",
    "party": "water-company",
    "case_id": "c1",
}
_DESCRIBED = {"kind": "report", "title": "停水了", "place": "3号楼", "location": {"lon": 120.4, "lat": 36.1}}
_NOTICE: dict[str, Any] = {"delivery_id": "d1", "event_id": "c1:2", "case_id": "c1", "recipient": "party:estate"}
_IN_MEDIATION: dict[str, Any] = {
    **{"mediator": "party:grid-1", "party": "grid-1", "why": "not_agreed", "concerned": "c-2", "side": "respondent"},
    **{"session": 1, "starts_at": NOON, "held_at": NOON, "online": False, "came": 2, "statement": "0" * 32},
    **{"whose": "c-2", "number": 1, "digest": "0" * 64, "visit_on": "2026-12-23", "signer": "c-2", "way": "online"},
    **{"effective_on": "2026-11-23", "confirm_until": "2026-12-23", "step": "applied", "on": "2026-11-23"},
    **{"parties": ["grid-1"], "neighbourhood": "east"},
}


def _of_mediation(event: type[MediationEvent]) -> MediationEvent:
    own = {name: value for name, value in _IN_MEDIATION.items() if name in event.model_fields}
    own |= {"why": "conflict_of_interest"} if "mediator" in own and "why" in own else {}
    own |= {"why": "withdrawn"} if event is MediationEnded else {}
    own |= {"concerned": 2} if "came" in own else {}
    common = {"case_id": "s1", "community": "fushan-road", "state": "open", "by": "grid-1"}
    return event.model_validate({"mediation_id": "s1.mediation"} | common | own)


_SUBSCRIPTION = (SubscriptionAsked, SubscriptionConfirmed, SubscriptionThinned, SubscriptionEnded)
_FURTHER: list[Event] = [
    order.OrderIssued(**_ORDER, **_DESCRIBED, accept_by=NOON, binding=True),
    order.OrderReopened(**_ORDER, **_DESCRIBED, accept_by=NOON, resolve_by=NOON),
    order.OrderReminded(**_ORDER, deadline="accept", due=NOON),
    order.OrderCancelled(**_ORDER, reason=order.Ended.WITHDRAWN),
    order.OrderSuperseded(**_ORDER, into_case="c2"),
    order.OrderPromiseHeard(
        **_ORDER, promise_id="c1.4", update_id="u-1", became="refused", reason="no_mandate", message="没有授权"
    ),
    order.OrderErased(**_ORDER, erased_at=NOON),
    UpdateReceived(
        community="fushan-road",
        party="water-company",
        update_id="u-1",
        outcome=Outcome.APPLIED,
        text_zh="已受理",
        text_en="taken",
        case_state=CaseState.ACCEPTED,
    ),
    PartnerChanged(
        community="fushan-road", party="water-company", standing=Standing.ACTIVE, ways=(Way.KAFKA,), has_topics=True
    ),
    *(
        event(
            outage_id="works-1",
            community="fushan-road",
            party="water-company",
            state="declared",
            utility="water",
            starts_at=NOON,
            occurred_at=NOON,
            area={"neighbourhoods": ["huaiyin-li"]},
        )
        for event in OutageEvent.__subclasses__()
    ),
    *(_of_mediation(event) for event in MediationEvent.__subclasses__()),
    KeyPublished(key_id="aaaaaaaaa1", version=1, role="operator", sha256="0" * 64, expires_at=NOON),
    NoticeSent(**_NOTICE, channel="email", attempts=1, sent_at=NOON),
    NoticeFailed(**_NOTICE, channel="email", attempts=9, failed_at=NOON, reason="refused"),
    ResidentErased(submission_id="s1", erased_at=NOON),
    DemandThinned(submission_id="s1", hears="ends"),
    *(
        kind(subscription_id="n1", community="fushan-road", neighbourhood="east", hears="milestones")
        for kind in _SUBSCRIPTION
    ),
]
EVENTS: list[Envelope[Any]] = [
    *(submitted("s1", kind, text="断断续续", location={"lon": 120.4, "lat": 36.1}) for kind in SUBMITTED),
    withdrawn("s1"),
    *(said(event) for event in _OWN),
    published(),
    *(Envelope(event.SOURCE, event.story, 1, NOON, "s1", event) for event in _FURTHER),
    *(Envelope(event.SOURCE, event.story, 1, NOON, event.correlation, event) for event in AFFAIRS),
]


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from objects(value)


def references(document: Mapping[str, Any]) -> set[str]:
    """All that it refers to."""
    return {each["$ref"] for each in objects(document) if "$ref" in each}


def resolved(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference leads to. Raises KeyError where it leads nowhere."""
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def validator(document: Mapping[str, Any], schema: Mapping[str, Any]) -> jsonschema_rs.Draft7Validator:
    """Of a schema that may refer to the document's others."""
    return jsonschema_rs.Draft7Validator(dict(schema) | {"components": document["components"]}, validate_formats=True)


def test_the_committed_document_and_page_are_those_of_the_contracts() -> None:
    assert main([]) == 0


def test_a_stale_document_is_found_and_brought_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tmp_path) == 1
    assert main(["--write"], tmp_path) == 0
    assert main([], tmp_path) == 0
    (tmp_path / "asyncapi.html").write_text("of yesterday")
    assert main([], tmp_path) == 1
    assert capsys.readouterr().out.endswith("asyncapi.html\n")


def test_every_topic_and_every_type_of_event_is_named() -> None:
    addresses = {channel["address"] for channel in WHOLE["channels"].values()}
    assert addresses >= {f"linli.{topic.name}" for topic in topics()}
    for event in event_types():
        told = resolved(WHOLE, f"#/channels/{event.TOPIC.name}")["messages"]
        assert told[event.TYPE] == {"$ref": f"#/components/messages/{event.TYPE}"}
    assert {operation["channel"]["$ref"] for operation in WHOLE["operations"].values()} == {
        f"#/channels/{name}" for name in WHOLE["channels"]
    }


def test_the_partners_topics_have_their_twins_in_the_sandbox() -> None:
    ends = ("orders", "updates", "receipts")
    expected = {f"linli.{sandbox}partner.{{community}}.{{party}}.{end}" for end in ends for sandbox in ("", "sandbox.")}
    addresses = {channel["address"] for channel in WHOLE["channels"].values() if "parameters" in channel}
    assert addresses == expected


@pytest.mark.parametrize("document", [WHOLE, PARTNER], ids=["whole", "partner"])
def test_what_a_reader_would_stumble_over_is_not_there(document: dict[str, Any]) -> None:
    for reference in references(document):
        assert resolved(document, reference)
    for each in objects(document):
        assert not each.keys() & {"$defs", "prefixItems", "schemaFormat"}
        assert "$ref" not in each or len(each) == 1, "what stands beside a reference is not read"
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "http://json-schema.org/draft-07/schema#", **schema})


def test_what_draft_07_has_not_is_said_in_its_words() -> None:
    pair = {"type": "array", "prefixItems": [{"title": "Lon", "type": "number"}, {"$ref": "#/a", "default": 1}]}
    assert as_draft_07(pair) == {
        "type": "array",
        "items": [{"type": "number"}, {"allOf": [{"$ref": "#/a"}], "default": 1}],
    }
    named = {"properties": {"discriminator": {"$ref": "#/a"}, "title": True}, "discriminator": {"propertyName": "type"}}
    assert as_draft_07(named) == {"properties": {"discriminator": {"$ref": "#/a"}, "title": True}}


def test_every_type_has_a_real_event_below() -> None:
    assert {event.type for event in EVENTS} == {event.TYPE for event in event_types()}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event.type))
def test_a_real_event_and_its_headers_are_as_the_document_says(event: Envelope[Any]) -> None:
    record = encode(event)
    message = WHOLE["components"]["messages"][event.type]
    validator(WHOLE, message["payload"]).validate(json.loads(record.value))
    headers = {name: value.decode() for name, value in record.headers.items()}
    of_headers = validator(WHOLE, message["headers"])
    of_headers.validate(headers)
    assert not of_headers.is_valid(headers | {"ce_type": "linli.case.imagined.v1"})
    assert not of_headers.is_valid(headers | {"ce_source": "somebody"})
    assert not validator(WHOLE, message["payload"]).is_valid({})


def test_a_partner_reads_what_it_is_told_by_its_own_document() -> None:
    for event in EVENTS:
        if event.type in PARTNER["components"]["messages"]:
            message = PARTNER["components"]["messages"][event.type]
            validator(PARTNER, message["payload"]).validate(json.loads(encode(event).value))


@pytest.mark.parametrize("name", PARTNER_SENDS)
def test_the_example_of_what_a_partner_sends_is_one(name: str) -> None:
    message = PARTNER["components"]["messages"][name]
    [example] = message["examples"]
    sent = validator(PARTNER, message["payload"])
    sent.validate(example["payload"])
    assert PARTNER_SENDS[name].model_validate(example["payload"])
    assert not sent.is_valid(example["payload"] | {"did": "thought about it"})
    assert "headers" not in message


def test_a_partners_document_has_its_topics_and_nothing_of_anybody_else() -> None:
    base = "partner.fushan-road.water-company"
    ends = ("orders", "updates", "receipts")
    addresses = {channel["address"] for channel in PARTNER["channels"].values()}
    assert addresses == {f"linli.{stem}{base}.{end}" for stem in ("", "sandbox.") for end in ends}
    named = set(PARTNER["components"]["messages"])
    assert {name for name in named if name not in PARTNER_SENDS} == {
        event.TYPE for event in event_types() if event.TOPIC.name in {"orders", "receipts"}
    }
    referred = {each.removeprefix(SCHEMAS) for each in references(PARTNER) if each.startswith(SCHEMAS)}
    assert set(PARTNER["components"]["schemas"]) == referred
    text = json.dumps(PARTNER)
    for other in ("{community}", "linli.cases", "linli.principals", "ce_seal", "tracking_hash", "resident_id"):
        assert other not in text
    assert PARTNER["servers"] == {
        "linli": PARTNER["servers"]["linli"]
        | {"host": "kafka.linli.example:9094", "protocol": "kafka-secure"}
        | {"security": [{"$ref": "#/components/securitySchemes/scram"}]}
    }
    assert PARTNER["components"]["securitySchemes"]["scram"]["type"] == "scramSha512"
    actions = {operation["channel"]["$ref"]: operation["action"] for operation in PARTNER["operations"].values()}
    assert {name.rpartition(".")[2]: action for name, action in actions.items()} == {
        "orders": "receive",
        "updates": "send",
        "receipts": "receive",
    }


def test_a_partners_topics_and_groups_are_as_they_are_made() -> None:
    partner = Partner("fushan-road", "water-company", added_at=NOON, added_by="operator", ways=(Way.KAFKA,))
    names = {
        stem: {
            end: f"linli.{partner.topic(end, sandbox=stem == 'sandbox')}" for end in ("orders", "receipts", "updates")
        }
        for stem in ("topics", "sandbox")
    }
    wanted = Wanted.of(
        dict.fromkeys(("community", "party", "version", "in_line", "reads", "writes"), "")
        | {"users": [], "usernames": [], "group_prefix": partner.group_prefix}
        | names
    )
    for made in wanted.topics:
        [kafka] = [
            channel["bindings"]["kafka"] for channel in PARTNER["channels"].values() if channel["address"] == made.name
        ]
        assert kafka["partitions"] == made.partitions
        told = {name: str(value) for name, value in kafka["topicConfiguration"].items()}
        assert told.items() <= made.config.items()
    reads = [each["bindings"]["kafka"]["groupId"] for each in PARTNER["operations"].values() if "bindings" in each]
    assert len(reads) == 4
    assert all(re.search(each["pattern"], f"{partner.group_prefix}mine") for each in reads)
    assert not any(re.search(each["pattern"], "partner.fushan-road.water-company2.mine") for each in reads)


def test_topics_that_are_called_otherwise_here_are_so_in_a_partners_document() -> None:
    document = asyncapi.of_partner("fushan-road", "water-company", "kafka:9094", prefix="district")
    assert all(channel["address"].startswith("district.") for channel in document["channels"].values())


def test_a_partners_schemas_are_complete_each_in_itself() -> None:
    schemas = asyncapi.partner_schemas()
    assert set(schemas) == set(PARTNER["components"]["messages"])
    for event in EVENTS:
        if event.type in schemas:
            jsonschema_rs.Draft202012Validator(schemas[event.type]).validate(json.loads(encode(event).value))


def test_what_a_deployment_has_otherwise_is_in_its_document() -> None:
    own = {"linli.cases": Otherwise(config={"retention.ms": "1"})}
    document = asyncapi.whole(Otherwise(partitions=24, config={"min.insync.replicas": "2"}), own)
    cases, community = (document["channels"][name]["bindings"]["kafka"] for name in ("cases", "community"))
    assert (cases["partitions"], community["partitions"]) == (24, 1)
    assert (cases["topicConfiguration"]["retention.ms"], community["topicConfiguration"]["min.insync.replicas"]) == (
        1,
        2,
    )


def test_the_page_has_every_channel_message_and_field_and_needs_no_network() -> None:
    page = asyncapi.page(WHOLE)
    for channel in WHOLE["channels"].values():
        assert f"<code>{channel['address']}</code>" in page
    anchors = {part.partition('"')[0] for part in page.split(' id="')[1:]}
    assert {part.partition('"')[0] for part in page.split('href="#')[1:]} <= anchors
    assert anchors >= {f"messages-{name}" for name in WHOLE["components"]["messages"]}
    for sign in ("http://", "https://", "<script", " src="):
        assert sign not in page
