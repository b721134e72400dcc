"""A context that is nowhere but here: what it takes to add one to workflow."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from linli.application.context import Context, Module, Reaction
from linli.application.kit import Kit
from linli.contracts.base import Event, Record, Slug
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import SubmissionWithdrawn
from linli.contracts.topics import Topic
from linli.messaging.inbox import unprepared
from linli.security.auth import needs
from linli.security.permissions import OPERATOR, Permission
from linli.storage import mongo
from linli.text.fields import Line
from linli.web.app import router
from linli.web.given import given
from workflow.settings import WorkflowSettings

LEND = Permission("toys:lend", OPERATOR)


class ToyLent(Event):
    TYPE: ClassVar[str] = "linli.toy.lent.v1"
    SOURCE, TOPIC = "linli/workflow", Topic(name="toys", key="toy")
    toy: str

    @property
    def story(self) -> str:
        return self.toy


class Lent(Record):
    of: Slug
    to: Annotated[str, Line(80, 1)]


class Toys:
    def __init__(self, kit: Kit[WorkflowSettings]) -> None:
        self.kit, self.kept = kit, kit.database.toys

    async def lend(self, id: str, lent: Lent) -> None:
        async def work(session: mongo.Session) -> Any:
            now = self.kit.clock.now()
            await self.kept.insert_one({"_id": id, **lent.model_dump()}, session=session)
            event = Envelope("linli/workflow", id, 1, now, id, ToyLent(toy=id))
            return None, await self.kit.events.append([event], now, session)

        await self.kit.transactions.run(work)

    async def give_back(self, events: Any, session: mongo.Session) -> list[Any]:
        await self.kept.delete_many({"of": {"$in": [event.subject for event in events]}}, session=session)
        return []

    async def forget(self, subjects: Mapping[str, Any], session: mongo.Session) -> list[Any]:
        await self.kept.update_many({"of": {"$in": list(subjects)}}, {"$unset": {"to": ""}}, session=session)
        return []


routes = router(prefix="/v1/toys")


@routes.post("/{id}:lend", dependencies=[needs(LEND)], status_code=201)
async def lend(id: str, lent: Lent, toys: Annotated[Toys, given(Toys)]) -> None:
    await toys.lend(id, lent)


async def toys_001_whose(database: mongo.Database) -> None:
    await database.toys.create_index("of", name="of")


def module(kit: Kit[WorkflowSettings]) -> Module:
    toys = Toys(kit)
    reactions = [Reaction([SubmissionWithdrawn], unprepared(toys.give_back))]
    return Module(routes=[routes], provides=[toys], reactions=reactions, erases=[toys.forget])


TOYS = Context("toys", module, [toys_001_whose], reads=[SubmissionWithdrawn])
