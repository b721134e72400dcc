"""What an accepted package owes an authority by a day, and when somebody is reminded of it."""

from collections.abc import Iterator
from datetime import date, timedelta

from linli.contracts.neighbourhood.works_accepted import WorksDuty
from neighbourhood.profiles.days import nearest
from neighbourhood.works.domain.package import Package, PackageState
from neighbourhood.works.domain.rules import WorksRules

MISSED = -1
"""In place of days before the end: the day is past, which is told once."""


def duties(package: Package) -> Iterator[tuple[WorksDuty, date]]:
    """What is still to be done, and its last day."""
    if package.state is PackageState.ACCEPTED and package.file_by is not None:
        yield WorksDuty.FILING, package.file_by
    if package.state is PackageState.HANDED_OVER and package.unregistered and package.register_by is not None:
        yield WorksDuty.LIFTS, package.register_by


def duties_owed(package: Package, rules: WorksRules, today: date) -> Iterator[tuple[WorksDuty, date, int]]:
    """Which duties are to be reminded of today, with the reminder's days before the end."""
    for duty, until in duties(package):
        left = (until - today).days
        due = MISSED if left < 0 else nearest(left, rules.duty_days[duty])
        if due is not None and (duty, due) not in package.duties_reminded:
            yield duty, until, due


def duty_days(package: Package, rules: WorksRules) -> Iterator[date]:
    """All days on which somebody may have to be reminded."""
    for duty, until in duties(package):
        for days in (*rules.duty_days[duty], MISSED):
            yield until - timedelta(days=days)
