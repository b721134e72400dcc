"""Assembles intake from its contexts."""

from functools import partial

from intake.bulletins import migrations as bulletins_migrations
from intake.bulletins import module as bulletins
from intake.bulletins import sharding as bulletins_sharding
from intake.migrations import HISTORY
from intake.photos import module as photos
from intake.photos import sharding as photos_sharding
from intake.residents import module as residents
from intake.residents import sharding as residents_sharding
from intake.settings import IntakeSettings
from intake.submissions import module as submissions
from intake.submissions import sharding as submissions_sharding
from intake.submissions.store import OUTBOXES
from linli.application import assembly
from linli.application.context import Context
from linli.application.kit import Kit
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.security import known_keys

DESCRIPTION = """Takes in demands, reports, disputes and alarms.

What comes in: HTTP, `linli.community`, `linli.principals`. What goes out: `linli.intake`, after it is on
disk; `linli.subscriptions`."""

CONTEXTS: tuple[Context[IntakeSettings], ...] = (
    Context("known_keys", known_keys.module, reads=known_keys.READS),
    Context("submissions", submissions.module, sharding=submissions_sharding.SHARDING, reads=submissions.READS),
    Context("bulletins", bulletins.module, bulletins_migrations.MIGRATIONS, bulletins_sharding.SHARDING),
    Context("photos", photos.module, sharding=photos_sharding.SHARDING),
    Context("residents", residents.module, sharding=residents_sharding.SHARDING),
)
MIGRATIONS = assembly.with_those_of(HISTORY, CONTEXTS)
SHARDING = assembly.sharding_of(CONTEXTS)


def build(settings: IntakeSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    return assembly.assemble(
        Kit("intake", settings, settings.intake_port, OUTBOXES),
        CONTEXTS,
        description=DESCRIPTION,
        ask_of_keys=settings.workflow_url,
        does_without=frozenset({"kafka"}),  # what comes in is kept, and told when Kafka is back
    )


async def migrate(settings: IntakeSettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    return await assembly.migrate(settings, "intake", MIGRATIONS)


def main() -> None:
    """`python -m intake [migrate]`."""
    settings = IntakeSettings()
    run_service("intake", settings.log_level, partial(build, settings), partial(migrate, settings))
