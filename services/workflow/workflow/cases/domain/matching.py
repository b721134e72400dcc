"""Whether a case matches a rule's condition, and on which words or fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cached_property, lru_cache

from linli.contracts.intake.submission import Attribute
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.community import Condition, WordsIn
from linli.frozen import replace
from linli.text.visible import folded, where

AROUND = 12
"""Characters that are shown on either side of a word that matched."""


_WORDS_IN = tuple(WordsIn)


@lru_cache(maxsize=20_000)
def _all_folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a rule, which stay the same for years, as they are compared; without any of which nothing stays."""
    return tuple(filter(None, map(folded, words)))


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    kind: Kind
    channel: Channel
    category: str | None
    neighbourhood: str | None
    title: str
    text: str
    place: str
    attributes: dict[str, Attribute]
    local_time: time

    def located(self, neighbourhood: str | None) -> "Facts":
        """The same in a neighbourhood."""
        return replace(self, neighbourhood=neighbourhood)

    @cached_property
    def texts(self) -> Mapping[WordsIn, str]:
        """Title, text and place, each as words are compared."""
        return {field: folded(getattr(self, field)) for field in _WORDS_IN}

    def where_words_stand(self, fields: tuple[WordsIn, ...]) -> str:
        """These of them in one, so that a word is looked for once; none goes on from one to the next."""
        if (joined := self._joined.get(fields)) is None:
            joined = self._joined[fields] = "\n".join([self.texts[field] for field in fields])
        return joined

    @cached_property
    def _joined(self) -> dict[tuple[WordsIn, ...], str]:
        return {}


@dataclass(frozen=True, slots=True)
class Match:
    """One condition that held, and what of the case it rests on."""

    condition: str
    value: str
    """What the rule names: a word, a category, an attribute with its value."""
    field: str
    """Where it was found: `title`, `text`, `place`, `attributes.…`, `category` …"""
    said: str
    """How it stands there; a word with what is around it."""


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
    if when.words and not _stands(when.words, facts, when):
        yield "words"
    if when.near and not any(_beside(facts.texts[field], when.words, when) for field in when.words_in):
        yield "near"
    if when.not_words and _stands(when.not_words, facts, when):
        yield "not_words"


def suits(when: Condition, kind: Kind, category: str | None, channel: Channel) -> bool:
    """Whether a condition may hold for what is of this kind and category and came by this channel."""
    of_kind = not when.kind or kind in when.kind
    return (
        of_kind
        and (not when.channel or channel in when.channel)
        and (not when.category or below(category, when.category))
    )


def below(category: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether a category is one of those that are wanted, or lies below one."""
    return category is not None and any(category == name or category.startswith(name + ".") for name in wanted)


def _stands(words: tuple[str, ...], facts: Facts, when: Condition) -> bool:
    """Whether one of the words stands where the condition looks."""
    text = facts.where_words_stand(when.words_in)
    return any(map(text.__contains__, _all_folded(words)))


def _beside(text: str, words: tuple[str, ...], when: Condition) -> bool:
    """Whether one of the condition's near words stands no further from a word than it says."""
    for word in _all_folded(words):
        begin = text.find(word)
        while begin >= 0:
            end = begin + len(word)
            for near in _all_folded(when.near):
                reach = when.near_within + len(near)
                if near in text[max(0, begin - reach) : begin] or near in text[end : end + reach]:
                    return True
            begin = text.find(word, begin + 1)
    return False


def matches(when: Condition, facts: Facts) -> list[Match]:
    """What a condition that holds rests on: of words the first that is found, and everything else that it names."""
    found = []
    for condition in ("kind", "channel", "neighbourhood"):
        if getattr(when, condition):
            value = str(getattr(facts, condition))
            found.append(Match(condition, value, condition, value))
    if when.category:
        named = next(name for name in when.category if below(facts.category, (name,)))
        found.append(Match("category", named, "category", str(facts.category)))
    if when.hours is not None:
        span = f"{when.hours.start:%H:%M}–{when.hours.end:%H:%M}"
        found.append(Match("hours", span, "submitted_at", f"{facts.local_time:%H:%M}"))
    for name, wanted in when.attributes.items():
        found.append(Match("attributes", f"{name}: {wanted}", f"attributes.{name}", str(facts.attributes[name])))
    found += _word(when.words, "words", facts, when)
    found += _word(when.near, "near", facts, when)
    return found


def _word(words: tuple[str, ...], condition: str, facts: Facts, when: Condition) -> list[Match]:
    for word in words:
        for field in when.words_in:
            if condition == "words" and when.near and not _beside(facts.texts[field], (word,), when):
                continue
            text = getattr(facts, field)
            if place := where(text, word):
                return [Match(condition, word, field, words_around(text, *place))]
    return []


def words_around(text: str, begin: int, end: int) -> str:
    """What stands there, marked, with what is around it."""
    before, after = text[max(0, begin - AROUND) : begin], text[end : end + AROUND]
    return (
        f"{'…' if begin > AROUND else ''}{before}【{text[begin:end]}】{after}{'…' if end + AROUND < len(text) else ''}"
    )
