"""Deliberations: one record of what is said online and in a room, and what comes of it."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.affairs.texts import Texts
from neighbourhood.deliberations.api import deliberations
from neighbourhood.deliberations.office import Assign, Deliberations
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings], assign: Assign) -> Module:
    """`assign` makes an action of a commitment that is taken up."""
    return Module(routes=[deliberations.routes], provides=[Deliberations(kit, kit.given(Texts), assign)])
