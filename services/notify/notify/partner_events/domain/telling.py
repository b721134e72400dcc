"""Who is told that a partner's own system fails or is silent: the triage desk, and of its endpoint the partner too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notify.deliveries.domain.deliveries import Delivery, State
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.partner_events.domain.endpoint import GIVEN_UP_AFTER, Endpoint

TOLD_TO_IT_TOO = frozenset({NoticeKind.PARTNER_ENDPOINT_FAILING, NoticeKind.PARTNER_ENDPOINT_OFF})
"""What people at the partner may not know: of the rest they hear from the office."""


def news(before: Endpoint, after: Endpoint) -> NoticeKind | None:
    """What is to be told of an endpoint when it was tried."""
    if after.off and not before.off:
        return NoticeKind.PARTNER_ENDPOINT_OFF
    return NoticeKind.PARTNER_ENDPOINT_FAILING if after.warned and not before.warned else None


def facts_of(endpoint: Endpoint, reason: str | None) -> dict[str, Any]:
    """What a letter about an endpoint says."""
    since = endpoint.failing_since
    times = {"since": since.isoformat(), "until": (since + GIVEN_UP_AFTER).isoformat()} if since else {}
    return {"reason": endpoint.off or reason or ""} | times


def letters(
    kind: NoticeKind, party: str, directory: Directory, facts: Mapping[str, Any], which: str, now: datetime
) -> list[Delivery]:
    """Letters about a partner. `which` tells one occasion from another: the same one is told once.

    A desk without a mailbox is recorded, so that somebody sees it.
    """
    desk = directory.community.triage
    to = [desk, *([party] if kind in TOLD_TO_IT_TOO and party != desk and _mailbox(party, directory) else [])]
    return [
        _letter(kind, party, recipient, _mailbox(recipient, directory), directory, facts, which, now)
        for recipient in to
    ]


def _mailbox(party: str, directory: Directory) -> bool:
    found = directory.parties.get(party)
    return bool(found and found.email)


def _letter(
    kind: NoticeKind,
    party: str,
    recipient: str,
    possible: bool,
    directory: Directory,
    facts: Mapping[str, Any],
    which: str,
    now: datetime,
) -> Delivery:
    community = directory.community.id
    channel = Channel.EMAIL if possible else Channel.NONE
    id = f"{community}.{party}.{kind}.{which}.{recipient}.{channel}"
    return Delivery(
        id=id,
        case_id="",
        community=community,
        event_id=id,
        event_type=f"linli.{kind.replace('_', '.', 1)}.v1",
        event_time=now,
        correlationid=f"{community}/{party}",
        traceparent=None,
        kind=kind,
        recipient=f"party:{recipient}",
        channel=channel,
        facts={"partner": party} | dict(facts),
        created_at=now,
        state=State.DUE if possible else State.UNDELIVERABLE,
        reason=None if possible else "no_channel",
        due_at=now if possible else None,
        finished_at=None if possible else now,
    )
