"""Votes as everybody sees them: what is asked, until when, how many have voted, and once declared what came of it."""

from datetime import datetime

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.permissions import READ_PUBLIC_AFFAIRS
from linli.contracts.neighbourhood.votes import Effect, MatterCount, VoteState, Weight
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.problems import not_found
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.votes.api.votes import Text, VotesDep
from neighbourhood.votes.domain.sums import turnout_of
from neighbourhood.votes.domain.vote import Vote
from neighbourhood.votes.office import Votes
from neighbourhood.votes.seen import TOLD

routes = router(prefix="/v1/votes", tags=["votes"])


class InPublic(Record):
    """A vote, once its notice is posted. Nobody is in it, and before it is declared nothing of what was chosen."""

    id: Id
    community: Slug
    neighbourhood: Slug
    state: VoteState
    effect: Effect
    texts: list[Text]
    opens_from: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    electorate: Weight
    turnout: Weight
    declared_at: datetime | None
    challenge_until: datetime | None
    results: list[MatterCount]
    """Of each matter; empty before the result is declared, and of a vote that was stopped."""


@routes.get("/public", dependencies=[needs(READ_PUBLIC_AFFAIRS)])
async def board(who: Who, votes: VotesDep, community: Slug, neighbourhood: Slug) -> list[InPublic]:
    """All votes of a neighbourhood that were posted, as they hang on its notice board."""
    found = await votes.of_place(who, Place(community, neighbourhood))
    return [await _shown(votes, each) for each in found if each.noticed]


@routes.get("/{id}/public", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def one(id: AffairId, who: Who, votes: VotesDep) -> InPublic:
    """One vote. Before its notice is posted there is none."""
    vote = await votes.seen(id, who)
    if not vote.noticed:
        raise not_found("affair")
    return await _shown(votes, vote)


async def _shown(votes: Votes, vote: Vote) -> InPublic:
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    texts = await votes.matters(vote)
    return InPublic(
        id=vote.id,
        community=vote.community,
        neighbourhood=vote.neighbourhood,
        state=vote.state,
        effect=vote.effect,
        texts=[Text(matter=matter, text=text) for matter, text in texts.items()],
        opens_from=vote.opens_from,
        opened_at=vote.opened_at,
        closes_at=vote.closes_at,
        electorate=snapshot.whole(),
        turnout=turnout_of(await votes.box.sums(vote.id)),
        declared_at=vote.declared_at,
        challenge_until=vote.challenge_until,
        results=list(vote.count.matters) if vote.count and vote.state in TOLD else [],
    )
