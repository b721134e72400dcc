"""How the contexts of a service share what its inbox reads."""

from collections.abc import Sequence
from typing import Any

import pytest

from linli.application.assembly import _built, erased_by, lanes_of, prepared_by, with_those_of
from linli.application.context import Context, Module, Reaction
from linli.application.kit import Kit
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import OfSubmission, SubmissionWithdrawn, Submitted
from linli.contracts.workflow.case import CaseEvent
from linli.messaging.inbox import LANES, Handler, Unappliable
from linli.storage import mongo
from tests.support.builders import submitted, withdrawn

SESSION: Any = None
"""No reaction here looks at it."""


class _Kit:
    """As much of a kit as building a context asks for."""

    service = "workflow"

    def topic(self, name: str) -> str:
        return f"linli.{name}"

    def provide(self, *_: object) -> None: ...


@pytest.fixture
def kit() -> Kit[Any]:
    found: Any = _Kit()
    return found


class Heard:
    """A reaction that notes what it is told of."""

    def __init__(self, *types: type[Event]) -> None:
        self.announced: list[str] = []
        self.applied: list[str] = []
        self.reaction = Reaction(types, self._prepare)

    async def _prepare(self, events: Sequence[Envelope[Event]]) -> Handler:
        self.announced += [event.id for event in events]

        async def apply(due: Sequence[Envelope[Event]], _: mongo.Session) -> list[Any]:
            self.applied += [event.id for event in due]
            return [event.id for event in due]

        return apply


async def test_each_context_hears_of_the_events_that_it_reacts_to_in_order() -> None:
    one, both = Heard(SubmissionWithdrawn), Heard(Submitted, SubmissionWithdrawn)
    events = [submitted("a"), withdrawn("a"), submitted("b")]
    handle = await prepared_by([one.reaction, both.reaction])(events)
    written = await handle(events, SESSION)
    assert one.announced == one.applied == ["a:2"]
    assert both.announced == both.applied == ["a:1", "a:2", "b:1"]
    assert list(written) == ["a:2", "a:1", "a:2", "b:1"], "what each wrote is sent"


async def test_an_event_of_a_topic_that_nobody_reads_cannot_be_applied_and_nothing_of_its_batch_is() -> None:
    heard = Heard(CaseEvent)
    events = [submitted("a"), withdrawn("a")]
    handle = await prepared_by([heard.reaction])(events)
    with pytest.raises(Unappliable) as refused:
        await handle(events, SESSION)
    assert (refused.value.event.id, refused.value.reason) == ("a:1", "unexpected_type")
    assert heard.applied == []


async def test_what_else_is_on_a_topic_passes_by_who_reads_some_of_it() -> None:
    heard = Heard(SubmissionWithdrawn)
    events = [submitted("a"), withdrawn("a"), submitted("b")]
    await (await prepared_by([heard.reaction])(events))(events, SESSION)
    assert heard.applied == ["a:2"]


async def test_every_context_forgets() -> None:
    forgotten: list[str] = []

    def eraser(name: str) -> Any:
        async def forget(subjects: Any, _: mongo.Session) -> list[Any]:
            forgotten.append(f"{name} {', '.join(subjects)}")
            return [name]

        return forget

    assert list(await erased_by([eraser("one"), eraser("two")])({"s1": Any}, SESSION)) == ["one", "two"]
    assert forgotten == ["one s1", "two s1"]


def test_one_context_that_counts_from_batch_to_batch_lets_a_service_have_one_at_a_time() -> None:
    assert (lanes_of([Module(), Module()]), LANES) == (2, 2)
    assert lanes_of([Module(), Module(one_batch_at_a_time=True)]) == 1


def test_two_migrations_of_one_name_let_no_service_start() -> None:
    async def m001(_: mongo.Database) -> None: ...

    context: Context[Any] = Context("toys", lambda _: Module(), [m001])
    assert with_those_of([], [context]) == (m001,)
    with pytest.raises(ValueError, match="two migrations"):
        with_those_of([m001], [context])


@pytest.mark.parametrize("reads", [[], [CaseEvent, OfSubmission], [CaseEvent]])
def test_a_context_that_reads_otherwise_than_it_declares_lets_no_service_start(
    reads: Sequence[type[Event]], kit: Kit[Any]
) -> None:
    """Kafka lets a service read what its contexts declare."""
    context: Context[Any] = Context("toys", lambda _: Module(reactions=[Heard(Submitted).reaction]), reads=reads)
    with pytest.raises(ValueError, match=r"it reads \['linli.intake'\], and declares that it reads"):
        _built(context, kit)


def test_a_context_that_reads_as_it_declares_is_built(kit: Kit[Any]) -> None:
    module = Module(reactions=[Heard(Submitted).reaction])
    context: Context[Any] = Context("toys", lambda _: module, reads=[OfSubmission])
    assert _built(context, kit) is module
