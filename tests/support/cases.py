"""Case events as workflow publishes them, complete with what a test does not care about."""

from datetime import timedelta
from typing import Any

from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow import case
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.contracts.workflow.community import CommunityPublished
from linli.privacy.tracking import tracking_hash
from tests.support.builders import NOON, community

CODE = "7K3M-Q2XW-9ABC"
"""The tracking code of the cases made here."""

DEADLINES = {"accept_by": NOON + timedelta(hours=2), "resolve_by": NOON + timedelta(days=7)}
_OWN: dict[type[CaseEvent], dict[str, Any]] = {
    case.CaseOpened: {
        "state": CaseState.OPEN,
        "party": None,
        "channel": Channel.WEB,
        "submitted_at": NOON,
        "by": "resident",
    },
    case.CaseDispatched: {"state": CaseState.DISPATCHED, "text": "三天没修了", "place": "3号楼前", **DEADLINES},
    case.CaseAccepted: {"state": CaseState.ACCEPTED},
    case.CaseReturned: {"state": CaseState.RETURNED, "returned_by": "estate", "reason": "不归我们管"},
    case.CaseProgressed: {"state": CaseState.ACCEPTED, "message": "已联系厂家"},
    case.CaseResolved: {"state": CaseState.RESOLVED, "message": "灯已换好"},
    case.CaseReopened: {"state": CaseState.DISPATCHED, "message": "又坏了", **DEADLINES},
    case.CaseClosed: {"state": CaseState.CLOSED},
    case.CaseWithdrawn: {"state": CaseState.WITHDRAWN},
    case.CaseNoted: {"state": CaseState.ACCEPTED, "message": "内部备注"},
    case.CaseSupplemented: {"state": CaseState.ACCEPTED, "message": "又坏了一盏", "by": "resident"},
    case.CaseReminded: {"state": CaseState.DISPATCHED, "deadline": "accept", "due": NOON},
    case.CaseEscalated: {
        "state": CaseState.DISPATCHED,
        "deadline": "accept",
        "due": NOON,
        "missed_by": "estate",
        "to": "grid-1",
        "level": "grid",
        "act_by": NOON,
        "policy": "ordinary",
    },
    case.CasePaused: {"state": CaseState.ACCEPTED, "waiting_for": "part"},
    case.CaseResumed: {"state": CaseState.ACCEPTED},
    case.CaseRated: {
        "state": CaseState.RESOLVED,
        "contacted": True,
        "solved": False,
        "satisfied": False,
        "reopen_requested": True,
        "decide_by": NOON,
    },
    case.CaseDocumented: {
        "state": CaseState.ACCEPTED,
        "message": "灯罩碎了",
        "stage": "before",
        "photos": [{"id": "a" * 32, "sha256": "b" * 64, "width": 64, "height": 48}],
    },
    case.CaseCorrected: {
        "state": CaseState.DISPATCHED,
        "message": "反映人说的是东门",
        "changed": ["title", "place", "category"],
        "place": "东门",
        "was_title": "路灯坏了",
        "was_place": "西门",
        "was_category": "facilities",
        "put_right": ["title", "place"],
    },
    case.CaseRedacted: {"state": CaseState.ACCEPTED, "redacted_at": NOON},
    case.CaseErased: {"state": CaseState.ACCEPTED, "erased_at": NOON},
    case.CaseMerged: {"state": CaseState.DISPATCHED, "into": "case-2", "message": "同一件事"},
    case.CaseJoined: {"state": CaseState.DISPATCHED, "joined": "case-2"},
    case.CaseUnmerged: {"state": CaseState.DISPATCHED, "from_case": "case-2", "text": "三天没修了", **DEADLINES},
    case.CaseParted: {"state": CaseState.DISPATCHED, "parted": "case-2"},
    case.CaseSplit: {
        "state": CaseState.ACCEPTED,
        "message": "分开办",
        "parts": [
            {"case_id": "case-2", "party": "grid-1", "what": "清理", "title": "楼道灯坏了"},
            {"case_id": "case-3", "party": "water-co", "what": "修管", "title": "楼道灯坏了"},
        ],
    },
    case.CaseMediated: {"state": CaseState.ACCEPTED, "message": "调解会：12月1日 19:00", "step": "session"},
    case.CasePromiseHeard: {
        "state": CaseState.ACCEPTED,
        "message": "承诺未被受理",
        "promise_id": "case-1.4",
        "promised_by": "estate",
        "became": "refused",
        "reason": "no_mandate",
        "update_id": "u-4",
    },
    case.CaseTriaged: {"state": CaseState.TRIAGE, "community_version": 1, "reason": "no_rule"},
}


def said(event: type[CaseEvent], id: str = "case-1", sequence: int = 1, **fields: Any) -> Envelope[CaseEvent]:
    """One event of a case, in its envelope."""
    data: dict[str, Any] = {
        "case_id": id,
        "community": "test",
        "kind": Kind.REPORT,
        "title": "楼道灯坏了",
        "neighbourhood": "east",
        "category": "facilities.lift",
        "party": "estate",
        "resident_id": "r-1",
        "by": "linli",
    }
    if event is case.CaseOpened:
        data["tracking_hash"] = tracking_hash(CODE) if id == "case-1" else f"hash-{id}"
    body = event.model_validate(data | _OWN[event] | fields)
    return Envelope("linli/workflow", id, sequence, NOON, id, body)


def published(version: int = 1, **changes: Any) -> Envelope[CommunityPublished]:
    """A version of the test community."""
    data = CommunityPublished(version=version, community=community(**changes))
    return Envelope("linli/workflow", "test", version, NOON, "test", data)


def with_party(id: str, **changes: Any) -> dict[str, Any]:
    """The test community with one party changed: `community(**with_party("estate", webhook=…))`."""
    parties = [party.model_dump(mode="json", exclude_none=True) for party in community().parties]
    return {"parties": [party | changes if party["id"] == id else party for party in parties]}
