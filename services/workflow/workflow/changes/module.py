"""Changes: a live stream that says that a case or an outage has changed, for pages that show it."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.web.signals import Fanout, Pace
from workflow.changes import api
from workflow.changes.watching import Changes
from workflow.settings import WorkflowSettings

PACE = Pace(most=64, most_of_address=8)
"""Each of the portal's processes has one stream for all who look at pages."""


def module(kit: Kit[WorkflowSettings]) -> Module:
    """It keeps nothing, and listens to the database only while somebody listens to it."""
    streams = Fanout(PACE)
    return Module(
        routes=[api.routes],
        provides=[streams],
        background={"changes": Changes(kit.database, streams).run},
        stopping=[streams.close],
    )
