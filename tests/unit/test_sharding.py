"""Every unique index and every query of a store goes by the key that its collection would be spread by, or says why.

The stores are run on a recording (`tests/support/recording.py`), the migrations too: what is declared in a context's
`sharding.py` is held to what they do. Whoever adds a query adds a call of it in `tests/support/asked`, and where it
does not say the key, the reason why every shard may be asked, beside the others.
"""

import ast
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import intake.main
import neighbourhood.main
import notify.main
import portal.main
import workflow.main
from linli.application.assembly import collections_of
from linli.storage import mongo
from linli.storage.sharding import Sharded, Sharding
from tests.support.asked.intake import asked_by_intake
from tests.support.asked.neighbourhood import asked_by_neighbourhood
from tests.support.asked.notify import asked_by_notify
from tests.support.asked.portal import asked_by_the_portal
from tests.support.asked.workflow import asked_by_workflow
from tests.support.recording import SINGLE, Recording, says

SERVICES: Mapping[str, Any] = {
    **{"intake": intake.main, "workflow": workflow.main, "notify": notify.main},
    **{"neighbourhood": neighbourhood.main, "portal": portal.main},
}
ROOT = Path(__file__).parents[2]


ASKED: Mapping[str, Callable[[], Awaitable[Recording]]] = {
    "intake": asked_by_intake,
    "workflow": asked_by_workflow,
    "notify": asked_by_notify,
    "neighbourhood": asked_by_neighbourhood,
    "portal": asked_by_the_portal,
}


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def transact(_: Any, work: Any, *__: Any, **___: Any) -> Any:
        return await work(None)

    async def nothing(*_: Any) -> None:
        pass

    monkeypatch.setattr(mongo, "transact", transact)
    monkeypatch.setattr(mongo, "end_predecessors", nothing)
    monkeypatch.setattr(mongo, "bucket", lambda *_: None)


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def spread(declared: tuple[Sharding, ...]) -> dict[str, Sharded]:
    return {each.collection: each for each in declared if isinstance(each, Sharded)}


async def indexes_of(service: str) -> Recording:
    recording = Recording()
    database: Any = recording
    for migration in SERVICES[service].MIGRATIONS:
        await migration(database)
    if "photos.files" in recording.indexes:  # the driver makes this one, with the first file
        await recording["photos.chunks"].create_index([("files_id", 1), ("n", 1)], name="files_id_1_n_1", unique=True)
    return recording


@pytest.mark.usefixtures("no_server")
async def test_a_unique_index_begins_with_the_key_or_is_named_with_what_keeps_its_values_apart(service: str) -> None:
    indexes, declared = (await indexes_of(service)).indexes, spread(SERVICES[service].SHARDING)
    for collection, sharded in declared.items():
        unique = {name: index for name, index in indexes.get(collection, {}).items() if index.unique}
        apart = {name: list(index.fields) for name, index in unique.items() if index.fields[0] != sharded.by}
        assert apart == {each.name: list(each.fields) for each in sharded.not_unique}, collection


@pytest.mark.usefixtures("no_server")
async def test_what_a_store_asks_says_the_key_or_is_named_with_why_every_shard_may_be_asked(service: str) -> None:
    asked, declared = (await ASKED[service]()).asked, spread(SERVICES[service].SHARDING)
    for collection, sharded in declared.items():
        without = {
            each.asker
            for each in asked
            if each.collection == collection and each.how != "insert" and not says(each.query, sharded.by)
        }
        assert without == set(sharded.everywhere), f"{collection}, which would be spread by {sharded.by}"


@pytest.mark.usefixtures("no_server")
async def test_what_writes_one_document_says_which_as_a_sharded_mongodb_wants_it(service: str) -> None:
    declared = spread(SERVICES[service].SHARDING)
    for each in (await ASKED[service]()).asked:
        if (sharded := declared.get(each.collection)) is None:
            continue
        if each.how == "insert":
            assert sharded.by in each.query, each
        elif each.how in SINGLE:
            assert says(each.query, sharded.by) or says(each.query, "_id"), each
        elif each.how == "find_one_and_update":
            assert says(each.query, sharded.by), each


@pytest.mark.usefixtures("no_server")
async def test_every_collection_is_spread_or_said_to_stay_whole(service: str) -> None:
    recording = await ASKED[service]()
    there = {each.collection for each in recording.asked} | set((await indexes_of(service)).indexes)
    declared = {name for each in SERVICES[service].SHARDING for name in collections_of(each)}
    assert there <= declared


# Nothing is left out -------------------------------------------------------------------------------------------------

OPERATIONS = {
    *(
        "find_one",
        "find_one_and_update",
        "find_one_and_delete",
        "update_one",
        "update_many",
        "replace_one",
        "delete_one",
        "delete_many",
    ),
    *("aggregate", "count_documents", "bulk_write", "insert_one", "insert_many"),
}
STORES = (
    *("services/workflow/workflow/cases/**/*.py", "shared/linli/messaging/event_store.py"),
    "shared/linli/storage/aggregates.py",
    *("services/notify/notify/deliveries/**/*.py", "services/notify/notify/timeline/**/*.py"),
    *("shared/linli/messaging/outbox.py", "shared/linli/photos/*.py", "shared/linli/security/audit.py"),
    "shared/linli/web/*.py",
    "services/portal/portal/signin/**/*store.py",
)
"""Where collections are asked that are spread."""
ASKED_OF_WHAT_STAYS_WHOLE = {
    *("SecretStore.changed", "SecretStore.rotate", "AddressStore.names", "DeliveryStore.webhook_key"),
    *("TopologyStore.append", "TopologyStore.last", "TopologyStore.oldest", "TopologyStore.samples"),
    *("TopologyStore.finding", "TopologyStore.follow", "TopologyStore.say"),
}
MIGRATING = {"create_subjects_index"}


def functions(file: Path) -> Iterator[str]:
    """Those of a file that ask a database for something, with their classes."""

    def within(node: ast.AST, name: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                inner = name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else f"{name}.{child.name}"
                yield from within(child, inner)
            else:
                if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                    database = ast.unparse(child.func.value)
                    if child.func.attr in OPERATIONS or (child.func.attr == "find" and "_d" in database):
                        yield name.lstrip(".")
                yield from within(child, name)

    yield from within(ast.parse(file.read_text()), "")


@pytest.mark.usefixtures("no_server")
async def test_no_query_of_a_store_is_left_unrun_here() -> None:
    run = {each for service in ASKED.values() for each in (await service()).files}
    files = [file for store in STORES for file in ROOT.glob(store)]
    asking = {(str(file), name) for file in files for name in functions(file)}
    assert len(asking) > 50
    left = {name for file, name in asking - run} - ASKED_OF_WHAT_STAYS_WHOLE - MIGRATING
    assert not left, f"call them in tests/support/asked: {sorted(left)}"
