"""The progress of a case as a page, for a browser with the tracking code. 查看进展"""

import html
from datetime import datetime
from zoneinfo import ZoneInfo

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import STATES, PublicStep, in_words
from workflow.cases.api.views import Timeline

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


def _step(entry: PublicStep, here: str, language: Language, zone: ZoneInfo) -> str:
    message = f"<br>{html.escape(entry.message).replace(chr(10), '<br>')}" if entry.message else ""
    photos = "".join(
        f' <a href="{here}/evidence/{html.escape(id, quote=True)}">{WORDS[language]["photo"]} {number}</a>'
        for number, id in enumerate(entry.photos or (), start=1)
    )
    return f"<li>{_at(entry.at, zone)} {html.escape(in_words(entry, language))}{message}{photos}</li>"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
