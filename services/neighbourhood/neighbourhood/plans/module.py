"""Plans: one for each neighbourhood."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.affairs.texts import Texts
from neighbourhood.plans.api import objections, plans, public
from neighbourhood.plans.office import Plans
from neighbourhood.publicity.office import Notices
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """What happens to a plan stands in `domain/`; who asks for it in `api/`."""
    return Module(
        routes=[plans.routes, objections.routes, objections.by_code, public.routes],
        provides=[Plans(kit, kit.given(Notices), kit.given(Texts))],
    )
