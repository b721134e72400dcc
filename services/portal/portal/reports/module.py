"""Reports: what came in, what became of it, and the three rates, as workflow counts them."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.reports.api import routes
from portal.reports.calendar import Calendar


def module(kit: FaceKit) -> Module:
    return Module(routes=[routes], provides=[Calendar(kit.clock.now)])
