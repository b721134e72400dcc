"""A clock for what is tested without a service around it."""

from datetime import UTC, datetime


def process_time() -> datetime:
    """This process's own: the databases of the tests are on the same machine."""
    return datetime.now(UTC)
