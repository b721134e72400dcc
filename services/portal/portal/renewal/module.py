"""Common affairs: a resident's ballot, the notice board, the office's steps of a vote, what became of a demand."""

from linli.application.context import Module
from portal.face import FaceKit
from portal.pages.rendering import Pages
from portal.renewal import (
    affairs_api,
    ballots_api,
    board_api,
    box_api,
    bulletins_api,
    codes_api,
    letter_api,
    lineage_api,
    objections_api,
    overview_api,
    papers_api,
    plans_api,
    prepare_api,
    registers_api,
    signing_api,
    steering_api,
    talks_api,
    votes_api,
    words,
)
from portal.renewal.steps import api as steps_api


def module(kit: FaceKit) -> Module:
    kit.given(Pages).add_filters(metres=words.metres, day=words.day, wording=words.wording)
    return Module(
        routes=[
            letter_api.routes,
            ballots_api.routes,
            objections_api.routes,
            signing_api.routes,
            board_api.routes,
            bulletins_api.routes,
            papers_api.routes,
            registers_api.routes,
            affairs_api.routes,
            votes_api.routes,
            prepare_api.routes,
            box_api.routes,
            lineage_api.routes,
            steering_api.routes,
            plans_api.routes,
            overview_api.routes,
            talks_api.routes,
            codes_api.routes,
            steps_api.routes,
        ]
    )
