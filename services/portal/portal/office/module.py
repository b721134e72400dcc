"""The office: an operator's commands as pages. Each asks the services by HTTP, which decide and log."""

from zoneinfo import ZoneInfo

from linli.application.context import Module
from portal.face import FaceKit
from portal.office import audit, communities, deliveries, first, keys, outages, parked, partners, residents, retention
from portal.office.officer import Place

SUBJECTS = (first, keys, parked, deliveries, audit, retention, communities, residents, partners, outages)


def module(kit: FaceKit) -> Module:
    place = Place(ZoneInfo(kit.settings.timezone), kit.clock.now)
    return Module(routes=[subject.routes for subject in SUBJECTS], provides=[place])
