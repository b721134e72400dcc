"""How far it is, as a page: what a tracking code opens in a browser. 查看进展"""

import html
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from workflow.cases.api.views import Timeline, TimelineEntry

STATES: Mapping[Language, Mapping[CaseState, str]] = {
    Language.ZH: {
        CaseState.OPEN: "已受理",
        CaseState.TRIAGE: "待分派",
        CaseState.DISPATCHED: "已派单",
        CaseState.ACCEPTED: "办理中",
        CaseState.RETURNED: "重新分派中",
        CaseState.RESOLVED: "已办结",
        CaseState.CLOSED: "已结案",
        CaseState.WITHDRAWN: "已撤回",
    },
    Language.EN: {
        CaseState.OPEN: "received",
        CaseState.TRIAGE: "being assigned",
        CaseState.DISPATCHED: "assigned",
        CaseState.ACCEPTED: "being dealt with",
        CaseState.RETURNED: "being assigned anew",
        CaseState.RESOLVED: "dealt with",
        CaseState.CLOSED: "closed",
        CaseState.WITHDRAWN: "withdrawn",
    },
}
STEPS: Mapping[Language, Mapping[str, str]] = {
    Language.ZH: {
        "progressed": "办理进展",
        "paused": "暂停办理",
        "resumed": "继续办理",
        "reopened": "重新办理",
        "rated": "收到您的评价",
        "documented": "现场照片",
        "merged": "与相同事项一并办理",
        "unmerged": "单独办理",
        "split": "由多个单位分别办理",
        "corrected": "信息已更正",
        "escalated": "已上报督办",
    },
    Language.EN: {
        "progressed": "how it is going",
        "paused": "waiting",
        "resumed": "going on",
        "reopened": "taken up again",
        "rated": "your answer was received",
        "documented": "photos",
        "merged": "dealt with together with the same matter",
        "unmerged": "dealt with on its own",
        "split": "several parties have each a part of it",
        "corrected": "details were put right",
        "escalated": "taken to the next level",
    },
}
"""What a step was; of the others the state says it all."""
NOT_THE_PARTYS = frozenset({"withdrawn", "noted", "rated", "corrected", "merged", "unmerged"})
"""What somebody else does with a case: the reporter, or who decides. Who is responsible is not named beside it."""
WORDS = {
    Language.ZH: {
        "now": "目前：",
        "photo": "照片",
        "earlier": "更早的进展",
        "answer": "请评价办理结果",
        "unknown": "查不到这个查询码",
        "why": "请核对查询码。刚刚提交的事项，请过一会儿再试。",
    },
    Language.EN: {
        "now": "Now: ",
        "photo": "photo",
        "earlier": "Earlier steps",
        "answer": "Tell us how it was",
        "unknown": "Nothing is known under this code",
        "why": "Please check the code. One that you have just been given is known after some seconds.",
    },
}


def progress(timeline: Timeline, code: str, language: Language, zone: ZoneInfo) -> str:
    """The steps in HTML, the newest first. Links lead to what the same code opens."""
    words = WORDS[language]
    here = f"/v1/track/{html.escape(code, quote=True)}"
    parts = [f"<p>{words['now']}<strong>{STATES[language][timeline.state]}</strong></p>"]
    if timeline.state is CaseState.RESOLVED:
        parts.append(f'<p><a href="{here}/follow-up">{words["answer"]}</a></p>')
    steps = "".join(_step(entry, here, language, zone) for entry in reversed(timeline.timeline))
    parts.append(f"<ul>{steps}</ul>")
    if timeline.earlier is not None:
        parts.append(f'<p><a href="{here}?before={timeline.earlier}">{words["earlier"]}</a></p>')
    return "".join(parts)


def unknown(language: Language) -> tuple[str, str]:
    """Heading and body for a code that opens nothing."""
    return WORDS[language]["unknown"], f"<p>{WORDS[language]['why']}</p>"


def _step(entry: TimelineEntry, here: str, language: Language, zone: ZoneInfo) -> str:
    happened = entry.type.removeprefix("linli.case.").rpartition(".v")[0]
    what = STEPS[language].get(happened) or STATES[language][entry.state]
    said = f"<br>{html.escape(entry.message).replace(chr(10), '<br>')}" if entry.message else ""
    photos = "".join(
        f' <a href="{here}/evidence/{html.escape(id, quote=True)}">{WORDS[language]["photo"]} {number}</a>'
        for number, id in enumerate(entry.photos or (), start=1)
    )
    party = f" · {html.escape(entry.party)}" if entry.party and happened not in NOT_THE_PARTYS else ""
    return f"<li>{_at(entry.at, zone)} {what}{party}{said}{photos}</li>"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
