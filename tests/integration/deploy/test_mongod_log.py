"""mongod writes what was asked for into its log when it took long, names and numbers too; here it does not."""

from pathlib import Path
from uuid import uuid4

import yaml

from linli.application.settings import Settings
from linli.storage import mongo
from tests.support.servers import Servers

COMPOSE = Path(__file__).parents[3] / "docker-compose.yml"


async def asked(stack: Servers) -> bool:
    """Whether what a document and a filter hold is in mongod's log afterwards."""
    number, settings = (
        uuid4().hex,
        Settings(
            mongo_uri=stack.mongo_uri,
            mongo_username=stack.mongo_username,
            mongo_password_file=stack.mongo_password_file,
        ),
    )
    client = mongo.connect(settings)
    try:
        people = client[f"t{number[:10]}"].people
        await people.insert_one({"phone": number})
        assert await people.find_one({"phone": number})
        await people.update_one({"phone": number}, {"$set": {"name": number}})
        await people.delete_one({"phone": number})
    finally:
        client.close()
    return any(number in log.read_text(errors="replace") for log in stack.logs)


async def test_no_operation_is_in_the_log_however_slow_until_somebody_wants_it_there(stack: Servers) -> None:
    stack.log_operations(slowms=-1)
    assert not await asked(stack)
    stack.log_operations(sampleRate=1.0)
    try:
        assert await asked(stack)
    finally:
        stack.log_operations(sampleRate=0.0)
    assert not await asked(stack)


def test_the_compose_deployment_starts_mongod_so_too() -> None:
    assert "--slowOpSampleRate=0" in yaml.safe_load(COMPOSE.read_text())["services"]["mongo"]["command"]
