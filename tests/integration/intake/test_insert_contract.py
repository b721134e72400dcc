"""What group_commit expects of an insert holds for MongoDB and for the shelf that stands in for it alike."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest
from uuid_utils import uuid7

from intake.main import migrate
from intake.settings import IntakeSettings
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import Repetition, accepted, submitted
from intake.submissions.store import Clash, Entry, IntakeStore
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import outgoing
from linli.privacy.tracking import BITS, made_of
from linli.storage import mongo
from linli.storage.group_commit import Failures
from tests.support.shelf import Shelf

Insert = Callable[[Sequence[str]], Awaitable[Failures]]
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["shelf", "mongodb"])
async def insert(
    request: pytest.FixtureRequest, settings_for: Callable[..., Awaitable[IntakeSettings]]
) -> AsyncIterator[Insert]:
    if request.param == "shelf":
        yield Shelf().insert
        return
    settings = await settings_for(IntakeSettings)
    await migrate(settings)
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    store = IntakeStore(database, EventStore(database, settings.topic))

    async def by_name(items: Sequence[str]) -> Failures:
        return await store.insert([entry(item) for item in items])

    yield by_name
    client.close()


def entry(item: str) -> Entry:
    """A submission whose key is the item's name: a name is taken once."""
    submission = accepted(
        NewSubmission.model_validate({"kind": "report", "title": item}),
        community="test",
        id=str(uuid7()),
        tracking_code=made_of(secrets.randbits(BITS)),
        now=NOW,
        pseudonyms=b"key",
        repetition=Repetition(item.partition("=")[0], item),
    )
    return Entry(submission, outgoing(submitted(submission, None), "topic"))


async def test_all_that_is_new_is_inserted(insert: Insert) -> None:
    assert await insert(["a", "b", "c"]) == {}


async def test_what_clashes_is_left_out_by_its_place_and_the_rest_is_inserted(insert: Insert) -> None:
    await insert(["a=1"])
    failures = await insert(["b=1", "a=2", "c=1", "b=2"])
    assert {place: type(failure) for place, failure in failures.items()} == {1: Clash, 3: Clash}
    assert set(await insert(["a", "b", "c"])) == {0, 1, 2}
