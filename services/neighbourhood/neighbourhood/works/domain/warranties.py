"""How long a builder answers for what is built, and when those who use it are reminded. 建设工程质量管理条例 39–41"""

from collections.abc import Iterable
from datetime import date, timedelta

from linli.contracts.neighbourhood.office_rules import HeatingSeason, WarrantyTerm
from linli.contracts.neighbourhood.works import Trade, WarrantyGiven
from neighbourhood.profiles.days import MONTHS_OF_A_YEAR, months_after, nearest
from neighbourhood.works.domain.duties import duties_owed, duty_days
from neighbourhood.works.domain.package import ACCEPTED, Package
from neighbourhood.works.domain.rules import WorksRules


def warranties_from(accepted_on: date, trades: Iterable[Trade], rules: WorksRules) -> tuple[WarrantyGiven, ...]:
    """From the day of acceptance. Raises KeyError for a trade that the rules have no term of."""
    return tuple(
        WarrantyGiven(trade=trade, until=until(accepted_on, rules.warranties[trade], rules.season))
        for trade in sorted({*trades})
    )


def until(accepted_on: date, term: WarrantyTerm, season: HeatingSeason) -> date:
    """The last day of a term: the later one where it has both years and seasons."""
    ends = [months_after(accepted_on, term.years * MONTHS_OF_A_YEAR)]
    if term.seasons:
        ends.append(season_end(accepted_on, term.seasons, season))
    return max(ends)


def season_end(day: date, seasons: int, season: HeatingSeason) -> date:
    """The last day of so many whole seasons; one that had begun before `day` is not whole."""
    year = day.year if day <= date(day.year, *season.first) else day.year + 1
    over_new_year = season.last < season.first
    return date(year + seasons - 1 + over_new_year, *season.last)


def reminders_owed(package: Package, rules: WorksRules, today: date) -> list[tuple[WarrantyGiven, int]]:
    """Which warranties are to be reminded of today, with the reminder's days before the end.

    One for each: who looks late tells of the nearest end, and not of what was owed before that.
    """
    if package.state not in ACCEPTED:
        return []
    owed = []
    for warranty in package.warranties:
        left = (warranty.until - today).days
        due = nearest(left, rules.remind_days) if left >= 0 else None
        if due is not None and (warranty.trade, due) not in package.reminded:
            owed.append((warranty, due))
    return owed


def next_reminder(package: Package, rules: WorksRules, today: date) -> date | None:
    """When the timer is to look again; today where something is owed."""
    if reminders_owed(package, rules, today) or any(duties_owed(package, rules, today)):
        return today
    if package.state not in ACCEPTED:
        return None
    of_warranties = (each.until - timedelta(days=days) for each in package.warranties for days in rules.remind_days)
    moments = (*of_warranties, *duty_days(package, rules))
    return min((moment for moment in moments if moment > today), default=None)
