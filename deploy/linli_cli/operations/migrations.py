"""The migrations of each service, as this version has them."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.storage.mongo import Migration


def migrations_of(service: str) -> "Sequence[Migration]":
    """In the order in which they run."""
    # Migrations load a service's drivers; only the commands that ask for migrations wait for that.
    found: Sequence[Migration] = import_module(f"{service}.main").MIGRATIONS
    return found
