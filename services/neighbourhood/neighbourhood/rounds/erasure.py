"""Erases a resident: what their household wrote, in every affair of its neighbourhood.

A case that a need became is erased by its id; whose need it was is known here and nowhere else. That the household
answered, objected, commented or signed stays, with an opaque id; so does what it chose.
"""

from collections.abc import Mapping

from linli.contracts.base import Scope
from linli.contracts.erasure import Forgetting
from linli.messaging.inbox import Eraser
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from neighbourhood.affairs.texts import Texts
from neighbourhood.rounds.domain.response import Response, id_of
from neighbourhood.rounds.office import Rounds
from neighbourhood.rounds.responses import Responses
from neighbourhood.rounds.taking import Taking


def forget_households(rounds: Rounds, responses: Responses, taking: Taking, texts: Texts) -> Eraser:
    """For the inbox."""

    async def of_all_rounds(of: Response, session: mongo.Session) -> list[Response]:
        """What the household has answered to this round and to others of its neighbourhood."""
        round = await rounds.stories.one(of.round_id, session)
        if round is None:
            return [of]
        place = {"community": round.community, "neighbourhood": round.neighbourhood}
        others = await rounds.stories.found(place, session=session)
        found = await responses.stories.load([id_of(each.id, of.household) for each in others], session)
        return list(found.values())

    async def forget(subjects: Mapping[str, Forgetting], session: mongo.Session) -> list[Unsent]:
        persons = sorted(id for id, each in subjects.items() if each.scope is Scope.PERSON)
        if not persons:
            return []
        theirs: dict[str, Response] = {}
        for response in await responses.stories.found({"raised": {"$in": persons}}, session=session):
            theirs |= {each.id: each for each in await of_all_rounds(response, session)}
        for household in sorted({each.household for each in theirs.values()}):
            await texts.forget_everywhere(household, session)
        return await taking.erase(list(theirs.values()), session)

    return forget
