"""What each context makes of the rules that hold in a place."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.profile import RuleProfile
from linli.contracts.neighbourhood.publicity import DayRule, Subject
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.profiles.days import Place
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
    def deliberations(self) -> DeliberationRules:
        return DeliberationRules.of(self.profile, self.place)

    @property
    def works(self) -> WorksRules:
        return WorksRules.of(self.profile, self.place)

    @property
    def covenants(self) -> CovenantRules:
        return CovenantRules.of(self.profile, self.place)


def rules_of(profile: RuleProfile, place: Place) -> PlaceRules:
    """`place` is where days are counted: the community's zone and calendar."""
    return PlaceRules(profile, place)
