"""The pages that every visitor has: the first one, style and scripts, the switches, the page of all parts."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.pages.api import files, last, routes
from portal.pages.rendering import Pages


def module(kit: FaceKit) -> Module:
    pages = Pages(kit.clock.now, kit.settings.timezone, kit.settings.components)
    return Module(routes=[routes, files], provides=[pages])


def nowhere(_: FaceKit) -> Module:
    """The last face."""
    return Module(routes=[last])
