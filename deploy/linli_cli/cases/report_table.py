"""What a report says: its head, its columns, its rows, and why sums differ where they do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.contracts.kinds import Channel
from linli.contracts.workflow.community import PartyKind

GROUPS = {
    "all": "总计",
    "party": "责任方",
    "level": "层级",
    "category": "类别",
    "neighbourhood": "小区",
    "channel": "渠道",
}
KINDS = {
    PartyKind.SUBDISTRICT: "街道",
    PartyKind.COMMUNITY: "社区",
    PartyKind.GRID: "网格",
    PartyKind.BUILDING_GROUP: "楼院党小组",
    PartyKind.HOUSEHOLD: "党员中心户",
    PartyKind.PROPERTY: "物业公司",
    PartyKind.OWNERS_COMMITTEE: "业委会",
    PartyKind.TELECOM: "通信",
    PartyKind.WATER: "供水",
    PartyKind.POWER: "供电",
    PartyKind.GAS: "燃气",
    PartyKind.HEATING: "供热",
    PartyKind.BUILDER: "施工单位",
    PartyKind.SUPERVISOR: "监理单位",
}
"""Levels, and the kinds of parties outside the tree, by the keys that the rates are grouped by."""
CHANNELS = {
    Channel.WEB: "网络",
    Channel.HOTLINE: "热线",
    Channel.SUISHOUPAI: "随手拍",
    Channel.LIJIBAN: "李即办",
    Channel.DEVICE: "设备",
    Channel.DESK: "窗口",
    Channel.OPEN311: "Open311",
    Channel.IMPORT: "导入",
}
NAMELESS = {"party": "无责任方", "level": "已撤销的单位", "category": "未分类", "neighbourhood": "未写小区"}
"""What is said of the cases that have no such thing."""
COUNTS = {
    "cases": "事项数",
    "open": "在办",
    "open_late": "其中超期",
    "resolved": "办结",
    "in_time": "按期办结",
    "late": "超期办结",
    "withdrawn": "撤回",
    "escalated": "督办数",
    "returned": "退过单的事项",
}
"""Whole numbers that add up down a column."""
RATES = {"response": "响应率", "resolution": "解决率", "satisfaction": "满意率"}
COLUMNS = ("编号", "名称", *COUNTS.values(), "退单数", "办结天数中位数", "回访数", *RATES.values())
TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept as two whole numbers until it is shown."""

    yes: int
    of: int

    def __str__(self) -> str:
        """In percent with one decimal, rounded once, half up; a dash where nobody was asked."""
        if not self.of:
            return "-"
        tenths = (2_000 * self.yes + self.of) // (2 * self.of)
        return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of a community's cases in a period, for each way to group them."""

    community: str
    period: str
    dated: str
    """By what a case belongs to the period."""
    made_at: datetime
    """In the community's zone."""
    groups: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def title(self) -> str:
        return f"{self.community} {self.period} 诉求办理情况"

    @property
    def head(self) -> tuple[str, ...]:
        """What stands above each table."""
        return (self.title, f"统计期间：{self.period}（按{self.dated}）", f"制表时间：{self.made_at:%Y-%m-%d %H:%M}")

    def notes(self, by: str) -> Iterator[str]:
        """What a reader who adds up would ask."""
        total, rows = self.groups["all"], self.groups[by]
        followers, parts = _sum(total, "followers"), _sum(total, "parts")
        yield "事项数＝在办＋办结＋撤回；办结＝按期办结＋超期办结。比率以回访数为分母。"
        if followers:
            yield f"另有 {followers} 件并入其他事项，不重复计数；其反映人的回访计入比率。"
        if parts and by in {"party", "level"}:
            yield f"拆分的 {parts} 件分办事项计在承办单位名下，故合计比总计多 {parts} 件。"
        differs = _sum(rows, "cases") - _sum(total, "cases")
        if differs and not (parts and differs == parts):
            yield f"制表期间有新办理，合计与总计相差 {abs(differs)} 件。"

    def lines(self, by: str) -> Iterator[list[Any]]:
        """A table's rows in the order of COLUMNS, and their sum; None for what nobody counted."""
        rows = self.groups[by]
        if by == "all":  # nobody counts returns but by party; all there were are the sum
            rows = [{**row, "returns": _returns(self.groups["party"])} for row in rows]
        yield from (_cells(row, by) for row in rows)
        if by != "all" and rows:
            yield _total(rows)


def _cells(row: Mapping[str, Any], by: str) -> list[Any]:
    return [
        row["key"] or "",
        name_of(row, by),
        *(row[name] for name in COUNTS),
        row["returns"],
        None if row["median_days"] is None else round(row["median_days"], 1),
        row["response"]["of"],
        *(Share(row[name]["yes"], row[name]["of"]) for name in RATES),
    ]


def name_of(row: Mapping[str, Any], by: str) -> str:
    """What a row is called: never by its id alone where it has a name."""
    key = row["key"] or ""
    names: Mapping[str, Mapping[Any, str]] = {"level": KINDS, "channel": CHANNELS}
    return row["name"] or names.get(by, {}).get(key) or (NAMELESS.get(by, key) if key in {"", "unknown"} else key)


def _total(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    shares = [Share(_sum_of(rows, name, "yes"), _sum_of(rows, name, "of")) for name in RATES]
    counts = [_sum(rows, name) for name in COUNTS]
    return [TOTAL, "", *counts, _returns(rows), None, _sum_of(rows, "response", "of"), *shares]


def _returns(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """None where nobody counted."""
    counted = [row["returns"] for row in rows if row["returns"] is not None]
    return sum(counted) if counted else None


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _sum_of(rows: Iterable[Mapping[str, Any]], rate: str, name: str) -> int:
    return sum(row[rate][name] for row in rows)
