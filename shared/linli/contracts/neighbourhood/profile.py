"""The rules of a place as one value: thresholds, spans, limits and warranties, each with the law it comes from.

No number of these is written into a decision: every context of the service has its rules from a `RuleProfile`. The
profiles that come with Linli are in `neighbourhood.profiles`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood import office_rules as office
from linli.contracts.neighbourhood.rules import Citation, LegalClass, MatterRule, Share
from linli.contracts.neighbourhood.spans import Span
from linli.web.localized import Localized

T = TypeVar("T")


class Term(StrEnum):
    """A span of days that a rule sets."""

    MEETING_NOTICE = "meeting_notice"  # before a vote of the owners opens
    PUBLICITY = "publicity"  # 公示, at least
    PLAN_NOTICE = "plan_notice"  # 改造方案公示
    RESULT_POSTED = "result_posted"  # after a decision of the owners
    CHALLENGE = "challenge"  # to ask a court to set a decision aside
    LIFT_POSTING = "lift_posting"
    ACCEPTANCE_FILED = "acceptance_filed"  # 竣工验收备案
    LIFT_SERVICE = "lift_service"  # 电梯维护保养
    LIFT_REGISTERED = "lift_registered"  # 特种设备使用登记
    ROUND_OPEN = "round_open"  # 需求征集, at least
    TASKFORCE_CALLED = "taskforce_called"  # 联席会议通知
    DELIBERATION_CALLED = "deliberation_called"  # 协商通知
    OUTCOME_OPEN = "outcome_open"  # 协商意见稿公开, at least
    COVENANT_COMMENTS = "covenant_comments"  # 公约征求意见, at least
    COVENANT_FILED = "covenant_filed"  # 公约备案
    CLEARING_APPEAL = "clearing_appeal"  # 拆违决定的救济期


class TermRule(Span):
    """A span of a profile."""

    term: Term


class Bound(StrEnum):
    """A number that must not be passed, or must be reached."""

    PRINCIPALS_PER_AGENT = "principals_per_agent"
    TELLERS = "tellers"  # at least so many certify a count
    GATE = "gate"  # at least so many residents' representatives are asked at an acceptance
    SHEETS = "sheets"  # at least so many sheets of a round are read again


class Limit(Record):
    bound: Bound
    number: Annotated[int, Field(ge=1)]
    citation: Citation


class Switch(StrEnum):
    """A question that rules answer with yes or no."""

    ABSTENTION_TAKES_PART = "abstention_takes_part"
    ONLINE_BINDS = "online_binds"  # a ballot on our own pages is a vote, and no 意向征询
    PROXY_IN_WRITING = "proxy_in_writing"
    NOTICE_UNBROKEN = "notice_unbroken"  # a notice that was missing counts anew from when it hangs again
    ALL_OF_WHO_ERRED = "all_of_who_erred"  # where a sheet was entered wrongly, all that the same person entered
    HANDOVER_AFTER_FILING = "handover_after_filing"


class Answer(Record):
    switch: Switch
    yes: bool
    citation: Citation


class NoRule(LookupError):
    """A profile does not say it, so nobody may decide it: the office has to add the rule with its source."""

    @classmethod
    def of(cls, profile: str, wanted: str) -> "NoRule":
        english = "The rules of {profile} say nothing of '{wanted}'; add the rule with its source."
        chinese = "规则“{profile}”没有规定“{wanted}”，请连同依据补上。"
        return cls(Localized(english, chinese, profile=profile, wanted=wanted))


AnyRule: TypeAlias = (
    MatterRule
    | TermRule
    | Limit
    | Answer
    | office.PortionRule
    | office.DutyRule
    | office.ReminderRule
    | office.WarrantyTerm
    | office.HeatingSeason
    | office.AdoptionRule
    | office.FinesRule
)


class RuleProfile(Record):
    """The rules of a place, as they are in force from (included) until (not included)."""

    id: Slug
    name_zh: str
    name_en: str
    since: date
    until: date | None = None
    where: tuple[office.Where, ...] = ()
    """The places that it was chosen for."""
    matters: tuple[MatterRule, ...] = ()
    days: tuple[TermRule, ...] = ()
    limits: tuple[Limit, ...] = ()
    answers: tuple[Answer, ...] = ()
    portions: tuple[office.PortionRule, ...] = ()
    duties: tuple[office.DutyRule, ...] = ()
    reminders: tuple[office.ReminderRule, ...] = ()
    warranties: tuple[office.WarrantyTerm, ...] = ()
    heating: office.HeatingSeason | None = None
    adoptions: tuple[office.AdoptionRule, ...] = ()
    fines: office.FinesRule | None = None
    questions: tuple[office.OpenQuestion, ...] = ()
    """That no rule answers."""

    @model_validator(mode="after")
    def _each_once(self) -> "RuleProfile":
        for said in (
            [each.legal_class for each in self.matters],
            [each.term for each in self.days],
            [each.bound for each in self.limits],
            [each.switch for each in self.answers],
            [each.portion for each in self.portions],
            [each.duty for each in self.duties],
            [each.ending for each in self.reminders],
            [each.work for each in self.warranties],
            [each.track for each in self.adoptions],
            [each.id for each in self.questions],
        ):
            if len({*said}) < len(said):
                raise ValueError(f"{self.id} says the same rule twice: {sorted(said)}")
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"{self.id} ends before it begins")
        return self

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def matter(self, legal_class: LegalClass) -> MatterRule:
        """Raises `NoRule`; so do the others."""
        return self._found(self.matters, lambda each: each.legal_class is legal_class, legal_class)

    def term(self, term: Term) -> TermRule:
        return self._found(self.days, lambda each: each.term is term, term)

    def limit(self, bound: Bound) -> int:
        return self._found(self.limits, lambda each: each.bound is bound, bound).number

    def says(self, switch: Switch) -> bool:
        return self._found(self.answers, lambda each: each.switch is switch, switch).yes

    def portion(self, portion: office.Portion) -> Share:
        return self._found(self.portions, lambda each: each.portion is portion, portion).share

    def bound_to(self, duty: office.Duty) -> tuple[str, ...]:
        """The roles that have a duty."""
        return self._found(self.duties, lambda each: each.duty is duty, duty).roles

    def remind_before(self, ending: office.Ending) -> tuple[int, ...]:
        """Days."""
        return self._found(self.reminders, lambda each: each.ending is ending, ending).days

    @property
    def rules(self) -> Sequence[AnyRule]:
        """All of them, in the order of the fields."""
        single = [each for each in (self.heating, self.fines) if each]
        several = (self.portions, self.duties, self.reminders, self.warranties, self.adoptions)
        return [*self.matters, *self.days, *self.limits, *self.answers, *chain[AnyRule](*several), *single]

    def unconfirmed(self) -> Sequence[AnyRule | office.OpenQuestion]:
        """What an office has still to check with a lawyer: rules that nobody has read in the law, and questions."""
        return [*(each for each in self.rules if not each.citation.confirmed), *self.questions]

    def _found(self, rules: Iterable[T], is_it: Callable[[T], bool], wanted: str) -> T:
        for each in rules:
            if is_it(each):
                return each
        raise NoRule.of(self.id, wanted)
