"""The public timeline: which steps of a case a tracking code shows, and which of their fields.

One description for both that show it: workflow (`GET /v1/track/<code>`, and the page) and notify (`GET /v1/stream`).
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import AwareDatetime

from linli.contracts.base import Record
from linli.contracts.kinds import Language
from linli.contracts.workflow.case import (
    CaseCorrected,
    CaseDispatched,
    CaseDocumented,
    CaseErased,
    CaseEvent,
    CaseJoined,
    CaseMerged,
    CaseNoted,
    CaseParted,
    CasePromiseHeard,
    CaseRedacted,
    CaseReminded,
    CaseReturned,
    CaseSplit,
    CaseState,
    CaseUnmerged,
    Stage,
)
from linli.contracts.workflow.community import Party

NOT_PUBLIC = (CaseNoted, CaseReminded, CaseErased, CaseRedacted, CaseJoined, CaseParted, CasePromiseHeard)
"""What is no step of it."""
SAID_AMONG_STAFF = (CaseDispatched, CaseReturned, CaseMerged, CaseUnmerged, CaseSplit, CaseCorrected)
"""These are told without their message: why a case was returned, or moved to another party."""
STAGES_AMONG_STAFF = frozenset({Stage.RETURN})
"""Photos of these, and what was said with them, are not told either."""


class PublicStep(Record):
    """One step, as the public may see it."""

    at: AwareDatetime
    type: str
    state: CaseState
    party: str | None = None
    """The name of who is responsible, in the reporter's language."""
    message: str | None = None
    stage: Stage | None = None
    """With `linli.case.documented.v1`: what the photos show."""
    photos: list[str] | None = None
    """Their ids, for `GET /v1/track/<code>/evidence/<id>`."""


def public_step(event: CaseEvent, at: datetime, party: Party | None) -> PublicStep | None:
    """What is told of an event; None for what is among staff. `party` is who is responsible after it, if known."""
    documented = event if isinstance(event, CaseDocumented) else None
    if isinstance(event, NOT_PUBLIC) or (documented and documented.stage in STAGES_AMONG_STAFF):
        return None
    return PublicStep(
        at=at,
        type=event.TYPE,
        state=event.state,
        party=party and party.called(event.language),
        message=None if isinstance(event, SAID_AMONG_STAFF) else event.message,
        stage=documented and documented.stage,
        photos=[photo.id for photo in documented.photos] if documented else None,
    )


def in_words(step: PublicStep, language: Language) -> str:
    """What happened, and who is responsible, unless somebody else did it."""
    happened = step.type.removeprefix("linli.case.").rpartition(".v")[0]
    what = STEPS[language].get(happened) or STATES[language][step.state]
    return f"{what} · {step.party}" if step.party and happened not in NOT_THE_PARTYS else what


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
        "supplemented": "反映人补充",
        "mediated": "调解",
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
        "supplemented": "the reporter added something",
        "mediated": "mediation",
    },
}
"""What a step was; of the others the state says it all."""
NOT_THE_PARTYS = frozenset({"withdrawn", "noted", "rated", "corrected", "merged", "unmerged", "supplemented"})
"""What somebody else does with a case: the reporter, or who decides. Who is responsible is not named beside it."""
