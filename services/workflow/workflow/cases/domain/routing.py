"""Which party a case goes to, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Literal

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.community import Party, Rule
from workflow.cases.domain.matching import Facts, Match, failed_condition, matches, suits
from workflow.community.domain.directory import Directory

FAILED = "error"
"""What a rule fails on that cannot be judged."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule that was tried: `failed_on` names the first condition that did not hold."""

    rule: Rule
    failed_on: str | None
    matches: tuple[Match, ...] = ()
    """What it rests on, when it matched."""

    @property
    def matched(self) -> bool:
        return self.failed_on is None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A rule found a party."""

    rule: Rule
    party: Party


@dataclass(frozen=True, slots=True)
class NeedsTriage:
    """No rule holds, nobody fills the role that one names, or one cannot be judged: a person decides."""

    party: Party
    reason: Literal["no_rule", "nobody_fills_role", "rule_failed"]


def route(facts: Facts, directory: Directory) -> Assignment | NeedsTriage:
    """The first matching rule wins; what no rule matches goes to a person, never nowhere.

    So does what a rule cannot judge that comes before one that matches: the next might send it to the wrong party.
    """
    for rule in narrowed(directory, facts.kind, facts.category, facts.channel):
        failed = _failed_on(rule, facts)
        if failed == FAILED:
            return NeedsTriage(directory.triage, "rule_failed")
        if failed is None:
            party = directory.party_for(facts.neighbourhood, rule.role)
            if party is None:
                return NeedsTriage(directory.triage, "nobody_fills_role")
            return Assignment(rule, party)
    return NeedsTriage(directory.triage, "no_rule")


@lru_cache(maxsize=4_096)
def narrowed(directory: Directory, kind: Kind, category: str | None, channel: Channel) -> tuple[Rule, ...]:
    """The rules that need be tried, in order: those that what hardly varies does not rule out.

    Worked out once for a version, not for each case; none of these three can make a rule fail in another way.
    """
    return tuple(rule for rule in directory.community.rules if suits(rule.when, kind, category, channel))


def trials(facts: Facts, directory: Directory) -> Iterator[Trial]:
    """The rules in the order in which `route` tries them, up to the one that decides."""
    for rule in directory.community.rules:
        failed = _failed_on(rule, facts)
        yield Trial(rule, failed, tuple(matches(rule.when, facts)) if failed is None else ())
        if failed in {None, FAILED}:
            return


def _failed_on(rule: Rule, facts: Facts) -> str | None:
    """Never raises: a rule that cannot be judged must not keep a case from the triage desk."""
    try:
        return failed_condition(rule.when, facts)
    except Exception:
        return FAILED


def local_time(moment: datetime, directory: Directory) -> time:
    """The time of day in the community's zone."""
    return moment.astimezone(directory.zone).time()
