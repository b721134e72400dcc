"""What a demand has come to 诉求的去向: told step by step to who made it, and at its end to the case.
Key: `demand~` and the submission's id, which is also the case's.

A demand may be of a thousand neighbours' who never meet; an event names the demand and what it came to, and nobody.
"""

from enum import StrEnum
from typing import ClassVar

from linli.contracts.neighbourhood.affairs import Affair, Id, Wording


class DemandEnd(StrEnum):
    """Why nothing more is to come of a demand."""

    ACCEPTED = "accepted"  # 已验收
    LEFT_OUT = "left_out"  # 未归类
    DECLINED = "declined"  # 未采纳
    SUPERSEDED = "superseded"  # 方案已被替代


class DemandEvent(Affair):
    """What is common to both."""

    demand: Id

    @property
    def story(self) -> str:
        return story_of(self.demand)

    @property
    def correlation(self) -> str:
        return self.demand


class DemandReached(DemandEvent):
    """It has come to a thing, such as an item of a plan that is final; who made it is told."""

    TYPE: ClassVar[str] = "linli.demand.reached.v1"

    message: Id
    """The same however often it is worked out: who is told by it is told once."""
    stage: Id
    kind: Id
    """Of the thing."""
    thing: Id
    state: Id
    reason: Wording | None = None


class DemandEnded(DemandEvent):
    """Nothing more is to come of it. Workflow resolves its case for that reason."""

    TYPE: ClassVar[str] = "linli.demand.ended.v1"

    message: Id
    end: DemandEnd
    kind: Id
    thing: Id
    """What it ended with: a package, a plan, a round."""
    reason: Wording | None = None


def story_of(demand: str) -> str:
    return f"demand~{demand}"
