"""Each file here has a deployment of its own; without Docker all of them are skipped, and say so."""

import pytest

from tests.support.deployment import no_docker


@pytest.fixture(scope="session", autouse=True)
def docker() -> None:
    """Skips where there is none."""
    reason = no_docker()
    if reason:
        pytest.skip(reason)
