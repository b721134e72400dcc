"""Hears what invited parties say in the cases of their invitations: by their own systems, or at the desk. ADR 0040"""

from collections.abc import Sequence

import structlog

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.case import CaseEvent
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.web.problems import Problem
from neighbourhood.affairs.timer import CLOCK
from neighbourhood.deliberations.domain.deliberation import as_kept
from neighbourhood.deliberations.domain.hearing import heard
from neighbourhood.deliberations.office import Deliberations

log = structlog.get_logger()


class Hearing:
    """Each step of such a case is what the party would have asked for here.

    A statement that is refused stays in the case alone. A promise that is refused is kept, and the case hears why.
    """

    def __init__(self, talks: Deliberations) -> None:
        self._talks = talks

    async def of_cases(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> list[Unsent]:
        steps = [each for each in events if isinstance(each.data, CaseEvent)]
        cases = sorted({each.subject for each in steps})
        of = await self._talks.stories.found({"invitations": {"$in": cases}}, session=session)
        named = {invitation: each.id for each in of for invitation in each.invitations}
        unsent: list[Unsent] = []
        for step in steps:
            if step.subject in named:
                unsent += await self._hear(named[step.subject], step, session)
        return unsent

    async def _hear(self, id: str, step: Envelope[Event], session: mongo.Session) -> list[Unsent]:
        deliberation = await self._talks.stories.one(id, session)
        assert deliberation is not None and isinstance(step.data, CaseEvent)
        said = heard(deliberation, step.data, step.sequence)
        if said is None:
            return []
        moment = self._talks.moment(self._talks.place_of(deliberation), CLOCK, session)
        try:
            unsent = await self._talks.act(id, said.command, moment, step.traceparent)
        except Problem as refused:
            log.info("not_heard", correlationid=step.subject, reason=refused.slug)
            return []
        if said.words is not None:
            await self._talks.texts.keep(id, [as_kept(said.words)], session)
        return unsent
