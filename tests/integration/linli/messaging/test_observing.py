"""Looking at topics and groups from outside, again and again."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from linli.messaging.kafka import (
    GroupState,
    Observer,
    Outgoing,
    Place,
    Publisher,
    TopicSpec,
    apply_topics,
    delete_topics,
)
from tests.support.servers import Servers
from tests.support.services import until


@pytest.fixture
async def observer(stack: Servers) -> AsyncIterator[Observer]:
    looking = Observer(stack.kafka)
    yield looking
    await looking.close()


@pytest.fixture
async def ours(stack: Servers) -> AsyncIterator[str]:
    prefix = f"o{uuid4().hex[:8]}"
    names = [f"{prefix}.cases", f"{prefix}.notices"]
    others = [f"others-{prefix}-{number}" for number in range(20)]
    await apply_topics(stack.kafka, [TopicSpec(name, 2, {"retention.ms": "86400000"}) for name in names])
    await apply_topics(stack.kafka, [TopicSpec(name, 1, {}) for name in others])
    yield prefix
    await delete_topics(stack.kafka, [*names, *others])


async def test_a_look_tells_where_topics_end_and_who_reads_them(observer: Observer, ours: str, stack: Servers) -> None:
    names = [f"{ours}.cases", f"{ours}.notices", f"{ours}.none"]
    before = await observer.look(names, [f"{ours}.notify"])
    assert set(before.survey.topics) == set(names[:2])

    async def told_of() -> bool:
        """A broker that has just begun has no coordinator yet; the topics are known all the same."""
        found = (await observer.look(names, [f"{ours}.notify"])).groups
        return found.get(f"{ours}.notify") == GroupState("Dead", ())

    await until(told_of)
    publisher = Publisher(stack.kafka, "test")
    try:
        assert all(await publisher.publish([Outgoing(names[0], str(n), b"{}", {}) for n in range(5)]))
    finally:
        await publisher.close()
    after = await observer.look(names, [])
    places = [Place(names[0], number) for number in range(2)]
    assert sum(after.ends[place] - before.ends[place] for place in places) == 5
    assert all(after.begins[place] == 0 for place in places)


async def test_settings_are_told_of_all_topics_at_once(observer: Observer, ours: str) -> None:
    found = await observer.settings([f"{ours}.cases", f"{ours}.notices"])
    assert found == {name: {"retention.ms": "86400000"} for name in (f"{ours}.cases", f"{ours}.notices")}


async def test_what_is_named_like_ours_is_found(observer: Observer, ours: str) -> None:
    topics, _ = await observer.named_like(f"{ours}.")
    assert topics == [f"{ours}.cases", f"{ours}.notices"]


async def test_others_topics_are_not_looked_after(observer: Observer, ours: str) -> None:
    names = [f"{ours}.cases", f"{ours}.notices"]
    await observer.look(names, [])
    admin = observer._admin
    assert admin is not None
    await admin._client.force_metadata_update()
    assert set(admin._client.cluster.topics()) <= set(names)
