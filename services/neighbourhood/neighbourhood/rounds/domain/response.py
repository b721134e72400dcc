"""What one household answers to one round, and how each event changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce

from linli.contracts.erasure import erased_text
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import responses as events
from linli.contracts.neighbourhood.responses import GivenAnswer, ResponseChannel, ResponseEvent
from linli.frozen import replace


class Said(StrEnum):
    """Whether a household has answered."""

    NOTHING = "nothing"
    """It has its letter."""
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Response:
    """A household's answer: there is one of a round and a household. `version` is the number of its events."""

    id: str
    round_id: str
    household: str
    building: str
    code_hash: str
    """Of the letter that was printed last."""
    said: Said = Said.NOTHING
    channel: ResponseChannel | None = None
    answers: tuple[GivenAnswer, ...] = ()
    scan: str | None = None
    entered_by: str | None = None
    """Who typed a sheet in."""
    recorded_at: datetime | None = None
    checked_by: str | None = None
    differed: bool = False
    """A second person once found something else on the sheet."""
    differs: tuple[str, ...] = ()
    """The questions of which that has not been put right."""
    corrected_by: str | None = None
    """Who typed in what stands there now, in place of who entered it."""
    raised: Mapping[str, str] = field(default_factory=dict)
    """By question: the demand that came of what was written."""
    erased: bool = False
    version: int = 0

    @property
    def counts(self) -> bool:
        return self.said is Said.ANSWERED

    @property
    def on_paper(self) -> bool:
        return self.counts and self.channel is ResponseChannel.PAPER

    @property
    def to_raise(self) -> tuple[GivenAnswer, ...]:
        """What was written with consent, and is no demand yet."""
        if self.erased:
            return ()
        return tuple(each for each in self.answers if each.consent and each.question not in self.raised)


def id_of(round_id: str, household: str) -> str:
    """One id for a round and a household: a second answer finds the first, on whichever way both come. No id has `~~`
    where programs make them, so two pairs have two ids."""
    return f"{round_id}~~{household}"


def evolve(response: Response | None, event: ResponseEvent) -> Response:  # noqa: PLR0911 - one for each event
    """The answer after an event of its story."""
    if response is None:
        assert isinstance(event, events.ResponseInvited), f"{event.TYPE} comes after the household was invited"
        return Response(event.response_id, event.round_id, event.household, event.building, event.code_hash, version=1)
    after = replace(response, version=response.version + 1)
    match event:
        case events.ResponseInvited():
            return replace(after, building=event.building, code_hash=event.code_hash)
        case events.ResponseRecorded():
            return replace(
                after,
                said=Said.ANSWERED,
                channel=event.channel,
                answers=event.answers,
                scan=event.scan,
                entered_by=event.by if event.channel is ResponseChannel.PAPER else None,
                recorded_at=event.at,
                checked_by=None,
                differed=False,
                differs=(),
                corrected_by=None,
            )
        case events.ResponseWithdrawn():
            return replace(after, said=Said.WITHDRAWN, answers=(), scan=None)
        case events.ResponseChecked():
            found = bool(event.differs)
            return replace(after, checked_by=event.by, differs=event.differs, differed=response.differed or found)
        case events.ResponseCorrected():
            return replace(after, answers=event.answers, differs=(), corrected_by=event.by, checked_by=None)
        case events.ResponseDemandRaised():
            return replace(after, raised={**response.raised, event.question: event.demand})
        case events.ResponseErased():
            words = dict.fromkeys(GivenAnswer.WORDS, erased_text(Language.ZH))
            return replace(
                after, answers=tuple(each.model_copy(update=words) for each in response.answers), erased=True
            )
        case _:
            raise AssertionError(f"{event.TYPE} is no event of a household's answer")


def replayed(story: Iterable[ResponseEvent]) -> Response | None:
    """The answer that a whole story leads to."""
    return reduce(evolve, story, None)
