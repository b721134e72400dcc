"""A covenant for who does not hold it: how many households signed which text, and none of them."""

from collections import Counter

from linli.frozen import replace
from neighbourhood.covenants.domain.covenant import Covenant


def without_households(covenant: Covenant) -> Covenant:
    """With a number in place of each household that signed, counted anew under each text."""
    signed = Counter(digest for digest, _ in covenant.signatures)
    unnamed = frozenset((digest, f"household-{at}") for digest, of in signed.items() for at in range(1, of + 1))
    return replace(
        covenant, signatures=unnamed, versions=tuple(replace(each, commented={}) for each in covenant.versions)
    )
