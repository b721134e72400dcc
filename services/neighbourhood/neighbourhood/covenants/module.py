"""Covenants: what neighbours agree to keep."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.affairs.history import History
from neighbourhood.affairs.texts import Texts
from neighbourhood.covenants.api import comments, covenants, public, signing
from neighbourhood.covenants.office import Covenants, Follows
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings], votes: Follows) -> Module:
    """What happens to a covenant stands in `domain/`; who asks for it in `api/`. `votes` tells what each comes to."""
    held = Covenants(kit, kit.given(Texts), kit.given(History))
    votes(kit, held.hear_result)
    routes = [covenants.templates, covenants.routes, comments.routes, signing.by_code, public.routes]
    return Module(routes=routes, provides=[held])
