"""What things are called in letters and messages, in both languages."""

from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import Waiting
from notify.notices.domain.kinds import NoticeKind

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
DAYS = {Language.ZH: "%Y年%m月%d日", Language.EN: "%d %B %Y"}
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
HEADINGS = {
    Language.ZH: {
        NoticeKind.PARTY_DISPATCHED: "派单",
        NoticeKind.PARTY_REASSIGNED: "改派",
        NoticeKind.PARTY_CORRECTED: "更正",
        NoticeKind.PARTY_PAUSED: "暂停",
        NoticeKind.PARTY_RESUMED: "恢复办理",
        NoticeKind.PARTY_REOPENED: "重新办理",
        NoticeKind.PARTY_REMINDED: "催办",
        NoticeKind.PARTY_NOT_SATISFIED: "回访不满意",
        NoticeKind.PARTY_NOT_REOPENED: "不再重办",
        NoticeKind.PARTY_WITHDRAWN: "撤回",
        NoticeKind.PARTY_SUPPLEMENTED: "补充",
        NoticeKind.PARTY_FEWER_WAIT: "少一位反映人",
        NoticeKind.PARTY_MERGED: "并案",
        NoticeKind.PARTY_JOINED: "又有人反映",
        NoticeKind.PARTY_UNMERGED: "撤销并案",
        NoticeKind.PARTY_SPLIT: "拆分",
        NoticeKind.PARTY_MEDIATED: "调解回访",
        NoticeKind.PARTY_PROMISE_HEARD: "承诺回执",
        NoticeKind.NODE_RETURNED: "退单",
        NoticeKind.NODE_NOT_SATISFIED: "回访不满意",
        NoticeKind.NODE_ESCALATED: "督办",
    },
    Language.EN: {
        NoticeKind.PARTY_DISPATCHED: "New case",
        NoticeKind.PARTY_REASSIGNED: "Reassigned",
        NoticeKind.PARTY_CORRECTED: "Put right",
        NoticeKind.PARTY_PAUSED: "Paused",
        NoticeKind.PARTY_RESUMED: "Goes on",
        NoticeKind.PARTY_REOPENED: "Reopened",
        NoticeKind.PARTY_REMINDED: "Reminder",
        NoticeKind.PARTY_NOT_SATISFIED: "Not satisfied",
        NoticeKind.PARTY_NOT_REOPENED: "Not reopened",
        NoticeKind.PARTY_WITHDRAWN: "Taken back",
        NoticeKind.PARTY_SUPPLEMENTED: "Added",
        NoticeKind.PARTY_FEWER_WAIT: "One fewer waits",
        NoticeKind.PARTY_MERGED: "Merged",
        NoticeKind.PARTY_JOINED: "Others wait too",
        NoticeKind.PARTY_UNMERGED: "By itself again",
        NoticeKind.PARTY_SPLIT: "Split",
        NoticeKind.PARTY_MEDIATED: "Return visit",
        NoticeKind.PARTY_PROMISE_HEARD: "Your promise",
        NoticeKind.NODE_RETURNED: "Returned",
        NoticeKind.NODE_NOT_SATISFIED: "Not satisfied",
        NoticeKind.NODE_ESCALATED: "Overdue",
    },
}
"""What a letter is called that tells a party of many cases; as each one's subject begins."""
