"""Cases as rows of a table that leaves the house: for an office's report, or back to the hotline they came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import Community
from linli_cli.cases.report_table import CHANNELS

STATES = {
    CaseState.OPEN: "待派单",
    CaseState.TRIAGE: "待分派",
    CaseState.DISPATCHED: "已派单",
    CaseState.ACCEPTED: "办理中",
    CaseState.RETURNED: "退单待裁定",
    CaseState.RESOLVED: "已办结",
    CaseState.CLOSED: "已结案",
    CaseState.WITHDRAWN: "已撤回",
}
KINDS = {Kind.DEMAND: "需求", Kind.REPORT: "报事", Kind.DISPUTE: "矛盾纠纷", Kind.ALARM: "告警"}
ENDED = {CaseState.RESOLVED, CaseState.CLOSED}


@dataclass(frozen=True, slots=True)
class Words:
    """How ids and moments are written for people of a community."""

    neighbourhoods: Mapping[str, str]
    categories: Mapping[str, str]
    zone: ZoneInfo

    @classmethod
    def of(cls, community: Community) -> "Words":
        return cls(
            {place.id: place.name for place in community.neighbourhoods},
            {category.id: category.name for category in community.categories},
            ZoneInfo(community.timezone),
        )

    def time(self, text: str | None) -> datetime | None:
        """In the community's zone, to the second, and without the zone: a workbook's times have none."""
        if not text:
            return None
        return datetime.fromisoformat(text).astimezone(self.zone).replace(tzinfo=None, microsecond=0)


Cell = Callable[[Mapping[str, Any], Words], Any]


def _field(name: str) -> Cell:
    return lambda case, words: case.get(name)


def _time(name: str) -> Cell:
    return lambda case, words: words.time(case.get(name))


def _party(name: str) -> Cell:
    return lambda case, words: case[name] and (case[name]["name"] or case[name]["id"])


def _yes(name: str) -> Cell:
    return lambda case, words: {True: "是", False: "否"}.get(case.get(name))  # type: ignore[arg-type]


def _late(case: Mapping[str, Any], words: Words) -> str | None:
    """Only of what is resolved: what is open may be late still."""
    if case["state"] not in ENDED or not case["resolved_at"] or not case["resolve_by"]:
        return None
    late = datetime.fromisoformat(case["resolved_at"]) > datetime.fromisoformat(case["resolve_by"])
    return "是" if late else "否"


_FROM: dict[str, tuple[str, Cell]] = {
    "external_id": ("工单编号", _field("external_id")),
    "channel": ("渠道", lambda case, words: CHANNELS.get(case["channel"], case["channel"])),
    "called_at": ("来电时间", _time("submitted_at")),
    "id": ("事项编号", _field("id")),
    "title": ("标题", _field("title")),
    "state": ("状态", lambda case, words: STATES[case["state"]]),
    "party": ("责任方", _party("party")),
}
_ANSWERED: dict[str, tuple[str, Cell]] = {
    "resolved_at": ("办结时间", _time("resolved_at")),
    "contacted": ("是否联系", _yes("contacted")),
    "solved": ("是否解决", _yes("solved")),
    "satisfied": ("是否满意", _yes("satisfied")),
}
CASES: dict[str, tuple[str, Cell]] = {
    **_FROM,
    "opened_at": ("受理时间", _time("opened_at")),
    "kind": ("类型", lambda case, words: KINDS[case["kind"]]),
    "text": ("内容", _field("text")),
    "neighbourhood": (
        "小区",
        lambda case, words: words.neighbourhoods.get(case["neighbourhood"], case["neighbourhood"]),
    ),
    "category": ("类别", lambda case, words: words.categories.get(case["category"], case["category"])),
    "place": ("地点", _field("place")),
    "accept_by": ("签收时限", _time("accept_by")),
    "resolve_by": ("办结时限", _time("resolve_by")),
    "accepted_at": ("签收时间", _time("accepted_at")),
    "late": ("超期办结", _late),
    "escalations": ("督办次数", _field("escalations")),
    "returns": ("退单次数", lambda case, words: len(case["returned_by"])),
    **_ANSWERED,
    "merged_into": ("并入事项", _field("merged_into")),
    "part_of": ("拆自事项", _field("part_of")),
}
"""Name in JSON and in English headers → header in Chinese, and how a case is row_of."""
ANSWERS: dict[str, tuple[str, Cell]] = {**_FROM, "answer": ("答复", _field("answer")), **_ANSWERED}


def row_of(case: Mapping[str, Any], columns: Mapping[str, tuple[str, Cell]], words: Words) -> list[Any]:
    """One case in the order of the columns."""
    return [cell(case, words) for _, cell in columns.values()]


def headers(columns: Mapping[str, tuple[str, Cell]], *, english: bool = False) -> Sequence[str]:
    return list(columns) if english else [header for header, _ in columns.values()]
