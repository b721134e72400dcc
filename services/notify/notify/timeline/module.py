"""The public timeline of a case and its live stream, by tracking code."""

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.workflow.case import CaseEvent
from notify.notices.communities import Communities
from notify.settings import NotifySettings
from notify.timeline import api
from notify.timeline.handlers import Lines
from notify.timeline.store import TimelineStore
from notify.timeline.stream import Pace, Streams

READS = (CaseEvent,)


def module(kit: Kit[NotifySettings]) -> Module:
    """A line is written in the transaction of its event."""
    settings = kit.settings
    store = TimelineStore(kit.database)
    pace = Pace(
        most=settings.stream_connections,
        most_of_address=settings.stream_connections_per_address,
        ping=settings.stream_ping,
        seconds=settings.stream_seconds,
    )
    streams = Streams(store, pace)
    return Module(
        routes=[api.residents],
        provides=[store, streams],
        reactions=[Reaction(READS, Lines(store, kit.given(Communities)).prepare)],
        erases=[store.forget],
        background={"streams": streams.run},
        stopping=[streams.close],
    )
