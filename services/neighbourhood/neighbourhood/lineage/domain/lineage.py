"""What became of one demand: its steps, and the end, where it has one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.contracts.neighbourhood.affairs import Wording
from neighbourhood.lineage.domain.links import Thing


class Stage(StrEnum):
    """Of what kind a step is, in the order in which a demand comes to them."""

    CASE = "case"  # 诉求
    ROUND = "round"  # 征集
    CLUSTER = "cluster"  # 归类
    PLAN = "plan"  # 方案的答复
    ITEM = "item"  # 方案内容
    COMMITMENT = "commitment"  # 承诺
    ACTION = "action"  # 任务
    PACKAGE = "package"  # 工程
    DEFECT = "defect"  # 质量缺陷
    ACCEPTANCE = "acceptance"  # 验收
    END = "end"  # 结果


ORDER = tuple(Stage)


class End(StrEnum):
    """Why nothing more is to come of it. Only what nobody can change any more without saying so is an end."""

    ACCEPTED = "accepted"
    """All that was built for it is accepted."""
    LEFT_OUT = "left_out"
    """The round that it was made in put it into no cluster, for a reason."""
    DECLINED = "declined"
    """The plan that holds does not answer it, for a reason."""
    SUPERSEDED = "superseded"
    """Another plan holds in place of the one that had answered it, and does not."""
    WITHDRAWN = "withdrawn"
    """Its demander took it back."""
    RESOLVED = "resolved"
    """No plan was needed: its case is done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the demand came to, as it stands now."""

    stage: Stage
    thing: Thing
    state: str
    """What the thing's own context calls it; of an item, its plan's stage."""
    at: datetime
    """Since when."""
    because: tuple[str, ...]
    """The events that say so, by id."""
    came_of: tuple[Thing, ...] = ()
    """What it follows from, for who draws it."""
    reason: Wording | None = None
    settled: bool = True
    """False while it is a draft of somebody's that nobody else has been shown."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """`end` is None while something is to come. Its step is the last one."""

    demand: str
    steps: tuple[Step, ...]
    end: End | None
    community: str | None = None
    """Whose it is; None while nothing was heard of its case."""

    def at(self, stage: Stage) -> tuple[Step, ...]:
        return tuple(each for each in self.steps if each.stage is stage)

    @property
    def reached(self) -> Stage | None:
        """How far it has come; None of what nobody has heard of."""
        before = [each.stage for each in self.steps if each.stage is not Stage.END]
        return before[-1] if before else None
