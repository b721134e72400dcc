"""How much of a vote's state who asks may see, while it is not declared and afterwards."""

from collections.abc import Mapping

from linli.contracts.neighbourhood.votes import VoteState
from linli.frozen import replace
from neighbourhood.votes.domain.vote import Challenge, Vote

TOLD = frozenset({VoteState.DECLARED, VoteState.PUBLISHED})
"""When everybody may know what came of it."""


def as_seen(vote: Vote, who: str, holds: bool) -> Vote:
    """A vote for a key: whole for who holds it, and for its tellers; for all others without owners' ids.

    What tellers have found nobody else reads before it is declared but who holds it; and a teller, also one who holds
    it, finds their own numbers: those of the first are shown to the second once they agree.
    """
    counts = who in vote.asked.tellers
    shown = vote if may_see_the_count(vote, who, holds) else replace(vote, count=None)
    return shown if holds or counts else replace(shown, proxies={}, challenges=_unnamed(vote.challenges))


def may_see_the_count(vote: Vote, who: str, holds: bool) -> bool:
    """Whether what tellers have certified so far is shown to a key."""
    if vote.state in TOLD:
        return True
    if who in vote.asked.tellers:
        return who in vote.certified or vote.state is not VoteState.CLOSED
    return holds


def _unnamed(challenges: Mapping[str, Challenge]) -> Mapping[str, Challenge]:
    """That there are some, on which ground and how they end; not of whom."""
    return {id: replace(each, owner=f"owner-{at}") for at, (id, each) in enumerate(challenges.items(), 1)}
