"""Which category the words of a report speak of, and by which of them: for residents who have not named one."""

from collections.abc import Iterator
from dataclasses import dataclass

from linli.text.visible import where
from workflow.cases.domain.matching import Facts, failed_condition, matches, words_around
from workflow.community.domain.directory import Directory
from workflow.requests.domain.services import Offer, offers

MOST = 5
FIELDS = ("title", "text")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that may be meant."""

    offer: Offer
    word: str
    """By which word: a rule's, or the category's name."""
    said: str
    """How it stands in the report, with what is around it."""


def suggestions(facts: Facts, directory: Directory) -> tuple[Suggestion, ...]:
    """The likeliest first: what a rule's words speak of, then what is called by its name, then by the name above it."""
    fitting = [each for each in offers(directory.community) if not each.kinds or facts.kind in each.kinds]
    found: dict[str, Suggestion] = {}
    for each in (*_by_rules(facts, directory, fitting), *_by_names(facts, fitting), *_by_names_above(facts, fitting)):
        found.setdefault(each.offer.code, each)
    return tuple(found.values())[:MOST]


def _by_rules(facts: Facts, directory: Directory, fitting: list[Offer]) -> Iterator[Suggestion]:
    by_code = {each.code: each for each in fitting}
    for rule in directory.community.rules:
        offer = by_code.get(rule.suggests or "")
        condition = rule.when.model_copy(update={"hours": None})  # what it is about does not depend on the hour
        if offer is not None and rule.when.words and failed_condition(condition, facts) is None:
            match = next(each for each in matches(condition, facts) if each.condition == "words")
            yield Suggestion(offer, match.value, match.said)


def _by_names(facts: Facts, fitting: list[Offer]) -> Iterator[Suggestion]:
    for offer in fitting:
        yield from _named(offer, (offer.name, offer.name_en), facts)


def _by_names_above(facts: Facts, fitting: list[Offer]) -> Iterator[Suggestion]:
    for offer in fitting:
        for above in reversed(offer.path):
            yield from _named(offer, (above.name, above.name_en), facts)


def _named(offer: Offer, names: tuple[str | None, ...], facts: Facts) -> Iterator[Suggestion]:
    for name in filter(None, names):
        for text in (getattr(facts, field) for field in FIELDS):
            if (place := where(text, name)) is not None:
                yield Suggestion(offer, name, words_around(text, *place))
                return
