"""Votes: prepared, posted, opened, closed, counted, declared, published; challenged or voided."""

from collections.abc import Mapping
from typing import Any

from linli.application.kit import Kit
from linli.contracts.neighbourhood.profile import RuleProfile
from linli.contracts.neighbourhood.votes import Weight
from linli.security.principals import Principal
from linli.web.problems import Problem
from neighbourhood.affairs.office import Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Kept
from neighbourhood.affairs.texts import Texts
from neighbourhood.profiles.qingdao import PROFILES
from neighbourhood.refusal import Refusal
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.votes.box import Box
from neighbourhood.votes.domain.commands import (
    CertifyCount,
    LodgeProxy,
    OpenVote,
    PrepareVote,
    RevokeProxy,
    VoteCommand,
)
from neighbourhood.votes.domain.holding import decide
from neighbourhood.votes.domain.tally import CannotCount, passes
from neighbourhood.votes.domain.vote import Vote, evolve
from neighbourhood.votes.seen import as_seen
from neighbourhood.votes.snapshots import Snapshots

VOTES: Kept[Vote] = Kept(
    collection="votes",
    kind=Vote,
    name=lambda vote: vote.id,
    found_by=lambda vote: {
        "community": vote.community,
        "neighbourhood": vote.neighbourhood,
        "stage": vote.state.value,
    },
)
BY_ID: Mapping[str, RuleProfile] = {each.id: each for each in PROFILES}


class Votes(Office[Vote, VoteCommand]):
    """All votes. What is chosen is in the box, and none of this."""

    def __init__(self, kit: Kit[NeighbourhoodSettings], snapshots: Snapshots, box: Box, texts: Texts) -> None:
        super().__init__(kit, VOTES)
        self.snapshots, self.box, self.texts = snapshots, box, texts
        self.residents_url = kit.settings.residents_url

    async def decide(self, affair: Vote | None, command: VoteCommand, moment: Moment) -> Decided:
        assert affair is not None, "a vote begins blank"
        wanted = command.snapshot if isinstance(command, PrepareVote) else affair.asked.snapshot_id
        snapshot = await self.snapshots.one(wanted, moment.session)
        profile = BY_ID[affair.terms.profile] if affair.terms else moment.profile
        decided = decide(affair, command, snapshot, profile, moment.days, moment.now)
        if isinstance(decided, Refusal):
            return decided
        if isinstance(command, PrepareVote):
            await self.box.begin(affair, moment.session)
            await self.texts.keep(affair.id, [each.text for each in command.matters], moment.session)
        if isinstance(command, CertifyCount):
            await self.box.stand_still(affair.id, moment.session)
        return decided

    def evolve(self, affair: Vote | None, event: Any) -> Vote:
        assert affair is not None, "a vote begins blank"
        return evolve(affair, event)

    def place_of(self, affair: Vote) -> Place:
        return Place(affair.community, affair.neighbourhood)

    def as_seen(self, vote: Vote, who: Principal) -> Vote:
        """What of it they may see."""
        return as_seen(vote, who.id, self.holds(vote, who))

    async def counted_by(self, id: str, who: Principal) -> Vote:
        """A vote, for its tellers and who holds it. Raises 403, 404."""
        vote = await self.seen(id, who)
        return vote if who.id in vote.asked.tellers else await self.led(id, who)

    async def completed(self, affair: Vote | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if affair is None:
            return {}
        if wish.command is OpenVote:
            return {"texts": await self.matters(affair)}
        if wish.command is CertifyCount:
            return await self._found(affair, wish, moment)
        if wish.command in {LodgeProxy, RevokeProxy}:
            owners = await self.box.owners(affair, [str(wish.said["principal"])], moment.session)
            return {"principal_voted": owners[0].ballot_id is not None}
        return {}

    async def _found(self, vote: Vote, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        """A teller's numbers beside what the box comes to now; who says nothing of a matter has found it empty."""
        snapshot = await self.snapshots.one(vote.asked.snapshot_id, moment.session)
        try:
            recounted = await self.box.count(vote, snapshot, moment.session)
        except CannotCount as error:
            raise Problem("not_allowed", 409, str(error), reason="cannot-count") from None
        found = {each.matter: each for each in wish.also}
        matters = [
            passes(matter, counted.electorate, found[matter.id].marks, vote.asked.abstention_takes_part)
            if matter.id in found
            else counted.model_copy(update={"approve": Weight(), "oppose": Weight(), "abstain": Weight()})
            for matter, counted in zip(vote.matters, recounted.matters, strict=True)
        ]
        return {"recounted": recounted, "count": recounted.model_copy(update={"matters": tuple(matters)})}

    async def matters(self, vote: Vote) -> Mapping[str, str]:
        """The text of each matter, as it is kept, by id."""
        texts = await self.texts.of(vote.id)
        return {matter.id: texts[matter.text_sha256] for matter in vote.matters}
