"""Which rules hold where and when, and what each context makes of them. Pure: the profiles are an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linli.contracts.neighbourhood.profile import NoRule, RuleProfile, Where
from linli.contracts.neighbourhood.publicity import DayRule, Subject
from linli.web.localized import Localized
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.profiles.days import Place
from neighbourhood.profiles.qingdao import QINGDAO
from neighbourhood.publicity.domain.rules import DaysInForce
from neighbourhood.rounds.domain.rules import RoundRules
from neighbourhood.taskforce.domain.rules import TaskForceRules
from neighbourhood.works.domain.rules import WorksRules


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """The rules of a place on a day, for each context. Each is one profile's, and raises `NoRule` where that lacks it:
    a profile that says nothing of works keeps nobody from voting."""

    profile: RuleProfile
    place: Place

    @property
    def votes(self) -> RuleProfile:
        """A vote takes the profile as it is, and keeps what it was announced with."""
        return self.profile

    @property
    def rounds(self) -> RoundRules:
        return RoundRules.of(self.profile)

    @property
    def publicity(self) -> DaysInForce:
        return DaysInForce.of(self.profile)

    @property
    def plans(self) -> DayRule:
        """What a plan's notice is prepared with. The rest of what holds for plans has no number."""
        return self.publicity.rules[Subject.PLAN]

    @property
    def taskforce(self) -> TaskForceRules:
        return TaskForceRules.of(self.profile, self.place)

    @property
    def works(self) -> WorksRules:
        return WorksRules.of(self.profile, self.place)

    @property
    def covenants(self) -> CovenantRules:
        return CovenantRules.of(self.profile, self.place)


def rules_of(profile: RuleProfile, place: Place) -> PlaceRules:
    """`place` is where days are counted: the community's zone and calendar."""
    return PlaceRules(profile, place)


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
