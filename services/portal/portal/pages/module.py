"""The pages that every visitor has: the first one, style and scripts, the switches, the page of all parts."""

from linli.application.context import Module
from linli.web.signals import Pace
from portal.face import FaceKit
from portal.pages.api import files, last, routes, streams
from portal.pages.live import REST, Live
from portal.pages.rendering import Pages


def module(kit: FaceKit) -> Module:
    settings = kit.settings
    pages = Pages(kit.clock.now, settings.timezone, settings.components)
    pace = Pace(settings.stream_connections, settings.stream_connections_per_address, settings.stream_ping, REST)
    live = Live(kit.services, pace)
    return Module(
        routes=[routes, streams, files], provides=[pages, live], background={"live": live.run}, stopping=[live.close]
    )


def nowhere(_: FaceKit) -> Module:
    """The last face."""
    return Module(routes=[last])
