"""Taking answers: those that come in together are one transaction, so that a whole subdistrict can answer at once.

Each takes effect once: a household has one answer to a round, whichever way it comes.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from pydantic import ValidationError

from linli.application.kit import Kit
from linli.contracts.neighbourhood.responses import (
    ResponseChannel,
    ResponseEvent,
    ResponseRecorded,
    ResponseWithdrawn,
)
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.group_commit import Limits
from linli.web.localized import Localized
from linli.web.problems import not_found, unknown_code
from neighbourhood.affairs.codes import hash_of, in_groups, new_code
from neighbourhood.affairs.household_doors import Household, Households
from neighbourhood.affairs.problems import broken, problem_of, too_large
from neighbourhood.affairs.stories import Happened
from neighbourhood.affairs.together import Together
from neighbourhood.refusal import Refusal
from neighbourhood.rounds.domain.answering import decide
from neighbourhood.rounds.domain.household_commands import Command, EraseWords, Invite, RecordAnswers
from neighbourhood.rounds.domain.response import Response, evolve, id_of
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.office import Rounds
from neighbourhood.rounds.photos import HouseholdPhotos, unknown
from neighbourhood.rounds.responses import CodeOf, Responses

log = structlog.get_logger()
TAKEN = Counter("linli_answers_taken_total", "Answers of households to rounds", ["channel"])
TOGETHER = Histogram("linli_answers_together", "Answers in one transaction", buckets=(1, 2, 5, 10, 20, 50, 100, 200))
SECONDS = Histogram("linli_answers_seconds", "Time until answers are on the disks of a majority")
LIMITS = Limits(together=200, in_flight=1, waiting=2_000)
"""One transaction at a time in a process: two would write to the same numbers, and one of them run again."""
NO_CODE = Localized("There is no letter of this code.", "没有这个码对应的信。")


@dataclass(slots=True, eq=False)
class Handed:
    """What somebody does with a household's answer, and what has become of it."""

    command: Callable[[str], Command]
    """By household."""
    response: str | None = None
    round: str | None = None
    code: str | None = None
    """In place of both."""
    photos: frozenset[str] = frozenset()
    """What it names of what the household has sent."""
    done: Response | None = None
    new: bool = False


class Taking:
    """Takes answers, by code and on paper."""

    def __init__(
        self, kit: Kit[Any], rounds: Rounds, responses: Responses, households: Households, photos: HouseholdPhotos
    ) -> None:
        self._transactions, self._now = kit.transactions, kit.clock.now
        self._rounds, self._responses, self._households, self._photos = rounds, responses, households, photos
        self._together = Together[Handed](kit.transactions, self._take, _measure, LIMITS, _taken)

    async def by_code(
        self, code: str, command: Callable[[str], Command], photos: frozenset[str] = frozenset()
    ) -> Response:
        """The household's answer after it. Raises 404 for a code that there is not, 409, 422."""
        return await self._hand_in(Handed(command, code=code, photos=photos))

    async def of(self, round: str, household: str, command: Command) -> Response:
        """The same by staff, or by a rule. Raises 404, 409, 422."""
        return await self._hand_in(Handed(lambda _: command, id_of(round, household), round))

    async def _hand_in(self, handed: Handed) -> Response:
        await self._together.hand_in(handed)
        assert handed.done is not None, "it is taken or refused"
        return handed.done

    async def invite(self, round: Round, building: str, households: Sequence[Household], by: str) -> Mapping[str, str]:
        """A code for each household, which is told here and nowhere again; those from before count no more."""
        codes = {each.id: new_code() for each in households}
        handed = [
            Handed(
                lambda household: Invite(by, household, building, hash_of(codes[household])),
                id_of(round.id, each.id),
                round.id,
            )
            for each in households
        ]

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            failures: dict[int, Exception] = {}
            unsent = await self._take(handed, failures, session)
            for failure in failures.values():
                raise failure
            kept = {codes[each.id]: CodeOf(round.id, id_of(round.id, each.id)) for each in households}
            await self._responses.keep_codes(kept, session)
            await self._households.keep(self._rounds.place_of(round), households, session)
            return None, unsent

        await self._transactions.run(work)
        log.info("households_invited", correlationid=round.id, households=len(households))
        return {household: in_groups(code) for household, code in codes.items()}

    async def erase(self, those: Sequence[Response], session: mongo.Session) -> list[Unsent]:
        """Forget what households wrote, in a transaction that there is already."""
        handed = [Handed(lambda _: EraseWords("linli"), each.id, each.round_id) for each in those]
        return await self._take(handed, {}, session)  # one that has nothing to erase is refused, and stays as it is

    async def _take(
        self, those: Sequence[Handed], failures: dict[int, Exception], session: mongo.Session
    ) -> list[Unsent]:
        now = self._now()
        whose = await self._responses.whose({each.code for each in those if each.code}, session)
        for at, each in enumerate(those):
            if each.code is not None:
                if (found := whose.get(each.code)) is None:
                    failures[at] = unknown_code(NO_CODE)
                else:
                    each.round, each.response = found
        rounds = await self._rounds.stories.load({each.round for each in those if each.round}, session)
        before = await self._responses.stories.load({each.response for each in those if each.response}, session)
        named: dict[str, set[str]] = defaultdict(set)
        for each in those:
            if each.response and each.photos:
                named[each.response] |= each.photos
        sent = await self._photos.sent(named, session) if named else {}
        after, events = dict(before), dict[str, list[ResponseEvent]]()
        for at, each in enumerate(those):
            if at not in failures and not each.photos <= {*sent.get(str(each.response), ())}:
                failures[at] = unknown()
        for at, each in enumerate(those):
            if at not in failures and (why := _one(each, rounds, after, events, now)):
                failures[at] = why
        unsent: list[Unsent] = []
        for round in rounds:
            happened = [
                Happened(before.get(id), after[id], told) for id, told in events.items() if after[id].round_id == round
            ]
            unsent += await self._responses.save(happened, now, session)
        for id, told in events.items():
            await self._follow(after[id], told, now, session)
        return unsent

    async def _follow(
        self, response: Response, told: Sequence[ResponseEvent], now: datetime, session: mongo.Session
    ) -> None:
        """What stands beside an answer follows it."""
        if any(event.forgets() for event in told):
            await self._responses.forget(response.id, session)
            await self._photos.forget(response.id, session)
            return
        if any(isinstance(event, ResponseWithdrawn) for event in told):
            await self._photos.let_wait(response.id, now, session)
        shown = {sha256 for each in response.answers for sha256 in each.photos}
        if shown and any(isinstance(event, ResponseRecorded) for event in told):
            await self._photos.name(response.id, shown, session)


def _one(
    handed: Handed,
    rounds: Mapping[str, Round],
    responses: dict[str, Response],
    events: dict[str, list[ResponseEvent]],
    now: datetime,
) -> Exception | None:
    """Let one take effect on what those before it in the batch have left; or why it cannot."""
    id, round = str(handed.response), rounds.get(str(handed.round))
    if round is None:
        return not_found("affair")
    response = responses.get(id)
    command = handed.command(id.removeprefix(id_of(round.id, "")))
    try:
        decided = decide(response, command, round, now)
    except ValidationError as error:
        return broken(error)
    if isinstance(decided, Refusal):
        return problem_of(decided)
    if too_much := too_large(decided):
        return too_much
    for event in decided:
        responses[id] = response = evolve(response, event)
        events.setdefault(id, []).append(event)
    handed.done, handed.new = response, bool(decided) and isinstance(command, RecordAnswers)
    return None


def _taken(handed: Handed) -> None:
    if handed.new and handed.done is not None:
        TAKEN.labels(handed.done.channel or ResponseChannel.ONLINE).inc()


def _measure(together: int, seconds: float) -> None:
    TOGETHER.observe(together)
    SECONDS.observe(seconds)
