"""The task force: its seats, its meetings, its actions, its bulletins."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.affairs.timer import Timer
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.taskforce.api import actions, forces, meetings
from neighbourhood.taskforce.members import Members
from neighbourhood.taskforce.offices import Actions, Meetings, TaskForces


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """What happens to each stands in `domain/`; who asks for it in `api/`."""
    held = TaskForces(kit)
    met = Meetings(kit, held)
    owed = Actions(kit, held, met)
    timer = kit.given(Timer)
    timer.watch(held)
    timer.watch(owed)
    routes = [forces.routes, meetings.routes, actions.routes]
    return Module(routes=routes, provides=[held, met, owed, Members(kit.database)])
