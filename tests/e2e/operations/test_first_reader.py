"""A service that reads a topic for the first time, of which Kafka has let the first events of old stories go."""

from pathlib import Path

from linli.contracts.envelope import StreamKey
from linli.messaging.kafka import Place, delete_records, look_at
from tests.support.databases import databases_of
from tests.support.residents import Deployment
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on
from tests.support.topics import events_on


async def sent(system: System, case: str, version: int) -> None:
    """Wait until that many of a case's events are on the topic."""

    async def there() -> bool:
        events = await events_on(system.servers.kafka, f"{system.prefix}.cases")
        return max((each.sequence for each in events if each.subject == case), default=0) >= version

    await until(there)


async def test_what_is_held_for_a_beginning_that_kafka_has_let_go_is_applied_once_that_is_sent_again(
    stack: Servers, tmp_path: Path
) -> None:
    async with system_on(stack, tmp_path) as system:
        await system.load()
        system.kill("neighbourhood")
        old = (await system.submit(kind="demand", title="加装电梯", neighbourhood="east")).json()["id"]

        async def routed() -> bool:
            case = await system.case(old)
            return bool(case and case["state"] != "open")

        await until(routed)
        await sent(system, old, 2)
        topic = f"{system.prefix}.cases"
        ends = (await look_at(system.servers.kafka, [topic])).topics[topic].ends
        await delete_records(system.servers.kafka, {Place(topic, at): end for at, end in enumerate(ends)})
        await system.act(old, "accept")
        await sent(system, old, 3)

        async with databases_of(system) as database:
            reader = database("neighbourhood")
            await reader.inbox_offsets.delete_many({})  # its group is new
            system.launch("neighbourhood")
            await system.ready("neighbourhood")

            async def held() -> bool:
                return [doc["subject"] async for doc in reader.inbox_held.find({}, {"subject": 1})] == [old]

            await until(held)
            new = (await system.submit(kind="demand", title="修路", neighbourhood="east")).json()["id"]
            await sent(system, new, 2)
            home = tmp_path / "home"
            home.mkdir()
            (home / "secrets").symlink_to(stack.secrets_dir)
            deployment = Deployment(system, home, tmp_path)
            code, _, told = await deployment.linli("outbox", "resend", "--since", "1d", "--service", "workflow")
            assert code == 0, told

            async def applied() -> bool:
                # Intake tells of the same subject in a stream of its own, which may stand before workflow's.
                streams = {doc["_id"]: doc["next"] async for doc in reader.inbox_streams.find()}
                read = {id: streams.get(StreamKey("linli/workflow", id).id, 0) for id in (old, new)}
                waiting = await reader.inbox_held.count_documents({})
                return waiting == 0 and read[old] >= 4 and read[new] >= 3

            await until(applied)
            assert await reader.inbox_parked.count_documents({}) == 0
