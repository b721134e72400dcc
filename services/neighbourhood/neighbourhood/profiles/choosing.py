"""Which rules hold where and when. Pure: the profiles are an argument."""

from collections.abc import Iterable, Sequence
from datetime import date

from linli.contracts.neighbourhood.office_rules import Where
from linli.contracts.neighbourhood.profile import NoRule, RuleProfile
from linli.web.localized import Localized
from neighbourhood.profiles.qingdao import DEFAULTS


def profile_for(
    profiles: Sequence[RuleProfile],
    community: str,
    neighbourhood: str,
    day: date,
    defaults: Sequence[RuleProfile] = DEFAULTS,
) -> RuleProfile:
    """The profile in force in a neighbourhood on a day.

    One chosen for the neighbourhood goes before one chosen for its community; of several, the one in force since last,
    and of those the first by id. Where none is, the same of the defaults. Raises `NoRule` where none of those is in
    force on that day.
    """
    for where in (
        Where(community=community, neighbourhood=neighbourhood),
        Where(community=community),
    ):
        if chosen := _newest((each for each in profiles if where in each.where), day):
            return chosen
    if holds := _newest(defaults, day):
        return holds
    raise NoRule(Localized("No rules are in force there on {day}.", "{day} 当天没有生效的规则。", day=day.isoformat()))


def _newest(profiles: Iterable[RuleProfile], day: date) -> RuleProfile | None:
    """The one in force since last; of those of one day the first by id."""
    in_force = sorted((each for each in profiles if each.in_force(day)), key=lambda each: each.id)
    return max(in_force, key=lambda each: each.since, default=None)
