"""Publicity: notices that hang."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.publicity.api import board, routes
from neighbourhood.publicity.office import Notices
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """Later contexts take `Notices` from the kit."""
    return Module(routes=[routes, board], provides=[Notices(kit)])
