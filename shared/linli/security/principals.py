"""Who may do what: the roles, the permissions, and the one table that joins them.

A route names its permission (`linli.security.auth.needs`). What a party may do with one case is workflow's to say
(`workflow/cases/domain/access.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What kind of principal asks."""

    RESIDENT = "resident"
    """Anybody: no key was given. What is theirs they open with a tracking code."""
    PARTY = "party"
    """Acts for one party, and sees the cases of that party and of those below it in the tree."""
    OPERATOR = "operator"
    AUDITOR = "auditor"
    """Reads everything but secrets, and changes nothing."""
    SERVICE = "service"
    """A program: one of the three services, a hotline's or a device's."""


class Permission(StrEnum):
    """What a route asks for. A key's scopes are some of these."""

    SUBMIT = "submissions:submit"
    SUBMIT_FOR_OTHERS = "submissions:import"
    """In batches, through channels other than the web, with an outside id or time: as the hotline does."""
    AMEND = "submissions:amend"
    """Withdraw, add photos; with the tracking code."""
    AMEND_ANY = "submissions:amend-any"
    """The same without a code."""
    READ_PHOTOS = "submissions:photos"
    """With the tracking code; who may read submissions needs none."""
    READ_SUBMISSIONS = "submissions:read"
    READ_CONTACTS = "contacts:read"
    TRACK = "cases:track"
    """With the tracking code alone."""
    READ_CASES = "cases:read"
    LOOK_UP_CASES = "cases:lookup"
    READ_EVIDENCE = "cases:photos"
    """See a photo that was added to a case; the list of them is part of the case."""
    ACT = "cases:act"
    """Accept, return, progress, resolve, pause, resume, note, add photos as evidence."""
    DECIDE = "cases:decide"
    """Reassign, send back, close, reopen, merge, unmerge, split; write down a follow-up by telephone."""
    FOLLOW_UP = "cases:follow-up"
    """Say how it was; with the tracking code alone."""
    READ_STATS = "stats:read"
    TRY_POLICIES = "policies:try"
    READ_COMMUNITIES = "communities:read"
    PUBLISH_COMMUNITIES = "communities:publish"
    READ_DELIVERIES = "deliveries:read"
    RETRY_DELIVERIES = "deliveries:retry"
    READ_WEBHOOK_SECRETS = "webhooks:secret"
    READ_PARKED = "parked:read"
    DECIDE_PARKED = "parked:decide"
    READ_KEYS = "keys:read"
    CHANGE_KEYS = "keys:change"
    READ_AUDIT = "audit:read"
    CALL_REPORTERS = "contacts:call"
    """See one reporter's contact in full, with the reason."""
    EXPORT_RESIDENTS = "residents:export"
    ERASE_RESIDENTS = "residents:erase"
    READ_RETENTION = "retention:read"
    """What was erased, and what is due to be."""
    ASK_WHAT_ENDED = "cases:ended"
    CONFIRM_KEYS = "keys:confirm"
    """Whether a key still counts: intake and notify ask workflow before they give personal data out."""
    FORWARD_PHOTOS = "photos:forward"
    """See the reporters' photos for who is responsible, as workflow does after it has asked whether they may."""


_RESIDENT, _PARTY, _OPERATOR, _AUDITOR, _SERVICE = Role
ALLOWED: Mapping[Permission, frozenset[Role]] = {
    permission: frozenset(roles)
    for permission, roles in {
        Permission.SUBMIT: (_RESIDENT, _PARTY, _OPERATOR, _SERVICE),
        Permission.SUBMIT_FOR_OTHERS: (_OPERATOR, _SERVICE),
        Permission.AMEND: (_RESIDENT, _PARTY, _OPERATOR, _SERVICE),
        Permission.AMEND_ANY: (_OPERATOR,),
        Permission.READ_PHOTOS: (_RESIDENT, _PARTY, _OPERATOR, _AUDITOR, _SERVICE),
        Permission.READ_SUBMISSIONS: (_OPERATOR, _AUDITOR),
        Permission.READ_CONTACTS: (_SERVICE,),
        Permission.TRACK: (_RESIDENT, _PARTY, _OPERATOR, _AUDITOR, _SERVICE),
        Permission.READ_CASES: (_PARTY, _OPERATOR, _AUDITOR),
        Permission.LOOK_UP_CASES: (_OPERATOR,),
        Permission.READ_EVIDENCE: (_PARTY, _OPERATOR, _AUDITOR),
        Permission.ACT: (_PARTY, _OPERATOR),
        Permission.DECIDE: (_PARTY, _OPERATOR),
        Permission.FOLLOW_UP: (_RESIDENT, _PARTY, _OPERATOR, _SERVICE),
        Permission.READ_STATS: (_OPERATOR, _AUDITOR),
        Permission.TRY_POLICIES: (_OPERATOR, _AUDITOR),
        Permission.READ_COMMUNITIES: (_PARTY, _OPERATOR, _AUDITOR),
        Permission.PUBLISH_COMMUNITIES: (_OPERATOR,),
        Permission.READ_DELIVERIES: (_OPERATOR, _AUDITOR),
        Permission.RETRY_DELIVERIES: (_OPERATOR,),
        Permission.READ_WEBHOOK_SECRETS: (_OPERATOR,),
        Permission.READ_PARKED: (_OPERATOR, _AUDITOR),
        Permission.DECIDE_PARKED: (_OPERATOR,),
        Permission.READ_KEYS: (_OPERATOR, _AUDITOR),
        Permission.CHANGE_KEYS: (_OPERATOR,),
        Permission.READ_AUDIT: (_OPERATOR, _AUDITOR),
        Permission.CALL_REPORTERS: (_OPERATOR,),
        Permission.EXPORT_RESIDENTS: (_OPERATOR,),
        Permission.ERASE_RESIDENTS: (_OPERATOR,),
        Permission.READ_RETENTION: (_OPERATOR, _AUDITOR),
        Permission.ASK_WHAT_ENDED: (_SERVICE,),
        Permission.CONFIRM_KEYS: (_SERVICE,),
        Permission.FORWARD_PHOTOS: (_SERVICE,),
    }.items()
}
"""Who may do what."""


PERSONAL = frozenset(
    {
        Permission.READ_SUBMISSIONS,
        Permission.READ_PHOTOS,
        Permission.READ_CONTACTS,
        Permission.CALL_REPORTERS,
        Permission.EXPORT_RESIDENTS,
        Permission.ERASE_RESIDENTS,
        Permission.AMEND_ANY,
        Permission.READ_WEBHOOK_SECRETS,
        Permission.READ_PARKED,
        Permission.DECIDE_PARKED,
    }
)
"""Give personal data or a secret out, or take them away for good: not by a key of which only a copy is known."""
WITH_A_SUBMISSION = frozenset(
    {
        Permission.SUBMIT,
        Permission.SUBMIT_FOR_OTHERS,
        Permission.AMEND,
        Permission.READ_PHOTOS,
        Permission.TRACK,
        Permission.FOLLOW_UP,
    }
)
"""Submitting, and what the code of a submission opens: all that a key bound to channels or communities may be for."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    id: str
    """`resident`, `operator` and `service` (by a file's key), `key:<id>`, `oidc:<hash of issuer and subject>`."""
    role: Role
    party: str | None = None
    """With role `party` alone: for whom it acts, in which community."""
    community: str | None = None
    scopes: frozenset[Permission] | None = None
    """What a key is limited to; None for all that the role may do."""
    channels: frozenset[str] | None = None
    """Through which channels a key may submit; None for all, here and below."""
    communities: frozenset[str] | None = None
    until: datetime | None = None
    """When its API key ends; None for a file's key, and for a token, which is its issuer's to end."""

    def may(self, permission: Permission) -> bool:
        """Whether its role, and its scopes if it has any, allow this."""
        return self.role in ALLOWED[permission] and (self.scopes is None or permission in self.scopes)


RESIDENT = Principal("resident", Role.RESIDENT)


def permissions_of(role: Role) -> frozenset[Permission]:
    """All that a role may do."""
    return frozenset(permission for permission, roles in ALLOWED.items() if role in roles)
