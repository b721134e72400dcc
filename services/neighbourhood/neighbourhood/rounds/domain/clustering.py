"""Which demands are probably one matter: a proposal. A person settles it.

Each demand goes to the cluster whose first demand it is most like (`linli.text.likeness`), or begins one of its own.
Only demands that share words are compared, so thousands take seconds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.text.grams import grams_of
from linli.text.likeness import LIKELY, Matter, Reason, likeness

MOST_COMPARED = 40
"""First demands that share the most words with a demand; those that share fewer are not like it."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Demands that are probably one matter, the first of them the one that the others are like."""

    demands: tuple[str, ...]
    because: Mapping[str, tuple[Reason, ...]]
    """Of each but the first: what speaks for it, and against."""


def proposals(demands: Mapping[str, Matter], at_least: float = LIKELY) -> tuple[Proposed, ...]:
    """The clusters, the largest first; every demand is in one. The order in which demands are named is of no account:
    the one that says most of its matter comes first."""
    found: dict[str, dict[str, tuple[Reason, ...]]] = {}
    firsts: defaultdict[str, set[str]] = defaultdict(set)
    for id in sorted(demands, key=lambda id: (-len(demands[id].words), id)):
        grams = grams_of(demands[id].title, demands[id].text)
        scored = [(likeness(demands[id], demands[first]), first) for first in _sharing(grams, firsts)]
        best = max(scored, key=lambda each: (each[0].score, each[1]), default=None)
        if best and best[0].score >= at_least:
            found[best[1]][id] = best[0].reasons
            continue
        found[id] = {}
        for gram in grams:
            firsts[gram].add(id)
    sized = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return tuple(Proposed((first, *sorted(others)), others) for first, others in sized)


def _sharing(grams: Iterable[str], firsts: Mapping[str, set[str]]) -> list[str]:
    """The first demands that share words, those with the most in common first."""
    common = Counter(first for gram in sorted(grams) for first in sorted(firsts.get(gram, ())))
    ranked = sorted(common.items(), key=lambda each: (-each[1], each[0]))
    return [first for first, _ in ranked[:MOST_COMPARED]]
