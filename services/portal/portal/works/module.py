"""The pages of works. Photos and forms are read as the residents' pages read them."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.works import desk_api, public_api, site_api


def module(kit: FaceKit) -> Module:
    return Module(routes=[public_api.routes, site_api.routes, desk_api.routes])
