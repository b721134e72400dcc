"""Every event type there is. A type that is not here is unknown to this version."""

from linli.contracts import case, notice, submission
from linli.contracts.base import Event
from linli.contracts.community import CommunityPublished
from linli.contracts.key import KeyPublished

EVENTS: tuple[type[Event], ...] = (
    *submission.SUBMITTED.values(),
    submission.SubmissionWithdrawn,
    submission.ResidentErased,
    case.CaseOpened,
    case.CaseDispatched,
    case.CaseTriaged,
    case.CaseAccepted,
    case.CaseReturned,
    case.CaseProgressed,
    case.CaseResolved,
    case.CaseClosed,
    case.CaseReopened,
    case.CaseWithdrawn,
    case.CaseNoted,
    case.CaseReminded,
    case.CaseEscalated,
    case.CasePaused,
    case.CaseResumed,
    case.CaseRated,
    case.CaseDocumented,
    case.CaseCorrected,
    case.CaseErased,
    case.CaseRedacted,
    case.CaseMerged,
    case.CaseJoined,
    case.CaseUnmerged,
    case.CaseParted,
    case.CaseSplit,
    notice.NoticeSent,
    notice.NoticeFailed,
    CommunityPublished,
    KeyPublished,
)

BY_TYPE: dict[str, type[Event]] = {event.TYPE: event for event in EVENTS}
