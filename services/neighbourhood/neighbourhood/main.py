"""Assembles neighbourhood from its contexts."""

from functools import partial

from linli.application import assembly
from linli.application.context import Context, Module
from linli.application.kit import Kit
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.messaging import inbox_sharding
from linli.messaging.event_store import EVENTS
from linli.security import known_keys
from linli.storage import mongo
from neighbourhood import event_sharding, play_time
from neighbourhood.affairs import module as affairs
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.register_key import KEY, hold_to
from neighbourhood.communities import module as communities
from neighbourhood.communities import sharding as communities_sharding
from neighbourhood.covenants import migrations as covenants_migrations
from neighbourhood.covenants import module as covenants
from neighbourhood.covenants import sharding as covenants_sharding
from neighbourhood.deliberations import migrations as deliberations_migrations
from neighbourhood.deliberations import module as deliberations
from neighbourhood.deliberations import sharding as deliberations_sharding
from neighbourhood.households_listed import unknown_to
from neighbourhood.lineage import module as lineage
from neighbourhood.migrations import HISTORY
from neighbourhood.plans import migrations as plans_migrations
from neighbourhood.plans import module as plans
from neighbourhood.plans import sharding as plans_sharding
from neighbourhood.plans.office import Plans
from neighbourhood.promises import assigned_by
from neighbourhood.publicity import migrations as publicity_migrations
from neighbourhood.publicity import module as publicity
from neighbourhood.publicity import sharding as publicity_sharding
from neighbourhood.rounds import migrations as rounds_migrations
from neighbourhood.rounds import module as rounds
from neighbourhood.rounds import sharding as rounds_sharding
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.taskforce import migrations as taskforce_migrations
from neighbourhood.taskforce import module as taskforce
from neighbourhood.taskforce import sharding as taskforce_sharding
from neighbourhood.taskforce.offices import Actions
from neighbourhood.votes import migrations as votes_migrations
from neighbourhood.votes import module as votes
from neighbourhood.votes import sharding as votes_sharding
from neighbourhood.votes.office import Votes
from neighbourhood.votes.registers import Registers
from neighbourhood.works import migrations as works_migrations
from neighbourhood.works import module as works
from neighbourhood.works import sharding as works_sharding
from neighbourhood.works.domain.planned import PlannedItems

DESCRIPTION = """The common affairs of a place: what its households need, what is planned, decided, built and kept to.

What comes in: HTTP, `linli.cases`, `linli.subscriptions`, `linli.community`, `linli.principals`.
What goes out: `linli.neighbourhood`."""


def _deliberations(kit: Kit[NeighbourhoodSettings]) -> Module:
    return deliberations.module(kit, assigned_by(kit.given(Actions)))


def _plans(kit: Kit[NeighbourhoodSettings]) -> Module:
    """From here on codes are made for households that there are."""
    kit.given(HouseholdCodes).listed_by(unknown_to(kit.given(Registers), kit.given(Households)))
    return plans.module(kit)


def _works(kit: Kit[NeighbourhoodSettings]) -> Module:
    plans = kit.given(Plans)

    async def planned(id: str, session: mongo.Session) -> PlannedItems | None:
        final = await plans.final(id, session)
        if final is None:
            return None
        items = {item: each.demands for item, each in final.items.items()}
        return PlannedItems(final.community, final.neighbourhood, final.digest, items)

    return works.module(kit, planned)


CONTEXTS: tuple[Context[NeighbourhoodSettings], ...] = (
    Context("known_keys", known_keys.module, reads=known_keys.READS),
    Context("communities", communities.module, sharding=communities_sharding.SHARDING, reads=communities.READS),
    Context("affairs", affairs.module, affairs.MIGRATIONS, affairs.SHARDING),
    Context("publicity", publicity.module, publicity_migrations.MIGRATIONS, publicity_sharding.SHARDING),
    Context("rounds", rounds.module, rounds_migrations.MIGRATIONS, rounds_sharding.SHARDING),
    Context("votes", votes.module, votes_migrations.MIGRATIONS, votes_sharding.SHARDING),
    Context("plans", _plans, plans_migrations.MIGRATIONS, plans_sharding.SHARDING),
    Context("taskforce", taskforce.module, taskforce_migrations.MIGRATIONS, taskforce_sharding.SHARDING),
    Context("works", _works, works_migrations.MIGRATIONS, works_sharding.SHARDING),
    Context(
        "deliberations",
        _deliberations,
        deliberations_migrations.MIGRATIONS,
        deliberations_sharding.SHARDING,
        reads=deliberations.READS,
    ),
    Context(
        "covenants",
        # What a vote comes to is heard in its own transaction.
        partial(covenants.module, votes=lambda kit, hear: kit.given(Votes).followed_by(hear)),
        covenants_migrations.MIGRATIONS,
        covenants_sharding.SHARDING,
    ),
    Context("lineage", lineage.module, lineage.MIGRATIONS, lineage.SHARDING, reads=lineage.READS),
)
MIGRATIONS = assembly.with_those_of(HISTORY, CONTEXTS)
SHARDING = assembly.sharding_of(CONTEXTS, *play_time.SHARDING, *event_sharding.SHARDING, *inbox_sharding.SHARDING)


def build(settings: NeighbourhoodSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    kit = Kit("neighbourhood", settings, settings.neighbourhood_port, outboxes=[EVENTS])
    contexts = CONTEXTS
    if settings.play_time:
        play_time.on_the_clock_of_a_play(kit)
        contexts = (*CONTEXTS, play_time.CONTEXT)
    return assembly.assemble(kit, contexts, description=DESCRIPTION, ask_of_keys=settings.workflow_url)


async def migrate(settings: NeighbourhoodSettings) -> list[str]:
    """Bring the database up to date; returns what ran. Raises `SettingsError` for another key than it began with."""
    ran = await assembly.migrate(settings, "neighbourhood", MIGRATIONS)
    client = mongo.connect(settings)
    try:
        if (key := settings.secret_if_there(KEY)) is not None:
            await hold_to(client[settings.database("neighbourhood")], key)
    finally:
        client.close()
    return ran


def main() -> None:
    """`python -m neighbourhood [migrate]`."""
    settings = NeighbourhoodSettings()
    run_service("neighbourhood", settings.log_level, partial(build, settings), partial(migrate, settings))
