"""What things are called in letters and messages, in both languages."""

from linli.contracts.case import Waiting
from linli.contracts.kinds import Kind, Language

OWED = {
    Language.ZH: {
        "accept": "签收",
        "answer": "首次答复",
        "resolve": "办结",
        "decide": "重新办理决定",
        "level": "督办",
    },
    Language.EN: {
        "accept": "acceptance",
        "answer": "a first answer",
        "resolve": "resolution",
        "decide": "a decision on reopening",
        "level": "action",
    },
}
"""What a deadline was for."""
KINDS = {
    Language.ZH: {Kind.DEMAND: "需求", Kind.REPORT: "报事", Kind.DISPUTE: "矛盾纠纷", Kind.ALARM: "告警"},
    Language.EN: {Kind.DEMAND: "demand", Kind.REPORT: "report", Kind.DISPUTE: "dispute", Kind.ALARM: "alarm"},
}
TIMES = {Language.ZH: "%Y年%m月%d日 %H:%M", Language.EN: "%d %B %Y, %H:%M"}
WAITING = {
    Language.ZH: {
        Waiting.RESIDENT: "反映人",
        Waiting.PART: "配件或材料",
        Waiting.VOTE: "业主表决",
        Waiting.OTHER: "其他条件",
    },
    Language.EN: {
        Waiting.RESIDENT: "the reporter",
        Waiting.PART: "a part",
        Waiting.VOTE: "a vote",
        Waiting.OTHER: "something else",
    },
}
"""What a paused case waits for."""
FIELDS = {
    Language.ZH: {
        "kind": "类型",
        "title": "事项",
        "neighbourhood": "小区",
        "category": "类别",
        "place": "地点",
        "location": "位置",
    },
    Language.EN: {
        "kind": "Kind",
        "title": "What",
        "neighbourhood": "Neighbourhood",
        "category": "Category",
        "place": "Place",
        "location": "Position",
    },
}
"""What can be put right of a case."""
