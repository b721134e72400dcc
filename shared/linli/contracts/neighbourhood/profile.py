"""The rules of a place as one value: thresholds, spans, limits and warranties, each with the law it comes from.

No number of these is written into a decision: every context of the service takes a `RuleProfile`. The profiles that
come with Linli are in `neighbourhood.profiles`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.rules import Citation, LegalClass, MatterRule
from linli.contracts.neighbourhood.spans import Span

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


class TermRule(Span):
    """A span of a profile."""

    term: Term


class Bound(StrEnum):
    """A number that must not be passed."""

    PRINCIPALS_PER_AGENT = "principals_per_agent"
    TELLERS = "tellers"  # at least so many certify a count


class Limit(Record):
    bound: Bound
    number: Annotated[int, Field(ge=1)]
    citation: Citation


class WarrantyTerm(Record):
    """How long a builder answers for a kind of work. A season is one of heating or of cooling."""

    work: Slug
    years: Annotated[int, Field(ge=0)] = 0
    seasons: Annotated[int, Field(ge=0)] = 0
    citation: Citation


class Switch(StrEnum):
    """A question that rules answer with yes or no."""

    ABSTENTION_TAKES_PART = "abstention_takes_part"
    ONLINE_BINDS = "online_binds"  # a ballot on our own pages is a vote, and no 意向征询
    PROXY_IN_WRITING = "proxy_in_writing"


class Answer(Record):
    switch: Switch
    yes: bool
    citation: Citation


class NoRule(LookupError):
    """A profile does not say it, so nobody may decide it: the office has to add the rule with its source."""


class RuleProfile(Record):
    """The rules of a place, as they are in force from (included) until (not included)."""

    id: Slug
    name_zh: str
    name_en: str
    since: date
    until: date | None = None
    matters: tuple[MatterRule, ...] = ()
    days: tuple[TermRule, ...] = ()
    limits: tuple[Limit, ...] = ()
    answers: tuple[Answer, ...] = ()
    warranties: tuple[WarrantyTerm, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "RuleProfile":
        for said in (
            [each.legal_class for each in self.matters],
            [each.term for each in self.days],
            [each.bound for each in self.limits],
            [each.switch for each in self.answers],
            [each.work for each in self.warranties],
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

    def warranty(self, work: str) -> WarrantyTerm:
        return self._found(self.warranties, lambda each: each.work == work, work)

    def unconfirmed(self) -> Sequence[Citation]:
        """What an office has still to check with a lawyer."""
        cited = [
            *(each.citation for each in self.matters),
            *(each.citation for each in self.days),
            *(each.citation for each in self.limits),
            *(each.citation for each in self.answers),
            *(each.citation for each in self.warranties),
        ]
        return [each for each in cited if not each.confirmed]

    def _found(self, rules: Iterable[T], is_it: Callable[[T], bool], wanted: str) -> T:
        for each in rules:
            if is_it(each):
                return each
        raise NoRule(f"The rules of {self.id} say nothing of '{wanted}'.")
