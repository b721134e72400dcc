"""What the reporter of a dispute is told of its mediation: a step of the case, so that it goes the way of all notices.

Nothing that was said or agreed is in it: a time, a party's name, and that there is something to read.
"""

from datetime import datetime

from linli.contracts.kinds import Language
from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.case import CaseMediated, CaseState, MediationStep
from linli.contracts.workflow.mediation import MediationEvent
from linli.web.localized import Localized, in_chinese
from workflow.cases.domain.case import Case, Step, case_event, moved
from workflow.community.domain.directory import Directory


def told_to_reporter(case: Case, event: MediationEvent, directory: Directory, now: datetime) -> Step | None:
    """The case after its reporter was told; None for what they are not told, or where nobody waits for it."""
    if case.state is CaseState.WITHDRAWN or (said := _said(event, directory, case.language)) is None:
        return None
    step, text = said
    after = moved(case, case.state, now)
    return after, case_event(CaseMediated, after, by="linli", message=in_language(case.language, text), step=step)


def in_language(language: Language, text: Localized) -> str:
    return in_chinese(text) if language is Language.ZH else str(text)


def _said(event: MediationEvent, directory: Directory, language: Language) -> tuple[MediationStep, Localized] | None:
    match event:
        case told.SessionCalled():
            return MediationStep.SESSION, _session(event, directory, language)
        case told.AgreementDrafted():
            text = Localized(
                "The agreement is there to be read and signed on the mediation's page, by your tracking code.",
                "调解协议已经拟好，请凭查询码在调解页面阅读并签署。",
            )
            return MediationStep.SIGNING, text
        case told.ReturnVisitDue():
            text = Localized(
                "Somebody will come to see whether what was agreed is kept.", "调解回访：我们会来了解协议是否履行。"
            )
            return MediationStep.VISIT, text
        case _:
            return None


def _session(event: told.SessionCalled, directory: Directory, language: Language) -> Localized:
    starts = event.starts_at.astimezone(directory.zone)
    host = directory.party(event.venue or "")
    at = {
        "zh": f"{starts.year}年{starts.month}月{starts.day}日 {starts:%H:%M}",
        "en": f"{starts:%d %B %Y, %H:%M}",
    }
    english, chinese = "Session: {at}", "调解会：{at}"
    if event.online:
        english, chinese = f"{english}, online", f"{chinese}，线上"
    elif host is not None:
        english, chinese = f"{english}, at {{host}}", f"{chinese}，地点：{{host}}"
    english += ". Where exactly is on the mediation's page."
    chinese += "。具体房间或链接见调解页面。"
    name = host.called(language) if host else ""
    return Localized(english, chinese, at=Localized(at["en"], at["zh"]), host=name)
