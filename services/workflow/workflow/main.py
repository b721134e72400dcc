"""Assembles workflow from its contexts."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from linli.application import assembly
from linli.application.context import Context, Module
from linli.application.kit import Kit
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.messaging import inbox_sharding
from linli.storage import mongo
from workflow import event_sharding
from workflow.api_keys import module as api_keys
from workflow.api_keys import sharding as api_keys_sharding
from workflow.cases import module as cases
from workflow.cases import sharding as cases_sharding
from workflow.cases.store import CaseStore
from workflow.changes import module as changes
from workflow.community import module as community
from workflow.community import sharding as community_sharding
from workflow.mediation import migrations as mediation_migrations
from workflow.mediation import module as mediation
from workflow.mediation import sharding as mediation_sharding
from workflow.migrations import HISTORY
from workflow.outages import migrations as outages_migrations
from workflow.outages import module as outages
from workflow.outages import sharding as outages_sharding
from workflow.partners import migrations as partners_migrations
from workflow.partners import module as partners
from workflow.partners import sharding as partners_sharding
from workflow.renewal import module as renewal
from workflow.requests import migrations as requests_migrations
from workflow.requests import module as requests
from workflow.requests import sharding as requests_sharding
from workflow.settings import WorkflowSettings

DESCRIPTION = """Routes each submission to the party responsible and keeps its story.

What comes in: `linli.intake`, `linli.neighbourhood`. What goes out: `linli.cases`, `linli.orders`, `linli.receipts`,
`linli.partners`, `linli.outages`, `linli.mediations`, `linli.community`, `linli.principals`."""


def _community(kit: Kit[WorkflowSettings]) -> Module:
    async def open_with(id: str, parties: Collection[str], session: mongo.Session) -> Mapping[str, int]:
        return await kit.given(CaseStore).open_with(id, parties, session)

    return community.module(kit, open_with)


CONTEXTS: tuple[Context[WorkflowSettings], ...] = (
    Context("community", _community, sharding=community_sharding.SHARDING),
    Context("cases", cases.module, sharding=cases_sharding.SHARDING, reads=cases.READS),
    Context("api_keys", api_keys.module, sharding=api_keys_sharding.SHARDING),
    Context("partners", partners.module, partners_migrations.MIGRATIONS, partners_sharding.SHARDING),
    Context("outages", outages.module, outages_migrations.MIGRATIONS, outages_sharding.SHARDING),
    Context("mediation", mediation.module, mediation_migrations.MIGRATIONS, mediation_sharding.SHARDING),
    Context("requests", requests.module, requests_migrations.MIGRATIONS, requests_sharding.SHARDING),
    Context("renewal", renewal.module, reads=renewal.READS),
    Context("changes", changes.module),
)
MIGRATIONS = assembly.with_those_of(HISTORY, CONTEXTS)
SHARDING = assembly.sharding_of(CONTEXTS, *event_sharding.SHARDING, *inbox_sharding.SHARDING)


def build(settings: WorkflowSettings, contexts: Sequence[Context[WorkflowSettings]] = CONTEXTS) -> Service:
    """The service, wired; nothing connects before it runs."""
    kit = Kit("workflow", settings, settings.workflow_port, outboxes=["events"])
    return assembly.assemble(kit, contexts, description=DESCRIPTION)


async def migrate(settings: WorkflowSettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    return await assembly.migrate(settings, "workflow", MIGRATIONS)


def main() -> None:
    """`python -m workflow [migrate]`."""
    settings = WorkflowSettings()
    run_service("workflow", settings.log_level, partial(build, settings), partial(migrate, settings))
