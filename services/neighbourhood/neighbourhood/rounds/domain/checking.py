"""Which sheets a second person reads again, and what of that is still to be done."""

from collections.abc import Iterable, Sequence

from linli.contracts.neighbourhood.responses import GivenAnswer
from neighbourhood.digests import digest_of_text
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.domain.rules import RoundRules


def sample_of(sheets: Iterable[str], seed: str, rules: RoundRules) -> frozenset[str]:
    """Of sheets by their response's id. The same for everybody who has the seed, which is drawn when the round closes:
    who entered a sheet could not know whether it would be read again, and anybody can draw the sample anew."""
    drawn = sorted(sheets, key=lambda id: digest_of_text(f"{seed}:{id}"))
    part = -(-len(drawn) * rules.sample.numerator // rules.sample.denominator)
    wanted = max(part, rules.sample_at_least)
    return frozenset(drawn[:wanted])


def to_be_read(responses: Sequence[Response], seed: str, rules: RoundRules) -> frozenset[str]:
    """The responses whose sheets have to be read by a second person, those that were included.

    What was put right is read once more: that too is what one person has typed.
    """
    sheets = [each for each in responses if each.on_paper]
    sample = sample_of((each.id for each in sheets), seed, rules) | {each.id for each in sheets if each.corrected_by}
    if not rules.all_of_who_erred:
        return sample
    erred = {each.entered_by for each in sheets if each.differed}
    return sample | {each.id for each in sheets if each.entered_by in erred}


def not_settled(responses: Sequence[Response], seed: str, rules: RoundRules) -> tuple[str, ...]:
    """The responses that nobody has read though somebody has to, or that differ from their sheet. What was erased
    cannot be compared any more."""
    wanted = to_be_read(responses, seed, rules)
    responses = [each for each in responses if not each.erased]
    unread = {each.id for each in responses if each.id in wanted and each.checked_by is None}
    return tuple(sorted(unread | {each.id for each in responses if each.counts and each.differs}))


def differing(one: Sequence[GivenAnswer], other: Sequence[GivenAnswer]) -> tuple[str, ...]:
    """The questions that are not answered alike, in order of their ids. Photos are on no sheet."""
    first, second = ({each.question: _as_read(each) for each in side} for side in (one, other))
    return tuple(sorted(id for id in first.keys() | second.keys() if first.get(id) != second.get(id)))


def _as_read(answer: GivenAnswer) -> tuple[object, ...]:
    """Spaces are where somebody typed them, and not on the sheet."""
    words = tuple("".join(text.split()) for text in (answer.text, answer.place))
    return answer.chosen, answer.value, words, answer.consent
