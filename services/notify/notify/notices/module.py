"""Notices: who hears what, by notify's copy of the communities' data."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.contracts.workflow.community import CommunityPublished
from notify.notices.communities import Communities
from notify.settings import NotifySettings

READS = (CommunityPublished,)


def module(kit: Kit[NotifySettings]) -> Module:
    """The table is `domain/notice_rules.py`; deliveries and the timeline go by it."""
    communities = Communities(kit.settings.community_patience)
    copy = kit.replica(
        "communities",
        CommunityPublished,
        changed=lambda: communities.refresh(each.community for each in copy.newest.values()),
    )
    return Module(provides=[communities], copies=[copy], background={"communities": copy.run})
