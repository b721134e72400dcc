"""What neighbourhood's stores ask."""

import contextlib
from types import SimpleNamespace
from typing import Any

from linli.contracts.envelope import Envelope
from linli.contracts.intake.subscription import Hears
from linli.contracts.neighbourhood.ballots import Choice, Spoilt
from linli.contracts.neighbourhood.responses import ResponseInvited
from linli.contracts.neighbourhood.votes import VoteClosed
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent, outgoing
from linli.photos.files import PhotoFiles
from linli.web.problems import Problem
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.office import Place as AffairsPlace
from neighbourhood.affairs.register_key import hold_to
from neighbourhood.affairs.stories import Happened, Stories
from neighbourhood.affairs.texts import Texts
from neighbourhood.lineage.domain.links import Kind, Relation, Thing
from neighbourhood.lineage.domain.links import Link as LineageLink
from neighbourhood.lineage.store import Links
from neighbourhood.publicity.office import NOTICES
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.needs_aside import Aside
from neighbourhood.rounds.office import ROUNDS
from neighbourhood.rounds.photos import HouseholdPhotos
from neighbourhood.rounds.responses import CodeOf as CodeOfHousehold
from neighbourhood.rounds.responses import Responses
from neighbourhood.votes.box import Aside as SaidAside
from neighbourhood.votes.box import Box
from neighbourhood.votes.codes import CodeOf, Codes
from neighbourhood.votes.domain.ballot import Ballot
from neighbourhood.votes.domain.register_rows import Row
from neighbourhood.votes.people import People
from neighbourhood.works.photos import SitePhotos
from neighbourhood.works.representatives import Representatives
from tests.support.asked.every_service import NO, all_of, events_of, of_an_inbox, of_every_service
from tests.support.builders import NOON
from tests.support.owners import demo_register
from tests.support.recording import Recording


async def of_affairs(db: Any) -> None:
    await hold_to(db, "a key")
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
    await codes.keep({"A" * 16: CodeOf("v-1", "o1", 1)}, NO)
    await codes.whose(["A" * 16])
    await box.owners(vote, ["o1"])
    await box.take([], [Ballot("b-1", "v-1", "o1", {"a": Choice.APPROVE}, "0f")], {"v-1": {"a": 1}}, NOON, NO)
    await box.begin(vote, NO)
    await box.stand_still("v-1", NO)
    await box.sums("v-1")
    await box.ballots_of("v-1")
    await box.voted("v-1")
    await box.voted("v-1", ["o1"])
    await box.seals("v-1", 200)
    await box.aside("b-1", NO)
    await box.say_aside("b-1", SaidAside("key:a", Spoilt.UNSIGNED), NO)
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
    sent = HouseholdPhotos(db, PhotoFiles(db))
    await sent.room_for(asked.id, 1)
    await sent.picture(asked.id, "0" * 64)
    await sent.sent({asked.id: ["0" * 64]}, NO)
    await sent.name(asked.id, ["0" * 64], NO)
    await sent.let_wait(asked.id, NOON, NO)
    await sent.forget(asked.id, NO)
    kept = sent.kept()
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))
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
    await Links(db, events).thin("c1", Hears.ENDS, NO)
    await Links(db, events).level("c1", NO)
    links, need, item = Links(db, events), Thing(Kind.DEMAND, "c1"), Thing(Kind.ITEM, "p-1~1")
    await links.write([LineageLink(Relation.CITED, need, item, "cited", NOON, "p-1", 1)], NOON, NO)
    await links.demands_of([item])
    await links.around("c1", NO)
    await links.told.one("c1")


async def of_works(db: Any) -> None:
    photos, people, place = SitePhotos(db, PhotoFiles(db)), Representatives(db), AffairsPlace("test", "east")
    await photos.room_for(place, "k-1", 1)
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
