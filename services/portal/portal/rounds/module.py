"""The pages of rounds. Forms are read as the residents' pages read them."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.pages.rendering import Pages
from portal.rounds import answer_api, desk_api, public_api, sheets_api
from portal.rounds.words import worded


def module(kit: FaceKit) -> Module:
    kit.given(Pages).add_filters(worded=worded)
    return Module(routes=[answer_api.routes, public_api.routes, desk_api.routes, sheets_api.routes])
