"""What notify's stores ask."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from linli.contracts.base import Scope
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.contracts.intake.subscription import Hears, SubscriptionAsked
from linli.contracts.notify.notice import NoticeSent
from linli.contracts.workflow import case as told
from linli.contracts.workflow.partner import PartnerChanged, Standing, Way
from linli.contracts.workflow.timeline import PublicStep
from linli.messaging.outbox import Unsent, outgoing
from linli.messaging.transactions import Transactions
from notify.deliveries.address_store import AddressStore
from notify.deliveries.bulletins import ReaderStore
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
from tests.support import cases
from tests.support.asked.every_service import NO, all_of, events_of, of_an_inbox, of_every_service, what_is_kept
from tests.support.builders import NOON
from tests.support.recording import Recording

STEP = PublicStep(at=NOON, type="linli.case.accepted.v1", state=told.CaseState.ACCEPTED)


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


async def of_readers(db: Any) -> None:
    nearby = {"community": "test", "neighbourhood": "east"}
    readers, reader = ReaderStore(db), SubscriptionAsked(subscription_id="n1", **nearby, hears=Hears.ENDS)
    await readers.keep(reader, NO)
    await readers.thin(reader, NO)
    await readers.of("test", "east", [Hears.ENDS], NO)
    await readers.drop("n1", NO)


async def asked_by_notify() -> Recording:
    event = cases.said(told.CaseNoted, "c1", 1, message="甲")
    notice = Notice(NoticeKind.NODE_TRIAGED, "party:estate", Channel.EMAIL, None)
    one = replace(delivery(event, notice, NOON), together=True)
    recording = Recording({"deliveries": [_document(one)]})
    db: Any = recording

    async def over(ids: Any) -> Any:
        return ids

    await of_readers(db)
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
