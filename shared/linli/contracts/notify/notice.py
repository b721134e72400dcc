"""Notify's events: the outcome of a delivery. Topic `linli.notices`, key: delivery id."""

from typing import ClassVar

from pydantic import AwareDatetime

from linli.contracts.base import Event
from linli.contracts.topics import Topic

NOTICES = Topic(name="notices", key="delivery id")
"""What became of each notice."""


class NoticeOutcome(Event):
    """One delivery of one notice, without the recipient's address."""

    SOURCE = "linli/notify"
    TOPIC = NOTICES

    delivery_id: str
    event_id: str
    """The event that the notice tells of; of what no event brought, the notice itself."""
    case_id: str
    """Empty for a notice about no case: of a partner's own system."""
    recipient: str
    """`party:<id>` or `resident:<resident id>`."""
    channel: str
    """`email`, `webhook` or `sms`."""
    attempts: int

    @property
    def story(self) -> str:
        return self.delivery_id


class NoticeSent(NoticeOutcome):
    """The other end took it."""

    TYPE: ClassVar[str] = "linli.notice.sent.v1"

    sent_at: AwareDatetime


class NoticeFailed(NoticeOutcome):
    """Given up; an operator may try again."""

    TYPE: ClassVar[str] = "linli.notice.failed.v1"

    failed_at: AwareDatetime
    reason: str
