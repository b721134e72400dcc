"""The residents' pages: to report, to follow it, to see what goes on around. And their API, at the same address."""

from zoneinfo import ZoneInfo

from linli.application.context import Module
from portal.face import FaceKit
from portal.pages.rendering import Pages
from portal.residents import (
    acting_api,
    feeds_api,
    mediation_api,
    neighbourhood_api,
    open_data_api,
    passing_api,
    photos_api,
    reporting_api,
    tracking_api,
)
from portal.residents.forms import PhotoForms
from portal.residents.given import MapSettings, Office
from portal.residents.naming import called
from portal.residents.passing import Onward
from portal.residents.public import Public
from portal.vouching import Vouching


def module(kit: FaceKit) -> Module:
    settings = kit.settings
    kit.given(Pages).add_filters(called=called)
    onward = Onward(Vouching.from_settings(settings), **settings.service_urls)
    return Module(
        routes=[
            reporting_api.routes,
            tracking_api.routes,
            acting_api.routes,
            mediation_api.routes,
            photos_api.routes,
            neighbourhood_api.routes,
            feeds_api.routes,
            open_data_api.routes,
            passing_api.routes,
        ],
        provides=[
            Public(kit.services),
            PhotoForms(),
            onward,
            MapSettings(settings.tiles, settings.tiles_credit, settings.map_crs, settings.device_crs),
            Office(settings.residents_url, kit.clock.now, ZoneInfo(settings.timezone)),
        ],
        close=[onward.close],
        stopping=[onward.stop],
    )
