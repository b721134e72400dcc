"""How long each kind of publicity has to hang, as data: what holds where, from when, and where that is written.

A place's rule profile gives these; here is what is known for Shandong and Qingdao. What an office has to ask its lawyer
is `unconfirmed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linli.contracts.neighbourhood.publicity import DayRule, Standing, Subject


@dataclass(frozen=True, slots=True)
class DaysInForce:
    """The rules of a place while they hold."""

    scope: str
    """Where they hold, such as `qingdao`."""
    rules: Mapping[Subject, DayRule]
    since: date | None = None
    """The first day on which they hold; None: as long as anybody asks."""
    until: date | None = None
    """The last one; None while they hold."""

    def hold_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def rule_for(profiles: Sequence[DaysInForce], subject: Subject, day: date) -> DayRule | None:
    """What holds on that day; of several the one that is named first. None where a place has no rule for it."""
    for profile in profiles:
        if profile.hold_on(day) and (rule := profile.rules.get(subject)):
            return rule
    return None


# What a vote and a covenant want is told by their contexts: they count to a meeting, or from a decision.
_PUBLIC = DayRule(days=3, citation="青岛市物业管理条例 92（公示不少于三日）", standing=Standing.READ)
QINGDAO = DaysInForce(
    scope="qingdao",
    rules={
        Subject.ROUND: _PUBLIC,
        Subject.PLAN: DayRule(
            days=7, citation="改造方案公示七日（依据待核；条例 92 至少三日）", standing=Standing.UNCONFIRMED
        ),
        Subject.OTHER: _PUBLIC,
    },
)
