"""What intake's stores ask."""

from typing import Any

from intake.bulletins.domain import NewSubscription, asked
from intake.bulletins.store import SubscriptionStore
from intake.photos.store import PhotoStore
from intake.residents.store import ResidentStore
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import Repetition, accepted, submitted, withdrawn
from intake.submissions.store import Entry, IntakeStore
from linli.contracts.intake.subscription import Hears
from linli.messaging import outbox
from linli.messaging.outbox import Unsent, outgoing
from tests.support.asked.every_service import NO, events_of, of_every_service
from tests.support.builders import NOON
from tests.support.recording import Recording

NEARBY = {"community": "test", "neighbourhood": "east"}


async def of_bulletins(db: Any, events: Any) -> None:
    subscriptions = SubscriptionStore(db, events)
    new = NewSubscription(**NEARBY, email="a@linli.example", consents=True)
    made, told_of = asked(new, "n1", "0A1B2C3D4E5F", NOON)
    await subscriptions.add(made, told_of, NO)
    await subscriptions.save(made, told_of, NOON, NO)
    await subscriptions.remove(made, told_of, NOON, NO)
    await subscriptions.by_code("0A1B2C3D4E5F", NO)
    await subscriptions.known("a@linli.example", NO)
    await subscriptions.contacts(["n1"])
    await subscriptions.thin("s1", Hears.ENDS, NOON, NO)


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
    await of_bulletins(db, events)
    residents = ResidentStore(NO, db, events, PhotoStore(db))
    await residents.next_sequence("s1", NO)
    await residents.save(submission, submission, event, NO)
    await PhotoStore(db).forget("s1", NO)
    await of_every_service(db, ("submissions", "events"), Unsent("s1:2", "events", message))
    return recording
