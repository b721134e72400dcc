"""Deliberations: one record of what is said online and in a room, and what comes of it."""

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.workflow.case import CaseEvent
from linli.messaging.inbox import unprepared
from neighbourhood.affairs.history import History
from neighbourhood.affairs.texts import Texts
from neighbourhood.deliberations.api import deliberations, public, talking
from neighbourhood.deliberations.hearing import Hearing
from neighbourhood.deliberations.office import Assign, Deliberations
from neighbourhood.settings import NeighbourhoodSettings

READS = (CaseEvent,)


def module(kit: Kit[NeighbourhoodSettings], assign: Assign) -> Module:
    """`assign` makes an action of a commitment that is taken up."""
    held = Deliberations(kit, kit.given(Texts), kit.given(History), assign)
    return Module(
        routes=[deliberations.routes, public.routes, talking.routes, talking.by_code],
        provides=[held],
        reactions=[Reaction(READS, unprepared(Hearing(held).of_cases))],
    )
