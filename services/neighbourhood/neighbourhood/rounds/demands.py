"""The demands of a round, as who settles them sees them: in words, with those that are probably one matter together."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.text.likeness import Matter, Reason
from neighbourhood.rounds.domain.clustering import proposals
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.domain.round import Round

_ONE = asyncio.Lock()
"""One proposal at a time: it takes a core for seconds, where there are thousands."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One need that was raised."""

    id: str
    text: str
    place: str
    cluster: str | None
    left_out: bool


@dataclass(frozen=True, slots=True)
class ProposedCluster:
    """Demands that are probably one matter; the first is the one that the others are like."""

    demands: tuple[Demand, ...]
    because: Mapping[str, tuple[Reason, ...]]


async def proposed(round: Round, responses: Sequence[Response], *, everything: bool) -> list[ProposedCluster]:
    """Of the demands that nobody has settled, or of all; the largest first."""
    known = demands_of(round, responses)
    wanted = {id: each for id, each in known.items() if everything or id not in round.settled}
    matters = {
        demand: Matter(
            title=each.text[:80],
            text=each.text,
            place=each.place or None,
            at=round.closed_at,
            neighbourhood=round.neighbourhood,
        )
        for demand, each in wanted.items()
        if round.closed_at is not None
    }
    async with _ONE:
        found = await asyncio.to_thread(proposals, matters)
    return [ProposedCluster(tuple(wanted[id] for id in each.demands), each.because) for each in found]


def demands_of(round: Round, responses: Sequence[Response]) -> dict[str, Demand]:
    """By id."""
    found = {}
    clusters = {demand: name for name, each in round.clusters.items() for demand in each.demands}
    for response in responses:
        answers: Mapping[str, GivenAnswer] = {each.question: each for each in response.answers}
        for question, demand in response.raised.items():
            answer = answers.get(question)
            text, place = (answer.text, answer.place) if answer else ("", "")
            found[demand] = Demand(demand, text, place, clusters.get(demand), demand in round.left_out)
    return found
