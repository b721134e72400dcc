"""The desk: what is my turn, one case on one page, every action, many at once."""

from zoneinfo import ZoneInfo

from linli.application.context import Module
from portal.desk.api import actions, bulk, cases, contact, lists, mediation, pictures
from portal.desk.counting import Counting
from portal.desk.given import Desk
from portal.desk.mediating import Zone
from portal.desk.names import Communities
from portal.desk.store import DeskStore
from portal.face import FaceKit


def module(kit: FaceKit) -> Module:
    desk = Desk(kit.services, DeskStore(kit.database), Communities(kit.services), Counting(kit.services), kit.clock.now)
    return Module(
        routes=[
            lists.routes,
            bulk.routes,
            actions.routes,
            pictures.routes,
            contact.routes,
            mediation.routes,
            cases.routes,
        ],
        provides=[desk, Zone(ZoneInfo(kit.settings.timezone))],
    )
