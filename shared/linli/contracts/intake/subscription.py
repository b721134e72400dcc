"""How much residents want to hear: of their neighbourhood, and of a demand of their own. Topic `linli.subscriptions`.

Who reads is not in here: a subscription has an id, and intake alone knows the mailbox. A topic of their own: whoever
tells bulletins has no use for all submissions.
"""

from enum import StrEnum
from typing import ClassVar

from linli.contracts.base import Event, Slug
from linli.contracts.topics import Topic

SUBSCRIPTIONS = Topic(name="subscriptions", key="subscription's id, or `<submission id>.hears`")


class Hears(StrEnum):
    """How much somebody wants to hear."""

    EVERY_STEP = "every_step"  # 每一步
    MILESTONES = "milestones"  # 主要节点
    ENDS = "ends"  # 只要结果


class OfSubscription(Event):
    """What intake says of one subscription to a neighbourhood's bulletins. 简报订阅"""

    SOURCE = "linli/intake"
    TOPIC = SUBSCRIPTIONS

    subscription_id: str
    community: Slug
    neighbourhood: Slug
    hears: Hears

    @property
    def story(self) -> str:
        return self.subscription_id


class SubscriptionAsked(OfSubscription):
    """Somebody wrote down a mailbox. Its owner is asked; until they say yes nothing else goes there."""

    TYPE: ClassVar[str] = "linli.subscription.asked.v1"


class SubscriptionConfirmed(OfSubscription):
    """The mailbox' owner wants the bulletins."""

    TYPE: ClassVar[str] = "linli.subscription.confirmed.v1"


class SubscriptionThinned(OfSubscription):
    """The owner wants to hear more, or less."""

    TYPE: ClassVar[str] = "linli.subscription.thinned.v1"


class SubscriptionEnded(OfSubscription):
    """The owner wants no more, or is forgotten: intake knows the mailbox no longer."""

    TYPE: ClassVar[str] = "linli.subscription.ended.v1"


class DemandThinned(Event):
    """Whoever made a demand says how much they want to hear of its way. Its end is always told."""

    TYPE: ClassVar[str] = "linli.demand.thinned.v1"
    SOURCE = "linli/intake"
    TOPIC = SUBSCRIPTIONS

    submission_id: str
    hears: Hears

    @property
    def story(self) -> str:
        """Of its own, beside the submission's."""
        return f"{self.submission_id}.hears"
