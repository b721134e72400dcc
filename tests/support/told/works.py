"""A package of the plan's works, and a structure that stood in its way."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import clearing, works, works_accepted, works_checked
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import DAY, HOUSEHOLD, PLACED, TODAY, digest, photo

PACKAGE = "works-1"
_WORKS: dict[str, Any] = PLACED | {"package_id": PACKAGE}
_HIDDEN: dict[str, Any] = _WORKS | {"hidden_id": "hidden-1"}
_DEFECT: dict[str, Any] = _WORKS | {"defect_id": "defect-1"}
_CLEARING: dict[str, Any] = PLACED | {"clearing_id": "clearing-1"}
_ANSWERED: dict[str, Any] = {"items": ["shed"], "demands": ["d-01", "d-17"]}
_WARRANTIES = [{"trade": "waterproofing", "until": TODAY + 5 * 365 * DAY}]
_PAPERS = [{"name": "竣工图", "sha256": digest("drawings")}]
_SHED: dict[str, Any] = {
    "id": "shed-1",
    "name": "3号楼北侧车棚",
    "place": "3号楼北侧",
    "location": {"lon": 120.404, "lat": 36.1325},
    "trades": ["waterproofing"],
    "lift": "lift-1",
    "maintained_by": "builder-co",
    "papers": _PAPERS,
}
_BEFORE, _AFTER = [photo("before")], [photo("after")]

TOLD: Sequence[Affair] = (
    works.PackageOpened(
        **_WORKS,
        **_ANSWERED,
        title="电动车棚",
        plan_id="plan-1",
        plan_hash=digest("version 2"),
        appointed=[{"role": "client", "party": "subdistrict"}, {"role": "builder", "party": "builder-co"}],
        trades=["waterproofing", "electrics"],
        lifts=["lift-1"],
        plan_checked=True,
    ),
    works.PackageProgressed(**_WORKS, percent=40, message="基础已完成。"),
    works_checked.SupervisionRecorded(
        **_WORKS, round_id="walk-1", kind="residents", photos=_BEFORE, note_sha256=digest("防水卷材有破损")
    ),
    works_checked.HiddenWorkNotified(**_HIDDEN, what="3号楼北侧电缆沟"),
    works_checked.HiddenWorkFailed(**_HIDDEN, why="埋深不足。", photos=_BEFORE),
    works_checked.HiddenWorkPassed(**_HIDDEN, photos=_AFTER),
    works_checked.HiddenWorkCovered(**_HIDDEN),
    works_checked.DefectReported(
        **_DEFECT, what_sha256=digest("棚顶漏水"), round_id="walk-1", trade="waterproofing", photos=_BEFORE
    ),
    works_checked.DefectConfirmed(**_DEFECT),
    works_checked.DefectDismissed(**_DEFECT, why="属于冷凝水。"),
    works_checked.RectificationOrdered(**_DEFECT, to="builder-co", due=TODAY + 7 * DAY),
    works_checked.RectificationSubmitted(**_DEFECT, before=_BEFORE, after=_AFTER),
    works_checked.RectificationReturned(**_DEFECT, why="仍有渗水。", due=TODAY + 10 * DAY),
    works_checked.RectificationVerified(**_DEFECT),
    works.PackageCompleted(**_WORKS),
    works.LiftRegistered(**_WORKS, lift="lift-1", certificate="梯11鲁B00001(26)", on=TODAY),
    works_accepted.AcceptanceRequested(**_WORKS, warranty_letter=digest("质量保修书")),
    works_accepted.AcceptanceConvened(**_WORKS, on=TODAY + 3 * DAY),
    works_accepted.AcceptanceSigned(**_WORKS, role="supervisor", agrees=True, remark="同意验收"),
    works_accepted.GateOpinionGiven(
        **_WORKS, representative=HOUSEHOLD, agrees=True, remark_sha256=digest("充电口再加两个更好")
    ),
    works_accepted.ResidentsGateHeld(
        **_WORKS,
        representatives=[HOUSEHOLD, "h-10e2", "h-8d33"],
        agrees=True,
        remark_sha256=digest("充电口再加两个更好"),
    ),
    works_accepted.AcceptancePassed(
        **_WORKS,
        **_ANSWERED,
        accepted_on=TODAY,
        file_by=TODAY + 15 * DAY,
        warranties=_WARRANTIES,
    ),
    works_accepted.AcceptanceFailed(**_WORKS, why="监理单位不同意。"),
    works_accepted.AcceptanceFiled(**_WORKS, number="青建备〔2026〕017号", on=TODAY + 9 * DAY, late_by=0),
    works_accepted.AcceptanceRevoked(**_WORKS, why="竣工资料不实。"),
    works_accepted.WarrantyReminded(**_WORKS, trade="waterproofing", until=TODAY + 30 * DAY, days_before=30),
    works_accepted.WorksDutyReminded(**_WORKS, duty="lifts", until=TODAY + 30 * DAY, days_before=7),
    works.PackageHandedOver(
        **_WORKS,
        **_ANSWERED,
        title="电动车棚",
        to="hehe-property",
        builder="builder-co",
        facilities=[_SHED],
        papers=_PAPERS,
        warranty_letter=digest("质量保修书"),
        warranties=_WARRANTIES,
        accepted_on=TODAY,
        filed="青建备〔2026〕017号",
        lifts=[{"lift": "lift-2", "certificate": "梯11鲁B00002(26)"}],
        unregistered=["lift-1"],
        register_by=TODAY + 30 * DAY,
    ),
    clearing.StructureFound(
        **_CLEARING,
        what="彩钢板房",
        place="3号楼北侧消防通道",
        photos=_BEFORE,
        occupier=HOUSEHOLD,
        package_id=PACKAGE,
    ),
    clearing.ClearingNoticed(
        **_CLEARING, notice=digest("限期拆除决定书"), remove_by=TODAY + 15 * DAY, appeal_by=TODAY + 60 * DAY
    ),
    clearing.ClearingAppealed(**_CLEARING, on=TODAY + 5 * DAY),
    clearing.ClearingAppealDecided(**_CLEARING, upheld=False, why="没有规划许可。"),
    clearing.StructureCleared(**_CLEARING, voluntary=True, before=_BEFORE, after=_AFTER),
    clearing.ClearingChecked(**_CLEARING, clean=True, photos=_AFTER, number=1),
)
