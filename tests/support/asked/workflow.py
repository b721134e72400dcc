"""What workflow's stores ask."""

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

from linli.contracts.base import Scope
from linli.contracts.envelope import Envelope
from linli.contracts.workflow import case as told
from linli.contracts.workflow.partner import Update
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent, outgoing
from linli.photos.files import PhotoFiles
from linli.storage.aggregates import Change
from tests.support import cases
from tests.support.asked.every_service import NO, all_of, events_of, of_an_inbox, of_every_service, what_is_kept
from tests.support.builders import NOON, altered, community
from tests.support.builders import submitted as told_by_intake
from tests.support.recording import Recording
from workflow.cases.document import document_of
from workflow.cases.domain.access import Parties
from workflow.cases.domain.submitted import open_case
from workflow.cases.measures import Statistics
from workflow.cases.order import Order, Place
from workflow.cases.store import CaseStore
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order as PartnerOrder
from workflow.partners.domain.partner import Partner, paused
from workflow.partners.domain.photos import Uploaded
from workflow.partners.photo_shelf import PhotoShelf
from workflow.partners.sandbox import SandboxCases
from workflow.partners.store import PartnerStore
from workflow.requests.store import By, RequestStore, Window


async def of_partners(db: Any, events: EventStore, opened: Envelope[Any], case: Any) -> None:
    partners, water = PartnerStore(db, events), Partner("test", "water-co", NOON, "operator")
    await partners.save(None, water, NOON, NO)
    await partners.save(water, paused(water), NOON, NO)
    await partners.orders(["c1~water-co"], NO)
    await partners.listing({"party": "water-co"}, None, 10)
    order, issued = PartnerOrder("c1~water-co", "test", "water-co", "c1", NOON, NOON, 1, version=1), opened.data
    await partners.save_orders([(order, issued), (replace(order, version=2), issued)], {}, NOON, NO)  # type: ignore[list-item]
    await partners.answered(["c1~water-co"], NO)
    await partners.unanswered(NOON)
    await partners.forget(["c1~water-co"], NO)
    await partners.received(water, ["u-1"], NO)
    shelf, photo = PhotoShelf(db, PhotoFiles(db)), Uploaded("c1~water-co", "0" * 32, 5, 1, 1, "0" * 64, NOON, "0" * 24)
    await shelf.waiting("c1~water-co")
    await shelf.listed([photo], NO)
    await shelf.forget(["c1~water-co"], NO)
    update = {"update_id": "u-1", "order_id": "c1~water-co", "dispatch_no": 1, "occurred_at": NOON, "did": "progressed"}
    await shelf.named([Update.model_validate(update | {"photos": ["0" * 32]})], NO)
    await shelf.kept().oldest()
    await shelf.kept().older(NOON)
    await all_of(shelf.kept().let_go(NOON))
    await what_is_kept(db.partner_updates)
    tried = PartnerStore(db, events, sandbox=True)
    await tried.orders(["sandbox-1~water-co"], NO)
    await tried.save_orders([(order, issued)], {}, NOON, NO)
    await tried.received(water, ["u-1"], NO)
    for_trying = SandboxCases(db, NO, NO)
    await for_trying.cases(["sandbox-1"])
    with contextlib.suppress(AttributeError):  # what follows from it is somebody else's
        await for_trying.save([Change(case, 0, [])], NOON, NO)
    for collection in (db.sandbox_partner_updates, db.sandbox_orders, db.sandbox_cases):
        await what_is_kept(collection)


async def of_requests(db: Any) -> None:
    requests = RequestStore(db)
    await requests.listing("test", {"category": {"$in": ["water"]}}, Window(By.REQUESTED, NOON, NOON), 0, 10)
    await requests.listing("test", {}, Window(By.UPDATED, NOON), 0, 10)
    await requests.named("test", ["c1"])
    await requests.figures("test", "east", NOON)
    await requests.told("test", NOON, NOON, ["linli.case.noted.v1"])


async def asked_by_workflow() -> Recording:
    directory = Directory(community(), 1)
    event: Any = told_by_intake("c1", neighbourhood="east", location={"lon": 120.405, "lat": 36.105})
    case, _ = open_case("c1", event.data, directory, NOON)
    opened = cases.said(told.CaseNoted, "c1", 1, message="甲")
    sent = Unsent(opened.id, "events", outgoing(opened, "linli.cases"))
    stored = {"_id": "c1:1", "subject": "c1", "sequence": 1, "type": opened.type, "at": NOON}
    stored |= outbox.fields(sent.message, NOON)
    recording = Recording({"cases": [document_of(case)], "photos.files": [{"_id": "f1"}]})
    db: Any = recording
    communities: Any = None
    events = events_of(db)
    store = CaseStore(db, events, communities)
    await store.cases(["c1"])
    await store.with_families([altered(case, merged_into="c2")])
    await store.save([Change(case, 0, [opened]), Change(case, 1, [])], NOON, NO)
    await store.families(["c1"])
    await store.promised("c1", 4, NO)
    recording.found = {**recording.found, "events": [stored]}
    await store.forget({"c1": Scope.PERSON}, ["photo-1"], NO)
    await store.due(NOON, 10)
    await store.reschedule([case], NO)
    await store.put_off("c1", NOON)
    await store.history("c1", 10, ["linli.case.opened.v1"])
    await store.tracked("hash")
    await store.listing({"party": "estate"}, Place("c1", NOON), 10, Order.AGE)
    await store.rarest(["停水"])
    await all_of(store.all_of("test", 10))
    await store.count({"party": "estate"})
    await store.count_within({"party": "estate"}, 10, 5.0)
    await store.counts({"party": "estate"})
    await store.near(case, Parties(frozenset({"estate"})))
    await store.open_with("test", ["estate"])
    await store.open_in("test", ["east", None], NOON, 10, NO)
    await store.states(["c1"])
    await store.ended(["c1"])
    await events.append([opened], NOON, NO)

    async def newest() -> list[str]:
        return ["test:1"]

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await events.resend_newest(newest)
    figures = Statistics(db)
    await figures.of({}, "party", "opened_at", "Asia/Shanghai", NOON)
    await figures.returns({})
    await PhotoFiles(db).forget(["c1"], [], NO)
    await of_partners(db, events, opened, case)
    await of_requests(db)
    await of_an_inbox(db)
    await of_every_service(db, ("events",), sent)
    return recording
