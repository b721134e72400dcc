"""The community: the tree of its nodes, its other parties, its neighbourhoods and rules, in versions."""

from functools import partial

from linli.application.context import Module
from linli.application.kit import Kit
from workflow.community.api import routes
from workflow.community.holidays import Holidays
from workflow.community.publishing import OpenWith, Publishing
from workflow.community.store import CommunityStore
from workflow.settings import WorkflowSettings


def module(kit: Kit[WorkflowSettings], open_with: OpenWith) -> Module:
    """`open_with` says how much the parties have to deal with that data to be published leave out."""
    communities = CommunityStore(kit.database, kit.events, kit.clock.now)
    return Module(
        routes=[routes.routes],
        provides=[communities, Publishing(kit.transactions, communities, open_with)],
        background={
            "holidays": Holidays(communities).run,
            "communities_resent": partial(kit.events.resend_newest, communities.newest_events),
        },
    )
