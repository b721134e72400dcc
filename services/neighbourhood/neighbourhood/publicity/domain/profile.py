"""How long each kind of publicity has to hang, as data: what holds where, from when, and where that is written.

A place's rule profile gives these; here is what is known for Shandong and Qingdao. What an office has to ask its lawyer
is not `confirmed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linli.contracts.neighbourhood.publicity import DayRule, Subject
from linli.contracts.neighbourhood.rules import Read
from neighbourhood.profiles.sources import qingdao, unread


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
_PUBLIC = DayRule(length=3, citation=qingdao("第九十二条"))
QINGDAO = DaysInForce(
    scope="qingdao",
    rules={
        Subject.ROUND: _PUBLIC,
        Subject.PLAN: DayRule(length=7, citation=unread("改造方案公示", note="“7 日”未找到条文。", read=Read.MEMORY)),
        Subject.OTHER: _PUBLIC,
    },
)
