"""Open311 as a face: what its routes are given."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.open311.api import routes
from portal.open311.catalogue import Catalogue
from portal.open311.given import PublicUrl
from portal.open311.just_sent import JustSent
from portal.open311.parameters import Forms


def module(kit: FaceKit) -> Module:
    given = (Catalogue(kit.services), Forms(), JustSent(), PublicUrl(kit.settings.open311_address))
    return Module(routes=[routes], provides=given)
