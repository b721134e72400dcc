"""Rounds: drafted, opened, closed, their demands settled, summarised, published."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

from linli.application.kit import Kit
from linli.contracts.neighbourhood.publicity import Subject
from linli.contracts.neighbourhood.rounds import RoundPublished
from linli.frozen import replace
from linli.messaging.outbox import Unsent
from neighbourhood.affairs.office import Asked, Decided, Follower, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Happened, Kept
from neighbourhood.profiles.choosing import profile_for
from neighbourhood.profiles.days import Place as Days
from neighbourhood.profiles.qingdao import PROFILES
from neighbourhood.publicity.domain.deciding import Prepare
from neighbourhood.publicity.office import Notices, rule_for
from neighbourhood.refusal import Refusal
from neighbourhood.rounds.domain.commands import Close, Command, DraftRound, LeaveOut, SettleCluster, Summarise
from neighbourhood.rounds.domain.deciding import decide
from neighbourhood.rounds.domain.round import Round, evolve
from neighbourhood.rounds.domain.rules import RoundRules
from neighbourhood.rounds.responses import Responses

ROUNDS: Kept[Round] = Kept(
    collection="rounds",
    kind=Round,
    name=lambda round: round.id,
    found_by=lambda round: {
        "community": round.community,
        "neighbourhood": round.neighbourhood,
        "stage": round.stage.value,
    },
)


class Rounds(Office[Round, Command]):
    """All rounds. What households answer has stories of its own."""

    def __init__(self, kit: Kit[Any], responses: Responses) -> None:
        super().__init__(kit, ROUNDS)
        self.responses, self.residents_url = responses, kit.settings.residents_url

    async def take(self, id: str, command: Command | Wish, asked: Asked[Round]) -> Round:
        """20,000 answers take longer to read than a transaction should be open."""
        if isinstance(command, Wish) and command.command is Summarise:
            command = replace(command, also=await self.responses.read(id))
        return await super().take(id, command, asked)

    async def decide(self, affair: Round | None, command: Command, moment: Moment) -> Decided:
        rules, days = RoundRules.of(moment.profile), moment.days
        decided: Decided = await asyncio.to_thread(  # a summary of 20,000 answers takes a while
            decide, affair, command, moment.now, rules, days.zone, days.is_working_day
        )
        if isinstance(decided, Refusal):
            return decided
        if isinstance(command, DraftRound):
            await self.responses.begin(command.id, moment.session)
        if affair is not None and isinstance(command, Summarise):
            await self.responses.stand_still(affair.id, moment.session)
        return decided

    def evolve(self, affair: Round | None, event: Any) -> Round:
        return evolve(affair, event)

    def place_of(self, affair: Round) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Round | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        if wish.command is DraftRound:
            return {"id": wish.also}
        if wish.command is Close:
            return {"seed": secrets.token_hex(32)}
        if wish.command is Summarise and affair is not None:
            return {"responses": await self.responses.as_read(affair.id, wish.also, moment.session)}
        if wish.command in {SettleCluster, LeaveOut} and affair is not None:
            named = wish.said["demands"] if wish.command is SettleCluster else [wish.said["demand"]]
            return {"known": await self.responses.demands_among(named, moment)}
        return {}

    def rules_of(self, round: Round) -> RoundRules:
        """What it is held to today. Raises `NoRule`."""
        directory = self.communities.place(round.community, round.neighbourhood)
        today = Days(directory.zone, directory.is_working_day).day_of(self.now())
        return RoundRules.of(profile_for(PROFILES, round.community, round.neighbourhood, today))


def post_summary(notices: Notices, responses: Responses) -> Follower:
    """What a published round comes to is to hang in every building whose households were asked."""

    async def follow(happened: Happened[Round], moment: Moment) -> list[Unsent]:
        if not any(isinstance(event, RoundPublished) for event in happened.events):
            return []
        round = happened.after
        assert round.summary_digest is not None, "it was summarised"
        buildings = tuple(await responses.reach(round.id, moment.session))
        if not buildings:
            return []
        command = Prepare(
            id=notice_of(round.id),
            by=happened.events[-1].by,
            community=round.community,
            neighbourhood=round.neighbourhood,
            subject=Subject.ROUND,
            subject_id=round.id,
            digest=round.summary_digest,
            buildings=buildings,
            rule=rule_for(Subject.ROUND, moment),
        )
        return await notices.prepare(command, moment, happened.trace)

    return follow


def notice_of(round: str) -> str:
    """Under which id its summary hangs."""
    return f"{round}~summary"
