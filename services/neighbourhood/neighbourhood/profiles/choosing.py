"""Which rules hold where and when. Pure: the profiles are an argument."""

from collections.abc import Sequence
from datetime import date

from linli.contracts.neighbourhood.office_rules import Where
from linli.contracts.neighbourhood.profile import NoRule, RuleProfile
from linli.web.localized import Localized
from neighbourhood.profiles.qingdao import QINGDAO


def profile_for(
    profiles: Sequence[RuleProfile],
    community: str,
    neighbourhood: str,
    day: date,
    default: RuleProfile = QINGDAO,
) -> RuleProfile:
    """The profile in force in a neighbourhood on a day.

    One chosen for the neighbourhood goes before one chosen for its community; of several, the one in force since last,
    and of those the first by id. Where none is, the default. Raises `NoRule` where that is not in force on that day.
    """
    for where in (
        Where(community=community, neighbourhood=neighbourhood),
        Where(community=community),
    ):
        if chosen := [each for each in profiles if where in each.where and each.in_force(day)]:
            newest = max(each.since for each in chosen)
            return min((each for each in chosen if each.since == newest), key=lambda each: each.id)
    if default.in_force(day):
        return default
    raise NoRule(Localized("No rules are in force there on {day}.", "{day} 当天没有生效的规则。", day=day.isoformat()))
