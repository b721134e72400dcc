"""Links by what they come from, and which of them still hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from linli.contracts.neighbourhood.plans import PlanStage
from linli.contracts.neighbourhood.rounds import RoundStage
from neighbourhood.lineage.domain.links import Kind, Link, Relation, State, Thing, newest

R = Relation
_ENDS_THERE = frozenset({Kind.DEFECT, Kind.ACCEPTANCE, Kind.MEETING})
_MAY_BE_OVER = frozenset({R.MERGED, R.DECLINED, R.WRITTEN, R.FILED})
_AS_WRITTEN = {R.CITED: R.WRITTEN, R.PLACED: R.SETTLED}
"""What holds only as long as its target has not been written anew without it."""


def wanted(demand: str, links: Iterable[Link], asked: Collection[Thing]) -> frozenset[Thing]:
    """The things whose links are to be loaded next, by their source; none once all of a lineage is there.

    Five queries do for the longest way: demand, the one that it is merged into, item, commitment, action.
    """
    found = {each.target for each in links if each.relation is not R.SUPERSEDED}
    found.add(Thing(Kind.DEMAND, demand))
    return frozenset(each for each in found if each.kind not in _ENDS_THERE).difference(asked)


class Web:
    """All links that were loaded for a lineage, in an order of their own."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._from: defaultdict[Thing, list[Link]] = defaultdict(list)
        for _, each in sorted(newest(links).items()):
            self._from[each.source].append(each)

    def of(self, source: Thing, relation: Relation) -> tuple[Link, ...]:
        """Its links that hold."""
        return tuple(each for each in self._from[source] if each.relation is relation and self._holds(each))

    def one(self, source: Thing, relation: Relation) -> Link | None:
        """The link of a relation that a thing has one of."""
        return next(iter(self.of(source, relation)), None)

    def standing(self, thing: Thing) -> Link | None:
        return self.one(thing, R.STANDING)

    def near(self, demand: str) -> tuple[Thing, ...]:
        """The demand, and what it is merged into: what becomes of that becomes of it."""
        found = [Thing(Kind.DEMAND, demand)]
        while (merged := self.one(found[-1], R.MERGED)) and merged.target not in found:
            found.append(merged.target)
        return tuple(found)

    def community_of(self, demand: str) -> str | None:
        """Whose demand it is, as its case says and nothing else can; None while that is not known."""
        standing = self.standing(Thing(Kind.DEMAND, demand))
        return standing.community if standing else None

    def plan_of(self, item: Thing) -> Thing | None:
        """The plan that an item stands in."""
        written = self.one(item, R.WRITTEN)
        return written.target if written else None

    def stage_of(self, plan: Thing) -> PlanStage:
        standing = self.standing(plan)
        return PlanStage(standing.state) if standing else PlanStage.DRAFTING

    def is_summarised(self, round: Thing) -> bool:
        """Whether what it says of demands stays so."""
        standing = self.standing(round)
        return standing is not None and standing.state in {RoundStage.SUMMARISED, RoundStage.PUBLISHED}

    def is_accepted(self, package: Thing) -> bool:
        accepting = self.one(package, R.ACCEPTING)
        return accepting is not None and accepting.state == State.PASSED

    def _holds(self, link: Link) -> bool:
        if link.relation in _MAY_BE_OVER:
            return link.state == State.HOLDS
        if (writing := _AS_WRITTEN.get(link.relation)) and link.state == State.HOLDS:
            written = self.one(link.target, writing)
            return written is not None and written.sequence == link.sequence
        return True
