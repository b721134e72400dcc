"""Needs that households consented to become demands: submissions of intake, which deals with them as with all others.

Intake may be away: nothing is lost, for what is to be raised stands in the answers themselves. A repetition is the same
submission. What intake refuses is put aside where the office sees it. Which household it was never travels.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from prometheus_client import Counter

from linli.application.kit import Kit
from linli.application.worker import repeatedly
from linli.contracts.kinds import Channel, Kind
from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.contracts.neighbourhood.rounds import RoundStage
from linli.storage import mongo
from linli.web.calls import to_service
from linli.web.problems import Problem
from neighbourhood.affairs.household_doors import Households
from neighbourhood.rounds.domain.household_commands import Raise
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.needs_aside import Aside
from neighbourhood.rounds.office import Rounds
from neighbourhood.rounds.responses import Responses
from neighbourhood.rounds.taking import Taking

log = structlog.get_logger()
EVERY = 1.0
"""Seconds between two looks."""
AWAY = 5.0
"""Seconds until intake is asked again that did not answer."""
LEASE = 30
AT_ONCE = 10
TITLE = 60
"""Characters of what was written that become its title."""
BUSY = {401, 403, 408, 425, 429}
"""What is no refusal of the need itself: the key, or the hurry."""
RAISED = Counter("linli_needs_raised_total", "Needs of households that became demands")


class Away(Exception):
    """Intake does not answer, or not now."""


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """Intake does not take this one."""

    reason: str
    status: int


@dataclass(frozen=True, slots=True)
class Need:
    """What a household wrote to a question, to become a demand."""

    round: Round
    response: Response
    answer: GivenAnswer
    key: str
    """Its own for ever, and nobody finds a household in it."""


class Needs:
    """One of all processes of the service raises them, by lease."""

    def __init__(
        self, kit: Kit[Any], rounds: Rounds, responses: Responses, taking: Taking, households: Households
    ) -> None:
        settings = kit.settings
        self._intake = to_service("intake", settings.intake_url, settings.secret("service.key"), httpx2.Timeout(10))
        self.aside = Aside(kit.database)
        self._lease = mongo.Lease(kit.database, "needs", kit.member, LEASE)
        self._now = kit.clock.now
        self._rounds, self._responses, self._taking, self._households = rounds, responses, taking, households
        self._not_before = 0.0

    async def run(self) -> None:
        """Until cancelled; MongoDB and intake may come and go."""
        await repeatedly("needs", self._look_leased, EVERY, self.aside.unknown)

    async def close(self) -> None:
        await self._intake.aclose()

    async def _look_leased(self) -> None:
        if time.monotonic() < self._not_before:
            return
        if await self._lease.held():
            await self.look()
        else:
            self.aside.unknown()

    async def look(self) -> None:
        """Raise what is to be raised."""
        await self.aside.measure()
        for round in await self._rounds.stories.found({"stage": RoundStage.CLOSED.value}):
            waiting = [
                Need(round, response, answer, self._key(response.id, answer.question))
                for response in await self._responses.all_of(round.id, waiting=True)
                for answer in response.to_raise
            ]
            aside = {each["_id"] for each in await self.aside.of(round.id)}
            due = [need for need in waiting if need.key not in aside]
            for at in range(0, len(due), AT_ONCE):
                together = await asyncio.gather(*map(self._raise, due[at : at + AT_ONCE]), return_exceptions=True)
                for failed in together:
                    if isinstance(failed, Away):
                        log.warning("needs_wait", correlationid=round.id, error=repr(failed))
                        self._not_before = time.monotonic() + AWAY
                        return
                    if isinstance(failed, BaseException):
                        raise failed
                await self._lease.held()

    async def _raise(self, need: Need) -> None:
        try:
            demand = await self._submitted(need)
        except Refused as refused:
            log.warning("need_put_aside", correlationid=need.round.id, reason=refused.reason, status=refused.status)
            await self._put(need, refused)
            return
        try:
            command = Raise("linli", need.answer.question, demand)
            await self._taking.of(need.round.id, need.response.household, command)
            RAISED.inc()
        except TimeoutError as error:
            raise Away("our own database is slow") from error
        except Problem as problem:  # somebody has erased it meanwhile, or raised it by hand
            log.warning("need_not_raised", correlationid=need.round.id, demand=demand, reason=problem.slug)

    async def _submitted(self, need: Need) -> str:
        """The demand's id. Raises `Refused` and `Away`."""
        headers = {"Idempotency-Key": need.key}
        try:
            answer = await self._intake.post("/v1/submissions", json=submission_of(need), headers=headers)
        except httpx2.HTTPError as error:
            raise Away(type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in BUSY:
            raise Away(f"HTTP {answer.status_code}")
        try:
            said = answer.json()
            if answer.status_code >= 400:
                raise Refused(str(said.get("type", "")).rpartition(":")[2][:80], answer.status_code)
            return str(said["id"])
        except (ValueError, KeyError, AttributeError) as error:
            raise Away("no receipt") from error

    async def raised_by_hand(self, response: Response, question: str) -> None:
        """An official has entered a demand for it: it lies aside no more."""
        await self.aside.settled(self._key(response.id, question))

    def _key(self, response: str, question: str) -> str:
        return self._households.hash("need", response, question)

    async def _put(self, need: Need, refused: Refused) -> None:
        what = {
            "round": need.round.id,
            "household": need.response.household,
            "question": need.answer.question,
            "reason": refused.reason,
            "status": refused.status,
            "at": self._now(),
        }
        await self.aside.put(need.key, what)


def submission_of(need: Need) -> dict[str, Any]:
    """A demand, as intake takes it: what was written and where, nothing of who wrote it."""
    text = need.answer.text
    line = " ".join(text.split())
    title = line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"
    place = {"place": need.answer.place} if need.answer.place else {}
    return {
        "kind": Kind.DEMAND.value,
        "channel": (Channel.DESK if need.response.on_paper else Channel.WEB).value,
        "community": need.round.community,
        "neighbourhood": need.round.neighbourhood,
        "title": title,
        "text": text,
        "attributes": {"round": need.round.id, "question": need.answer.question},
        **place,
    }
