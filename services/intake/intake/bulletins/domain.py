"""A subscription to a neighbourhood's bulletins: asked for by anybody, confirmed by who reads the mailbox.

Its code goes to the mailbox alone, so whoever shows it is the owner: it confirms, thins and ends.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import Field

from intake.submissions.domain.request import Reporter
from linli.contracts.base import Record, Slug
from linli.contracts.intake import subscription as events
from linli.contracts.intake.subscription import Hears, OfSubscription
from linli.contracts.kinds import Language
from linli.frozen import replace
from linli.web.localized import Localized
from linli.web.problems import Problem

E = TypeVar("E", bound=OfSubscription)
Changed = tuple["Subscription", OfSubscription]


@dataclass(frozen=True, slots=True)
class Subscription:
    """`version` is the number of its events; `confirmed_at` is None while nobody has said yes."""

    id: str
    code: str
    community: str
    neighbourhood: str
    email: str
    language: Language
    hears: Hears
    asked_at: datetime
    confirmed_at: datetime | None = None
    version: int = 1


class NewSubscription(Record):
    """A mailbox for a neighbourhood's bulletins. A letter goes there, and asks whether they are welcome."""

    community: Slug = Field(examples=["fushan-road"])
    neighbourhood: Slug = Field(examples=["huaiyin-li"])
    email: Annotated[str, Field(max_length=254)] = Field(examples=["wang@residents.example"])
    language: Language = Language.ZH
    hears: Hears = Hears.MILESTONES
    consents: bool = Field(description="The mailbox is kept and written to until it is taken away", examples=[True])


class Thinned(Record):
    """How much somebody wants to hear from now on."""

    hears: Hears = Field(Hears.MILESTONES, examples=["ends"])


def asked(new: NewSubscription, id: str, code: str, now: datetime) -> Changed:
    """A subscription that waits for its mailbox' owner. Raises 422 without consent, or for what is no mailbox."""
    if not new.consents:
        said = Localized("Without consent no mailbox is kept.", "未经同意，不保存邮箱。")
        raise Problem("invalid", 422, said, errors=[{"field": "consents", "message": said}])
    reporter = Reporter(email=new.email)
    made = Subscription(
        id, code, new.community, new.neighbourhood, str(reporter.email), new.language, new.hears, asked_at=now
    )
    return made, _told(events.SubscriptionAsked, made)


def confirmed(subscription: Subscription, now: datetime) -> Changed | None:
    """None where it is confirmed already."""
    if subscription.confirmed_at is not None:
        return None
    after = replace(subscription, confirmed_at=now, version=subscription.version + 1)
    return after, _told(events.SubscriptionConfirmed, after)


def thinned(subscription: Subscription, hears: Hears) -> Changed | None:
    """None where it is so already."""
    if subscription.hears is hears:
        return None
    after = replace(subscription, hears=hears, version=subscription.version + 1)
    return after, _told(events.SubscriptionThinned, after)


def ended(subscription: Subscription) -> Changed:
    after = replace(subscription, version=subscription.version + 1)
    return after, _told(events.SubscriptionEnded, after)


def _told(kind: type[E], of: Subscription) -> E:
    return kind(subscription_id=of.id, community=of.community, neighbourhood=of.neighbourhood, hears=of.hears)
