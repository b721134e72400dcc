"""The lineage of a demand: its steps in their order, worked out of links, whatever order those came in."""

from collections.abc import Iterable, Iterator

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plans import PlanStage
from linli.frozen import replace
from neighbourhood.lineage.domain.ending import ended
from neighbourhood.lineage.domain.lineage import ORDER, Lineage, Stage, Step
from neighbourhood.lineage.domain.links import Kind, Link, Relation, State, Thing
from neighbourhood.lineage.domain.web import Web

R = Relation
RAISED, CLUSTERED, OWED, DECLINED, MADE, FILED = "raised", "clustered", "owed", "declined", "made", "filed"
"""States of steps for which neither a context nor `State` has a word."""


def assembled(demand: str, links: Iterable[Link]) -> Lineage:
    """What became of it, by all the links that `wanted` asked for; more do no harm."""
    web = Web(links)
    near = web.near(demand)
    steps = _joined((*_of_demands(web, near), *_of_talks_and_works(web, near)))
    end = ended(web, near)
    where = web.community_of(demand)
    return Lineage(demand, (*steps, end[1]) if end else steps, end[0] if end else None, where)


def _of_demands(web: Web, near: tuple[Thing, ...]) -> Iterator[Step]:
    for each in near:
        if standing := web.standing(each):
            yield _step(Stage.CASE, each, standing.state, standing)
        for raised in web.of(each, R.RAISED):
            yield _step(Stage.ROUND, raised.target, RAISED, raised, of=each)
        for placed in web.of(each, R.PLACED):
            yield _placed(web, each, placed)
        for plan in sorted({link.target for link in (*web.of(each, R.TAKEN), *web.of(each, R.DECLINED))}):
            yield from _answered(web, each, plan)
        for cited in web.of(each, R.CITED):
            yield _cited(web, each, cited)


def _placed(web: Web, demand: Thing, placed: Link) -> Step:
    if placed.state == State.LEFT_OUT:
        settled = web.is_summarised(placed.target)
        return _step(Stage.CLUSTER, placed.target, State.LEFT_OUT, placed, of=demand, settled=settled)
    settled = any(web.is_summarised(each.target) for each in web.of(placed.target, R.SETTLED))
    return _step(Stage.CLUSTER, placed.target, CLUSTERED, placed, of=demand, settled=settled)


def _answered(web: Web, demand: Thing, plan: Thing) -> Iterator[Step]:
    """What a plan says of a demand where no item of it says so."""
    settled = web.stage_of(plan) is not PlanStage.DRAFTING
    declined = next((each for each in web.of(demand, R.DECLINED) if each.target == plan), None)
    if declined:
        yield _step(Stage.PLAN, plan, DECLINED, declined, of=demand, settled=settled)
    elif not any(web.plan_of(each.target) == plan for each in web.of(demand, R.CITED)):
        taken = (each for each in web.of(demand, R.TAKEN) if each.target == plan)
        yield from (_step(Stage.PLAN, plan, OWED, each, of=demand, settled=settled) for each in taken)


def _cited(web: Web, demand: Thing, cited: Link) -> Step:
    plan = web.plan_of(cited.target)
    stage = web.stage_of(plan) if plan else PlanStage.DRAFTING
    said = [each for each in (cited, web.standing(plan) if plan else None) if each]
    return _step(Stage.ITEM, cited.target, stage, *said, of=demand, settled=stage is not PlanStage.DRAFTING)


def _of_talks_and_works(web: Web, near: tuple[Thing, ...]) -> Iterator[Step]:
    items = {cited.target for each in near for cited in web.of(each, R.CITED)}
    origins = sorted({*near, *items})
    made = {link.target: link for each in origins for link in web.of(each, R.COMMITTED)}
    for each in origins:
        for link in web.of(each, R.COMMITTED):
            yield _step(Stage.COMMITMENT, link.target, MADE, link, of=each)
        for link in web.of(each, R.BUILT):
            yield from _package(web, each, link)
    for each in (*origins, *sorted(made)):
        for link in web.of(each, R.ASSIGNED):
            standing = web.standing(link.target) or link
            yield _step(Stage.ACTION, link.target, standing.state, standing, of=each)


def _package(web: Web, origin: Thing, built: Link) -> Iterator[Step]:
    package = built.target
    standing = web.standing(package) or built
    # A demand that an item leads to the package from needs no second way to it.
    direct = origin.kind is Kind.DEMAND and any(
        link.target == package for cited in web.of(origin, R.CITED) for link in web.of(cited.target, R.BUILT)
    )
    yield _step(Stage.PACKAGE, package, standing.state, standing, of=None if direct else origin)
    for found in web.of(package, R.FOUND):
        yield _step(Stage.DEFECT, found.target, found.state, found, of=package)
    for accepting in web.of(package, R.ACCEPTING):
        filed = web.one(package, R.FILED) if accepting.state == State.PASSED else None
        said = [accepting, filed] if filed else [accepting]
        yield _step(Stage.ACCEPTANCE, accepting.target, FILED if filed else accepting.state, *said, of=package)


def _step(stage: Stage, thing: Thing, state: str, *said: Link, of: Thing | None = None, settled: bool = True) -> Step:
    at, because = max(each.at for each in said), tuple(each.event for each in said)
    reason: Wording | None = said[0].reason
    return Step(stage, thing, state, at, because, (of,) if of else (), reason, settled)


def _joined(steps: Iterable[Step]) -> tuple[Step, ...]:
    """In the order in which a demand comes to them, one for each thing, also where several things lead to it."""
    found: dict[tuple[int, Thing, str], Step] = {}
    for each in steps:
        key = (ORDER.index(each.stage), each.thing, each.state)
        if before := found.get(key):
            came_of = tuple(sorted({*before.came_of, *each.came_of}))
            because = tuple(sorted({*before.because, *each.because}))
            each = replace(  # noqa: PLW2901 - the same step, of all that it came of
                before, came_of=came_of, because=because, at=max(before.at, each.at)
            )
        found[key] = each
    return tuple(each for _, each in sorted(found.items(), key=lambda one: (one[0][0], one[1].at, one[0][1:])))
