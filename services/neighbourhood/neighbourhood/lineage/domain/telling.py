"""Who is to be told of what: the demander, by the submission's id, of each step once.

What is told follows from how a lineage stands, not from the order in which events came. So who is told late, after a
service was away, is told how it stands and not the whole way there.
"""

from collections.abc import Collection
from dataclasses import dataclass

from linli.contracts.intake.subscription import Hears
from linli.contracts.neighbourhood.plans import PlanStage
from neighbourhood.digests import digest_of_text
from neighbourhood.lineage.domain.assembling import CLUSTERED, DECLINED
from neighbourhood.lineage.domain.lineage import End, Lineage, Stage, Step
from neighbourhood.lineage.domain.links import State


@dataclass(frozen=True, slots=True)
class Told:
    """One message to one demander. `id` is the same however often, and by whomever, it is worked out."""

    id: str
    submission: str
    step: Step


_NEWS_OF_THE_CASE = frozenset({End.WITHDRAWN, End.RESOLVED})
"""Ends that the demander has brought about, or hears of by the letters about the case."""
_MILESTONES: frozenset[tuple[Stage, str]] = frozenset(
    {
        (Stage.CLUSTER, CLUSTERED),
        (Stage.CLUSTER, State.LEFT_OUT),
        (Stage.PLAN, DECLINED),
        (Stage.ITEM, PlanStage.FINALISED),
        (Stage.PACKAGE, State.BUILDING),
        (Stage.ACCEPTANCE, State.PASSED),
        (Stage.ACCEPTANCE, State.FAILED),
        (Stage.ACCEPTANCE, State.REVOKED),
    }
)


def is_told(step: Step, level: Hears) -> bool:
    """Whether a demander who wants to hear so much hears of it. What is a draft is told to nobody, the end to all."""
    if not step.settled or step.stage is Stage.CASE:
        return False  # of the case itself its own letters tell
    if step.stage is Stage.END:
        return step.state not in _NEWS_OF_THE_CASE
    return level is Hears.EVERY_STEP or (level is Hears.MILESTONES and (step.stage, step.state) in _MILESTONES)


def told(lineage: Lineage, level: Hears, already: Collection[str] = ()) -> tuple[Told, ...]:
    """What the demander has not been told, the earliest first. After the end nothing but the end is told."""
    steps = lineage.at(Stage.END) or lineage.steps
    news = (Told(_id(lineage.demand, each), lineage.demand, each) for each in steps if is_told(each, level))
    return tuple(each for each in news if each.id not in already)


def _id(demand: str, step: Step) -> str:
    """Of what happened and not of when it was read: what happens anew has another event, and is told anew."""
    about = "|".join((demand, step.stage, *step.thing, step.state, *step.because))
    return digest_of_text(about)[:32]
