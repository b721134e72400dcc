"""Which party a case goes to, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from linli.contracts.community import Condition, Party, Rule
from linli.contracts.kinds import Channel, Kind
from linli.contracts.submission import Attribute
from workflow.domain.directory import Directory


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at."""

    kind: Kind
    channel: Channel
    category: str | None
    neighbourhood: str | None
    words: str
    """Title and text, case folded."""
    attributes: dict[str, Attribute]
    local_time: time


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule that was tried: `failed_on` names the first condition that did not hold."""

    rule: Rule
    failed_on: str | None

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
    """No rule holds, or nobody fills the role that one names: a person decides."""

    party: Party
    reason: Literal["no_rule", "nobody_fills_role"]


def route(facts: Facts, directory: Directory) -> Assignment | NeedsTriage:
    """The first matching rule wins; what no rule matches goes to a person, never nowhere."""
    for rule in directory.community.rules:
        if failed_condition(rule.when, facts) is None:
            party = directory.party_for(facts.neighbourhood, rule.role)
            if party is None:
                return NeedsTriage(directory.triage, "nobody_fills_role")
            return Assignment(rule, party)
    return NeedsTriage(directory.triage, "no_rule")


def trials(facts: Facts, directory: Directory) -> Iterator[Trial]:
    """The rules in the order in which `route` tries them, up to the one that wins."""
    for rule in directory.community.rules:
        trial = Trial(rule, failed_condition(rule.when, facts))
        yield trial
        if trial.matched:
            return


def failed_condition(when: Condition, facts: Facts) -> str | None:
    """The first condition that does not hold, None when all do."""
    return next(_failed(when, facts), None)


def _failed(when: Condition, facts: Facts) -> Iterator[str]:
    """Looks no further than it is asked: most rules fail on their first condition, and words are dear."""
    if when.kind and facts.kind not in when.kind:
        yield "kind"
    if when.channel and facts.channel not in when.channel:
        yield "channel"
    if when.neighbourhood and facts.neighbourhood not in when.neighbourhood:
        yield "neighbourhood"
    if when.category and not below(facts.category, when.category):
        yield "category"
    if when.hours is not None and not when.hours.contain(facts.local_time):
        yield "hours"
    if when.attributes and any(facts.attributes.get(name) != value for name, value in when.attributes.items()):
        yield "attributes"
    if when.words and not any(word.casefold() in facts.words for word in when.words):
        yield "words"


def below(category: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether a category is one of those that are wanted, or lies below one."""
    return category is not None and any(category == name or category.startswith(name + ".") for name in wanted)


def local_time(moment: datetime, directory: Directory) -> time:
    """The time of day in the community's zone."""
    return moment.astimezone(directory.zone).time()
