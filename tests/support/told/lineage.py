"""What has become of two demands: one is built, one could not be taken up."""

from collections.abc import Sequence

from linli.contracts.neighbourhood import lineage
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import AT

TOLD: Sequence[Affair] = (
    lineage.DemandReached(
        **AT,
        demand="d-17",
        message="plan-1:12",
        stage="item",
        kind="item",
        thing="plan-1~shed",
        state="finalised",
        reason={"zh": "已列入改造方案。"},
    ),
    lineage.DemandEnded(
        **AT,
        demand="d-35",
        message="plan-1:12",
        end="declined",
        kind="plan",
        thing="plan-1",
        reason={"zh": "规划红线外，已转城建部门。"},
    ),
)
