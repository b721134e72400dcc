"""Rounds 征集: one collection of needs and opinions in a neighbourhood. Key: round id.

What households answer is told in stories of their own (`responses.py`), so that a whole subdistrict can answer at once.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id, Wording


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"  # 单选
    MULTIPLE = "multiple"  # 多选
    SCALE = "scale"  # 评分
    RANKING = "ranking"  # 排序
    TEXT = "text"  # 填空


class Option(Record):
    """One of the answers to choose from, or to put in order."""

    id: Slug
    text: Wording


class Question(Record):
    """One question of a round."""

    id: Slug
    kind: QuestionKind
    text: Wording
    options: Annotated[tuple[Option, ...], Field(max_length=50)] = ()
    """Of single, multiple and ranking."""
    required: bool = False
    least: int = 0
    """Of multiple: how many have to be chosen, where any are. Of a scale: its lower end."""
    most: int | None = None
    """Of multiple and ranking: how many may be chosen; None: all. Of a scale: its upper end."""
    needs: bool = False
    """What is written in answer may become a demand, where the household consents. Of text."""
    photos: Annotated[int, Field(ge=0, le=9)] = 0
    """How many photos may go with an answer."""
    places: bool = False
    """Whether an answer may say where."""


class RoundStage(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"  # 拟定
    OPEN = "open"  # 征集中
    CLOSED = "closed"  # 已截止
    SUMMARISED = "summarised"  # 已汇总
    PUBLISHED = "published"  # 已公布


class AnswerCount(Record):
    """How often one answer was given, and for a ranking how far up."""

    answer: Annotated[str, Field(pattern=r"^-?[a-z0-9._-]{1,80}$")]
    """An option's id, or a number of the scale."""
    times: Annotated[int, Field(ge=0)]
    points: Annotated[int, Field(ge=0)] = 0
    """Of a ranking of n: n for each first place, n - 1 for each second, and so on."""


class QuestionSummary(Record):
    """What was answered to one question; those who left it out are not in it."""

    question: Slug
    answered: Annotated[int, Field(ge=0)]
    counts: tuple[AnswerCount, ...] = ()
    """In the order of the question; nothing for texts."""


class RoundSummary(Record):
    """What a round comes to, in numbers. Nobody is in it who said nothing."""

    invited: Annotated[int, Field(ge=0)]
    responses: Annotated[int, Field(ge=0)]
    on_paper: Annotated[int, Field(ge=0)]
    checked: Annotated[int, Field(ge=0)]
    """Of those on paper, how many a second person compared with the scan."""
    clusters: Annotated[int, Field(ge=0)]
    clustered: Annotated[int, Field(ge=0)]
    """Demands in a cluster."""
    left_out: Annotated[int, Field(ge=0)]
    """Demands in none, each with its reason."""
    questions: tuple[QuestionSummary, ...]


class RoundEvent(Affair):
    """What is common to every event of a round."""

    round_id: Id

    @property
    def story(self) -> str:
        return self.round_id


class RoundDrafted(RoundEvent):
    """A round is being written."""

    TYPE: ClassVar[str] = "linli.round.drafted.v1"

    community: Slug
    neighbourhood: Slug
    title: Wording
    questions: tuple[Question, ...] = ()


class RoundRevised(RoundEvent):
    """What is asked is put otherwise, before anybody has answered."""

    TYPE: ClassVar[str] = "linli.round.revised.v1"

    title: Wording
    questions: tuple[Question, ...]


class RoundOpened(RoundEvent):
    """Households can answer until then."""

    TYPE: ClassVar[str] = "linli.round.opened.v1"

    closes_at: AwareDatetime
    digest: Digest
    """Of what is asked; every answer names it."""


class RoundExtended(RoundEvent):
    """Households can answer for longer than was said."""

    TYPE: ClassVar[str] = "linli.round.extended.v1"

    closes_at: AwareDatetime


class RoundClosed(RoundEvent):
    """Nobody can answer any more."""

    TYPE: ClassVar[str] = "linli.round.closed.v1"

    seed: Digest
    """Drawn now, so that nobody who entered paper knew which sheets a second person would look at."""


class DemandsClustered(RoundEvent):
    """A person has settled that these demands are one matter. What was there under this name is as it is now."""

    TYPE: ClassVar[str] = "linli.demands.clustered.v1"

    cluster: Id
    title: Wording
    demands: Annotated[tuple[Id, ...], Field(min_length=1)]


class DemandLeftOut(RoundEvent):
    """A demand belongs to no cluster, for a reason that its household can read."""

    TYPE: ClassVar[str] = "linli.demand.left_out.v1"

    demand: Id
    reason: Wording


class RoundSummarised(RoundEvent):
    """What was answered is counted, every demand is in a cluster or has its reason."""

    TYPE: ClassVar[str] = "linli.round.summarised.v1"

    summary: RoundSummary
    digest: Digest
    """Of the summary."""


class RoundPublished(RoundEvent):
    """All can read what it came to."""

    TYPE: ClassVar[str] = "linli.round.published.v1"

    digest: Digest
    """Of the summary that is published: the one that was counted."""
