"""Each file here has a deployment of its own; without Docker all of them are skipped, and one line says so."""

from collections.abc import Generator

import pytest

from tests.support.deployment import no_docker


@pytest.fixture(scope="session", autouse=True)
def docker() -> None:
    """Skips where there is none."""
    reason = no_docker()
    if reason:
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All tests that are skipped name this file, so that pytest tells of them in one line."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        report.longrepr = (__file__, 0, report.longrepr[2])
    return report
