"""What was promised in a deliberation becomes an action of the task force, in the transaction that takes it up."""

from linli.contracts.neighbourhood.actions import ActionOrigin, ComesOf
from linli.messaging.outbox import Unsent
from linli.security.permissions import Role
from neighbourhood.affairs.office import Moment
from neighbourhood.deliberations.office import Assign, Promised
from neighbourhood.taskforce.domain.action import AssignAction
from neighbourhood.taskforce.offices import Actions

TITLE_AT_MOST = 200
UNNAMED = "履行协商中的承诺"
"""Where the words were erased meanwhile."""


def assigned_by(actions: Actions) -> Assign:
    """The id of an action that comes of a commitment is the commitment's, so that it comes of it once."""

    async def assign(promised: Promised, moment: Moment, trace: str | None) -> list[Unsent]:
        command = AssignAction(
            by=moment.who.id,
            party=moment.who.party if moment.who.role is Role.PARTY else None,
            id=f"action-{promised.commitment}",
            taskforce_id=promised.taskforce,
            community=moment.where.community,
            neighbourhood=moment.where.neighbourhood,
            comes_of=ComesOf(origin=ActionOrigin.COMMITMENT, id=promised.commitment),
            what=_title(promised.words),
            owner=promised.owner,
            due=promised.due,
        )
        return await actions.start(command, moment, trace)

    return assign


def _title(words: str) -> str:
    line = " ".join(words.split()) or UNNAMED
    return line if len(line) <= TITLE_AT_MOST else line[: TITLE_AT_MOST - 1] + "…"
