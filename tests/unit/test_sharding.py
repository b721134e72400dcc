"""Every unique index and every query of a store goes by the key that its collection would be spread by, or says why.

The stores are run on a recording (`tests/support/recording.py`), the migrations too: what is declared in a context's
`sharding.py` is held to what they do. Whoever adds a query adds a call of it below, and where it does not say the key,
the reason why every shard may be asked, beside the others.
"""

import ast
import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import intake.main
import neighbourhood.main
import notify.main
import portal.main
import workflow.main
from intake.photos.store import PhotoStore
from intake.residents.store import ResidentStore
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import Repetition, accepted, submitted, withdrawn
from intake.submissions.store import Entry, IntakeStore
from linli.application.assembly import collections_of
from linli.contracts.base import Scope
from linli.contracts.envelope import Envelope, StreamKey
from linli.contracts.erasure import Forgetting
from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.responses import ResponseInvited
from linli.contracts.neighbourhood.votes import VoteClosed
from linli.contracts.notify.notice import NoticeSent
from linli.contracts.workflow import case as told
from linli.contracts.workflow.partner import PartnerChanged, Standing, Update, Way
from linli.contracts.workflow.timeline import PublicStep
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.inbox_store import InboxStore
from linli.messaging.outbox import Relay, Unsent, outgoing
from linli.messaging.story import Plan, Stream
from linli.messaging.traces import Traces
from linli.messaging.transactions import Transactions
from linli.photos.files import PhotoFiles
from linli.privacy.retention import audit_log, kept_since
from linli.security.audit import Audit, Outcome, Wanted
from linli.security.audit import Entry as AuditEntry
from linli.security.permissions import Role
from linli.storage import mongo
from linli.storage.aggregates import Change
from linli.storage.sharding import Sharded, Sharding
from linli.web import idempotency
from linli.web.problems import Problem
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.office import Place as AffairsPlace
from neighbourhood.affairs.stories import Happened, Stories
from neighbourhood.affairs.texts import Texts
from neighbourhood.lineage.domain.links import Kind, Relation, Thing
from neighbourhood.lineage.domain.links import Link as LineageLink
from neighbourhood.lineage.store import Links
from neighbourhood.publicity.office import NOTICES
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.households import Households
from neighbourhood.rounds.needs_aside import Aside
from neighbourhood.rounds.office import ROUNDS
from neighbourhood.rounds.responses import CodeOf as CodeOfHousehold
from neighbourhood.rounds.responses import Responses
from neighbourhood.votes.box import Box
from neighbourhood.votes.codes import CodeOf, Codes
from neighbourhood.votes.domain.ballot import Ballot
from neighbourhood.votes.domain.register_rows import Row
from neighbourhood.votes.people import People
from neighbourhood.works.photos import SitePhotos
from neighbourhood.works.representatives import Representatives
from notify.deliveries.address_store import AddressStore
from notify.deliveries.domain.deliveries import Delivery, State, delivery
from notify.deliveries.domain.tries import Took, Verdict
from notify.deliveries.store import DeliveryStore, Ended, Filter, _document
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice
from notify.partner_events.domain.endpoint import Endpoint, Try
from notify.partner_events.endpoint_store import EndpointStore
from notify.partner_events.groups import GroupStore
from notify.partner_events.read_store import ReadStore
from notify.partner_events.store import FeedStore
from notify.timeline.store import Story, TimelineEntry, TimelineStore
from portal.signin.link_store import Link, LinkStore
from portal.signin.oidc.store import UnderWay, UnderWayStore
from portal.signin.store import Cookie, CookieStore, SessionStore, Stored
from tests.support import cases
from tests.support.builders import NOON, altered, community
from tests.support.builders import submitted as told_by_intake
from tests.support.owners import demo_register
from tests.support.recording import SINGLE, Recording, says
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

SERVICES: Mapping[str, Any] = {
    **{"intake": intake.main, "workflow": workflow.main, "notify": notify.main},
    **{"neighbourhood": neighbourhood.main, "portal": portal.main},
}
ROOT = Path(__file__).parents[2]
STEP = PublicStep(at=NOON, type="linli.case.accepted.v1", state=told.CaseState.ACCEPTED)
NO: Any = None
"""A client or a session: nothing is asked of it."""


def events_of(db: Any) -> EventStore:
    return EventStore(db, lambda name: f"linli.{name}")


class Published:
    """Stands for a publisher: all is acknowledged."""

    async def publish(self, messages: Any) -> list[bool]:
        return [True for _ in messages]


async def of_every_service(db: Any, outboxes: tuple[str, ...], sent: Unsent) -> None:
    """What the kit asks in each service."""
    log = Audit(db, lambda: NOON)
    entry = AuditEntry("operator", Role.OPERATOR, "cases:read", Outcome.READ)
    await log.append(entry)
    log.refused(replace(entry, outcome=Outcome.REFUSED))
    await log.flush()
    await log.entries(Wanted(principal="operator", since=NOON), 10)
    kept = audit_log(db, 1)
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))

    async def act() -> dict[str, Any]:
        return {"id": "c1"}

    await idempotency.once(db, "a-key-of-mine", "scope", "body", act)
    await idempotency.remember(db, "a-key-of-mine", "scope", {"id": "c1"}, NO)
    await idempotency.forget(db, ["c1"], NO)
    publisher: Any = Published()
    seals: Any = SimpleNamespace(sealed=lambda message: message)
    relay = Relay(db, outboxes, publisher, "one", 1.0, seals)
    await relay._send([replace(sent, collection=name) for name in outboxes], "hot")
    await relay._mark()
    await relay.sweep()
    await relay._measure()
    await Traces(db, outboxes, has_inbox=False).of("s1")
    await outbox.count_sent(db, outboxes, NOON)
    await outbox.resend(db, outboxes, NOON)


async def of_an_inbox(db: Any) -> None:
    streams, key = InboxStore(NO, db, "group"), StreamKey("linli/intake", "c1")
    other = key._replace(subject="c2")
    decided = Plan(streams={key: Stream(key, 2), other: Stream(other, 1)})
    await streams.streams([key], NO)
    await streams.store(decided, {key: Stream(key, 1)}, NO)
    await streams.unblock(key, "p1", NO)
    await streams.pass_over(key, 1, NO)
    await Traces(db, (), has_inbox=True).of("s1")


async def all_of(batches: Any) -> None:
    async for _ in batches:
        pass


# Intake --------------------------------------------------------------------------------------------------------------


async def asked_by_intake() -> Recording:
    said = {"kind": "report", "title": "停水", "reporter": {"phone": "13900000101", "email": "a@linli.example"}}
    submission = accepted(
        NewSubmission.model_validate(said),
        community="test",
        id="s1",
        tracking_code="0A1B2C3D4E5F",
        now=NOON,
        pseudonyms=b"key",
        repetition=Repetition("a/b", "body"),
    )
    message = outgoing(submitted(submission, None), "linli.intake")
    taken_back, event = withdrawn(submission, None, NOON, None)
    stored = {"_id": "s1:2", **outbox.fields(outgoing(event, "linli.intake"), NOON)}
    recording = Recording({"events": [stored]})
    db: Any = recording
    events = events_of(db)
    store = IntakeStore(db, events)
    await store.insert([Entry(submission, message)])
    await store.save_withdrawal(taken_back, event, NO)
    residents = ResidentStore(NO, db, events, PhotoStore(db))
    await residents.next_sequence("s1", NO)
    await residents.save(submission, submission, event, NO)
    await PhotoStore(db).forget("s1", NO)
    await of_every_service(db, ("submissions", "events"), Unsent("s1:2", "events", message))
    return recording


# Workflow ------------------------------------------------------------------------------------------------------------


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


async def what_is_kept(collection: Any) -> None:
    kept = kept_since("it", 30, collection, "at")
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))


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


# Notify --------------------------------------------------------------------------------------------------------------


async def of_what_partners_are_told(db: Any, event: Envelope[Any]) -> None:
    feeds, endpoints = FeedStore(db), EndpointStore(db)
    await feeds.add({"test/water-co": [event]}, NO)
    await feeds.forget(["c1~water-co"], NO)
    said = PartnerChanged(
        community="test", party="water-co", standing=Standing.ACTIVE, ways=(Way.KAFKA,), has_topics=True
    )
    await feeds.changed(said, NOON, NO)
    await feeds.behind_on_kafka(10)
    await feeds.published({"test/water-co": (0, 1)})
    await feeds.standing("test/water-co")
    await feeds.untried()
    await feeds.tried("sandbox:test/water-co", 1)
    groups = GroupStore(db, lambda: NOON)
    await groups.report("test/water-co", 1, 0)
    await groups.reported()
    await feeds.numbered("test/water-co", [1])
    await feeds.begun_at("test/water-co", NOON)
    await feeds.ended_at("test/water-co", NOON)
    await feeds.happened_at("test/water-co", 1)
    await feeds.lasts(None)
    await feeds.on_kafka(None)
    await feeds.number_of("test/water-co", "c1~water-co:1")
    await feeds.reach("test/water-co")
    await feeds.after("test/water-co", 0, 10, ["linli.order.issued.v1"], 10)
    await what_is_kept(db.partner_events)
    endpoint = Endpoint("test/water-co", "https://water.example", None, cursor=0, due_at=NOON, added_at=NOON)
    await endpoints.settle(endpoint, endpoint, [Try(1, "c1~water-co:1", NOON, 5, Took(), "")])
    await endpoints.tries("test/water-co", 10)
    await endpoints.all()
    await ReadStore(db, lambda: NOON).fetched("test/water-co", 1)
    await ReadStore(db, lambda: NOON).last()
    await what_is_kept(db.partner_tries)


async def asked_by_notify() -> Recording:
    event = cases.said(told.CaseNoted, "c1", 1, message="甲")
    notice = Notice(NoticeKind.NODE_TRIAGED, "party:estate", Channel.EMAIL, None)
    one = replace(delivery(event, notice, NOON), together=True)
    recording = Recording({"deliveries": [_document(one)]})
    db: Any = recording

    async def over(ids: Any) -> Any:
        return ids

    store = DeliveryStore(NO, db, events_of(db), Transactions(NO, lambda _: None), over)
    await store.add([one], NO)
    await store.add_once([one])
    await store.forget({"c1": Forgetting(Scope.PERSON)}, NO)
    await store.oldest_ended()
    await store.count_ended(NOON)
    await all_of(store.let_go_of_deliveries(NOON))
    await store.claim(Channel.EMAIL, "one", NOON, 10, timedelta(seconds=1))
    await store.waiting_since(one)
    await store.gather("one", one, NOON, 10, timedelta(seconds=1))
    await store.look_at_next(one, NOON)
    await store.release("one", [], NOON)
    await store.bring_back(NOON)
    outcome: Envelope[Any] = Envelope("linli/notify", one.id, 1, NOON, "c1", outcome_of(one))
    await store.settle("one", [Ended(one, Verdict(State.SENT), outcome, further=replace(one, id="d2"))], NOON)
    await store.due()
    await store.sent(Channel.EMAIL, ["party:estate"], NOON)
    await store.delivery(one.id)
    await store.deliveries(Filter(recipient="party:estate"), 10, (NOON, "d1"))
    await store.count(Filter())
    await store.counts("c1")
    await store.make_due(one.id, NOON)
    await store.make_all_due(Filter(), NOON, 10)
    await store.given_up(NOON)
    await store.refusing()
    await store.substitute(one, [one], NOON)
    addresses = AddressStore(db)
    await addresses.standings(["name"], NOON)
    await addresses.count({"name": 1}, NOON)
    await addresses.mark("name", NOON, by="owner", stopped=True)
    await of_what_partners_are_told(db, event)
    timeline = TimelineStore(db)
    await timeline.add([TimelineEntry("c1:1", "c1", 1, STEP, False)], [Story("c1", "hash")], NO)
    await timeline.forget({"c1": Forgetting(Scope.PERSON, 3)}, NO)
    await timeline.over(["c1"])
    await timeline.case_of("hash")
    await timeline.is_open("c1")
    await timeline.timeline("c1", 0)
    await of_an_inbox(db)
    await of_every_service(db, ("events",), Unsent("d1:1", "events", outgoing(outcome, "linli.notices")))
    return recording


def outcome_of(one: Delivery) -> NoticeSent:
    whose: dict[str, Any] = {name: getattr(one, name) for name in ("event_id", "case_id", "recipient", "channel")}
    return NoticeSent(delivery_id=one.id, attempts=1, sent_at=NOON, **whose)


# Neighbourhood -------------------------------------------------------------------------------------------------------


async def of_affairs(db: Any) -> None:
    texts = Texts(db)
    await texts.of("v-1")
    await texts.forget("v-1", "o1", NO)
    await texts.forget_everywhere("o1", NO)
    codes = HouseholdCodes(db)
    await codes.make("p-1", ["h-1"], NO)
    with contextlib.suppress(Problem):  # what is found here is no newest code
        await codes.whose("A" * 16)


async def of_votes(db: Any, events: Any) -> None:
    kit: Any = SimpleNamespace(database=db, events=events, member="one")
    vote: Any = SimpleNamespace(id="v-1", community="test", neighbourhood="east")
    snapshot = demo_register()
    people, codes, box = People(db, "a key"), Codes(db), Box(kit)
    rows = [Row(1, "3-1-101", "3-1", "6000", "registry", "业主1", "110101199001011234")]
    await people.keep("r-1", rows, snapshot.entries[:1], NO)
    await people.known("r-1", ["o1"])
    await people.stairwells("r-1")
    await people.forget("r-1", "o1", NO)
    await codes.keep({"A" * 16: CodeOf("v-1", "o1", 1)}, NO)
    await codes.whose(["A" * 16])
    await box.owners(vote, ["o1"])
    await box.take(vote, [], [Ballot("b-1", "v-1", "o1", {"a": Choice.APPROVE}, "0f")], {"a": 1}, NOON, NO)
    await box.begin(vote, NO)
    await box.stand_still("v-1", NO)
    await box.sums("v-1")
    await box.ballots_of("v-1")
    await box.one("b-1")
    await box.opened("v-1")
    with contextlib.suppress(AssertionError):  # what is found here is of no ballot
        await box.recount(vote, snapshot)


async def of_publicity(db: Any, events: Any) -> None:
    notices = Stories(db, events, NOTICES)
    place = {"community": "test", "neighbourhood": "east"}
    await notices.load(["n-1"], NO)
    await notices.found({**place, "stage": "hanging"}, 500)


async def of_rounds(db: Any, events: Any) -> None:
    kit: Any = SimpleNamespace(database=db, events=events, member="one")
    responses, doors, place = Responses(kit), Households(db, "a key"), AffairsPlace("test", "east")
    asked = Response("r-1~~h-1", "r-1", "h-1", "b1", "0" * 64, version=1)
    invited = ResponseInvited(
        response_id=asked.id, round_id="r-1", household="h-1", at=NOON, by="staff-1", community="test",
        neighbourhood="east", building="b1", code_hash="0" * 64,
    )  # fmt: skip
    await responses.begin("r-1", NO)
    await responses.save([Happened(None, asked, [invited])], NOON, NO)
    await responses.stories.load([asked.id], NO)
    await responses.stand_still("r-1", NO)
    await responses.reach("r-1")
    await responses.all_of("r-1", waiting=True)
    await responses.as_read("r-1", await responses.read("r-1"), NO)
    await responses.stories.found({"raised": {"$in": ["d-1"]}}, session=NO)
    await responses.keep_codes({"A" * 16: CodeOfHousehold("r-1", asked.id)}, NO)
    await responses.whose(["A" * 16])
    await responses.forget(asked.id, NO)
    await doors.keep(place, doors.at(place, ["3-1-101"]), NO)
    await doors.doors(place, ["h-1"])
    await Stories(db, events, ROUNDS).found({"stage": "closed"})
    aside = Aside(db)
    await aside.put("k", {"round": "r-1"})
    await aside.of("r-1")
    await aside.try_again("r-1")
    await aside.measure()


async def of_lineage(db: Any, events: EventStore) -> None:
    links, need, item = Links(db, events), Thing(Kind.DEMAND, "c1"), Thing(Kind.ITEM, "p-1~1")
    await links.write([LineageLink(Relation.CITED, need, item, "cited", NOON, "p-1", 1)], NOON, NO)
    await links.demands_of([item])
    await links.around("c1", NO)
    await links.told.one("c1")


async def of_works(db: Any) -> None:
    photos, people, place = SitePhotos(db, PhotoFiles(db)), Representatives(db), AffairsPlace("test", "east")
    await photos.room_for(place, 1)
    await photos.one(place, "0" * 64)
    await photos.named(place, "w-1", "photos", [], NO)
    await photos.forget(place, "rep-1", NO)
    kept = photos.kept()
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))
    await people.name("w-1", ["王大妈"], NO)
    await people.of("w-1")
    await people.whose("A" * 16)
    await people.code("w-1", "rep-1", NO)
    await people.forget("w-1", "rep-1", NO)


async def asked_by_neighbourhood() -> Recording:
    closed = VoteClosed(vote_id="v-1", community="test", neighbourhood="east", at=NOON, by="staff-1")
    event: Envelope[Any] = Envelope("linli/neighbourhood", "v-1", 1, NOON, "v-1", closed)
    message = outgoing(event, "linli.neighbourhood")
    stored = {"_id": event.id, "subject": "v-1", "sequence": 1, "type": event.type, "at": NOON}
    recording = Recording({"events": [stored | outbox.fields(message, NOON)]})
    db: Any = recording
    events = events_of(db)
    await events.append([event], NOON, NO)
    await of_affairs(db)
    await of_publicity(db, events)
    await of_rounds(db, events)
    await of_votes(db, events)
    await of_works(db)
    await of_lineage(db, events)
    await of_an_inbox(db)
    await of_every_service(db, ("events",), Unsent(event.id, "events", message))
    return recording


# The portal ----------------------------------------------------------------------------------------------------------


async def asked_by_the_portal() -> Recording:
    recording = Recording()
    db: Any = recording
    sessions = SessionStore(db)
    session = Stored("s1", "key:k1", "operator", None, "", b"", NOON, NOON, NOON, "")
    await sessions.insert(session)
    await sessions.find("s1", NOON)
    await sessions.seen("s1", NOON, NOON)
    await sessions.of("key:k1", NOON)
    await sessions.end("key:k1", "s1")
    await sessions.end_others("key:k1", "s1")
    recording.found = {"sessions": [{"_id": "s2"}]}
    await sessions.end_beyond("key:k1", 50)
    await sessions.claim_renewal(session, NOON, NOON)
    await sessions.renewed("s1", b"")
    cookies = CookieStore(db)
    await cookies.insert(Cookie("t1", "s1", b"", NOON, NOON))
    await cookies.opens("t1", NOON)
    await cookies.claim_turn("t1", NOON, NOON)
    await cookies.settle("t1", "t0", NOON)
    await cookies.end_of(["s1"])
    under_way = UnderWayStore(db)
    await under_way.insert(UnderWay("u1", "b1", b"", NOON))
    await under_way.take("u1", "b1", NOON)
    links = LinkStore(db)
    await links.insert(Link("l1", b"", "key:k1", "operator", None, NOON))
    recording.found = {"sign_in_links": [{"_id": "l2"}]}
    await links.end_beyond("key:k1", 20)
    recording.found = {}
    await links.find("l1", NOON)
    await links.spend("l1")
    return recording


# What is declared, held to it ---------------------------------------------------------------------------------------

ASKED: Mapping[str, Callable[[], Awaitable[Recording]]] = {
    "intake": asked_by_intake,
    "workflow": asked_by_workflow,
    "notify": asked_by_notify,
    "neighbourhood": asked_by_neighbourhood,
    "portal": asked_by_the_portal,
}


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def transact(_: Any, work: Any, *__: Any, **___: Any) -> Any:
        return await work(None)

    async def nothing(*_: Any) -> None:
        pass

    monkeypatch.setattr(mongo, "transact", transact)
    monkeypatch.setattr(mongo, "end_predecessors", nothing)
    monkeypatch.setattr(mongo, "bucket", lambda *_: None)


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def spread(declared: tuple[Sharding, ...]) -> dict[str, Sharded]:
    return {each.collection: each for each in declared if isinstance(each, Sharded)}


async def indexes_of(service: str) -> Recording:
    recording = Recording()
    database: Any = recording
    for migration in SERVICES[service].MIGRATIONS:
        await migration(database)
    if "photos.files" in recording.indexes:  # the driver makes this one, with the first file
        await recording["photos.chunks"].create_index([("files_id", 1), ("n", 1)], name="files_id_1_n_1", unique=True)
    return recording


@pytest.mark.usefixtures("no_server")
async def test_a_unique_index_begins_with_the_key_or_is_named_with_what_keeps_its_values_apart(service: str) -> None:
    indexes, declared = (await indexes_of(service)).indexes, spread(SERVICES[service].SHARDING)
    for collection, sharded in declared.items():
        unique = {name: index for name, index in indexes.get(collection, {}).items() if index.unique}
        apart = {name: list(index.fields) for name, index in unique.items() if index.fields[0] != sharded.by}
        assert apart == {each.name: list(each.fields) for each in sharded.not_unique}, collection


@pytest.mark.usefixtures("no_server")
async def test_what_a_store_asks_says_the_key_or_is_named_with_why_every_shard_may_be_asked(service: str) -> None:
    asked, declared = (await ASKED[service]()).asked, spread(SERVICES[service].SHARDING)
    for collection, sharded in declared.items():
        without = {
            each.asker
            for each in asked
            if each.collection == collection and each.how != "insert" and not says(each.query, sharded.by)
        }
        assert without == set(sharded.everywhere), f"{collection}, which would be spread by {sharded.by}"


@pytest.mark.usefixtures("no_server")
async def test_what_writes_one_document_says_which_as_a_sharded_mongodb_wants_it(service: str) -> None:
    declared = spread(SERVICES[service].SHARDING)
    for each in (await ASKED[service]()).asked:
        if (sharded := declared.get(each.collection)) is None:
            continue
        if each.how == "insert":
            assert sharded.by in each.query, each
        elif each.how in SINGLE:
            assert says(each.query, sharded.by) or says(each.query, "_id"), each
        elif each.how == "find_one_and_update":
            assert says(each.query, sharded.by), each


@pytest.mark.usefixtures("no_server")
async def test_every_collection_is_spread_or_said_to_stay_whole(service: str) -> None:
    recording = await ASKED[service]()
    there = {each.collection for each in recording.asked} | set((await indexes_of(service)).indexes)
    declared = {name for each in SERVICES[service].SHARDING for name in collections_of(each)}
    assert there <= declared


# Nothing is left out -------------------------------------------------------------------------------------------------

OPERATIONS = {
    *(
        "find_one",
        "find_one_and_update",
        "find_one_and_delete",
        "update_one",
        "update_many",
        "replace_one",
        "delete_one",
        "delete_many",
    ),
    *("aggregate", "count_documents", "bulk_write", "insert_one", "insert_many"),
}
STORES = (
    *("services/workflow/workflow/cases/**/*.py", "shared/linli/messaging/event_store.py"),
    "shared/linli/storage/aggregates.py",
    *("services/notify/notify/deliveries/**/*.py", "services/notify/notify/timeline/**/*.py"),
    *("shared/linli/messaging/outbox.py", "shared/linli/photos/*.py", "shared/linli/security/audit.py"),
    "shared/linli/web/*.py",
    "services/portal/portal/signin/**/*store.py",
)
"""Where collections are asked that are spread."""
ASKED_OF_WHAT_STAYS_WHOLE = {
    *("SecretStore.changed", "SecretStore.rotate", "AddressStore.names", "DeliveryStore.webhook_key"),
    *("TopologyStore.append", "TopologyStore.last", "TopologyStore.oldest", "TopologyStore.samples"),
    *("TopologyStore.finding", "TopologyStore.follow", "TopologyStore.say"),
}
MIGRATING = {"create_subjects_index"}


def functions(file: Path) -> Iterator[str]:
    """Those of a file that ask a database for something, with their classes."""

    def within(node: ast.AST, name: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                inner = name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else f"{name}.{child.name}"
                yield from within(child, inner)
            else:
                if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                    database = ast.unparse(child.func.value)
                    if child.func.attr in OPERATIONS or (child.func.attr == "find" and "_d" in database):
                        yield name.lstrip(".")
                yield from within(child, name)

    yield from within(ast.parse(file.read_text()), "")


@pytest.mark.usefixtures("no_server")
async def test_no_query_of_a_store_is_left_unrun_here() -> None:
    run = {each for service in ASKED.values() for each in (await service()).files}
    files = [file for store in STORES for file in ROOT.glob(store)]
    asking = {(str(file), name) for file in files for name in functions(file)}
    assert len(asking) > 50
    left = {name for file, name in asking - run} - ASKED_OF_WHAT_STAYS_WHOLE - MIGRATING
    assert not left, f"call them above: {sorted(left)}"
