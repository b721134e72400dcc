"""A real event of every type of a neighbourhood's common affairs: also what an integrator may try a reader with.

They are of one renewal, 槐荫里's, and in the order in which it goes: needs, plan, talks, vote, works, covenant;
and at last what became of two demands.
"""

from collections.abc import Sequence

from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told import covenants, deliberations, lineage, plans, publicity, rounds, taskforce, votes, works

AFFAIRS: Sequence[Affair] = (
    *rounds.TOLD,
    *publicity.TOLD,
    *plans.TOLD,
    *taskforce.TOLD,
    *deliberations.TOLD,
    *votes.TOLD,
    *works.TOLD,
    *covenants.TOLD,
    *lineage.TOLD,
)
