"""What a restored deployment publishes once more, of what a version before has kept."""

from collections.abc import Awaitable, Callable

from linli.application.settings import Settings
from linli.storage import mongo
from linli_cli.operations.databases import Databases
from linli_cli.operations.migrations import migrations_of
from linli_cli.operations.resending import resend_unread
from tests.e2e.operations.test_upgrade import BEFORE, OUTBOXES, UNSENT
from tests.support.make_state import PREFIX
from tests.support.state_kept import Kept
from tests.support.system import SERVICES


async def test_what_was_sent_and_not_read_is_sent_again_and_what_is_applied_or_held_is_not(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    databases = {service: client[settings.database(service)] for service in SERVICES}
    kept = Kept(BEFORE.read_text(), {PREFIX: settings.topic_prefix})
    await kept.put_documents_back(databases)
    for service in SERVICES:
        await mongo.migrate(databases[service], migrations_of(service))
    for name in ("inbox_streams", "inbox_held"):  # of cases, neighbourhood has heard as much as notify
        if heard := await databases["notify"][name].find({}).to_list(None):
            await databases["neighbourhood"][name].insert_many(heard)

    async def unsent() -> set[tuple[str, str, str]]:
        return {
            (service, doc["outgoing"]["key"], doc["outgoing"]["headers"]["ce_sequence"])
            for service, name in OUTBOXES
            async for doc in databases[service][name].find(UNSENT)
        }

    before = await unsent()
    assert await resend_unread(Databases(client, settings)) == 3
    ids = {doc["title"]: doc["_id"] for doc in kept.documents("intake", "submissions")}
    assert await unsent() - before == {
        ("intake", ids["又停水了"], "1"),
        ("intake", ids["水管漏水"], "1"),  # what follows it is held
        ("workflow", ids["停水了"], "4"),
    }
    client.close()
