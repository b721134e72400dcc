"""The migrations of each service, as this version has them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.storage.mongo import Migration


def migrations_of(service: str) -> "Sequence[Migration]":
    """In the order in which they run."""
    # Migrations load a service's drivers; only the commands that ask for migrations wait for that.
    if service == "intake":
        from intake.main import MIGRATIONS as INTAKE  # noqa: PLC0415

        return INTAKE
    if service == "workflow":
        from workflow.main import MIGRATIONS as WORKFLOW  # noqa: PLC0415

        return WORKFLOW
    from notify.main import MIGRATIONS as NOTIFY  # noqa: PLC0415

    return NOTIFY
