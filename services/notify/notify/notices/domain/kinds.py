"""The kinds of notice, and the channels."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """The kind of a notice; each has its texts in `templates/`."""

    REPORTER_DISPATCHED = "reporter_dispatched"
    REPORTER_TRIAGED = "reporter_triaged"
    REPORTER_PROGRESSED = "reporter_progressed"
    REPORTER_PAUSED = "reporter_paused"
    REPORTER_RESOLVED = "reporter_resolved"
    REPORTER_REOPENED = "reporter_reopened"
    REPORTER_NOT_REOPENED = "reporter_not_reopened"
    REPORTER_WITHDRAWN = "reporter_withdrawn"
    REPORTER_MERGED = "reporter_merged"
    REPORTER_UNMERGED = "reporter_unmerged"
    REPORTER_SPLIT = "reporter_split"
    REPORTER_MEDIATED = "reporter_mediated"
    PARTY_DISPATCHED = "party_dispatched"
    PARTY_REASSIGNED = "party_reassigned"
    PARTY_CORRECTED = "party_corrected"
    PARTY_PAUSED = "party_paused"
    PARTY_RESUMED = "party_resumed"
    PARTY_REOPENED = "party_reopened"
    PARTY_REMINDED = "party_reminded"
    PARTY_NOT_SATISFIED = "party_not_satisfied"
    PARTY_NOT_REOPENED = "party_not_reopened"
    PARTY_WITHDRAWN = "party_withdrawn"
    PARTY_SUPPLEMENTED = "party_supplemented"
    PARTY_FEWER_WAIT = "party_fewer_wait"
    PARTY_MERGED = "party_merged"
    PARTY_JOINED = "party_joined"
    PARTY_UNMERGED = "party_unmerged"
    PARTY_SPLIT = "party_split"
    PARTY_MEDIATED = "party_mediated"
    PARTY_PROMISE_HEARD = "party_promise_heard"
    NODE_TRIAGED = "node_triaged"
    NODE_RETURNED = "node_returned"
    NODE_NOT_SATISFIED = "node_not_satisfied"
    NODE_ESCALATED = "node_escalated"
    PARTNER_ENDPOINT_FAILING = "partner_endpoint_failing"
    PARTNER_ENDPOINT_OFF = "partner_endpoint_off"
    PARTNER_UNANSWERED = "partner_unanswered"
    PARTNER_READS_NOTHING = "partner_reads_nothing"
    AFFAIR = "affair"
    """Of common affairs: what it says is in `affair_rules`."""
    BULLETIN = "bulletin"
    """The same to a resident who reads a neighbourhood's bulletins: `bulletin_rules`."""
    BULLETINS_ASKED = "bulletins_asked"
    """Whether they are welcome, to a mailbox that somebody has written down."""


ABOUT_PARTNERS = frozenset(
    {
        NoticeKind.PARTNER_ENDPOINT_FAILING,
        NoticeKind.PARTNER_ENDPOINT_OFF,
        NoticeKind.PARTNER_UNANSWERED,
        NoticeKind.PARTNER_READS_NOTHING,
    }
)
"""They tell of a partner's own system, and of no case."""
OF_BULLETINS = frozenset({NoticeKind.BULLETIN, NoticeKind.BULLETINS_ASKED})
OF_NO_CASE = ABOUT_PARTNERS | {NoticeKind.AFFAIR} | OF_BULLETINS


class Channel(StrEnum):
    """The channel of a notice."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    SMS = "sms"
    NONE = "none"
    """There is none: the delivery stands for what could not be said."""
