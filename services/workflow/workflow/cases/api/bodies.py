"""Request bodies other than those of the actions. Text is masked as it is read."""

from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.text.fields import Impersonal, Line, Paragraphs


class FollowUpGiven(Record):
    """How it was, in the words of who reported it."""

    contacted: bool = Field(strict=True, description="Did somebody get in touch?")
    solved: bool = Field(strict=True, description="Is it solved?")
    satisfied: bool = Field(strict=True, description="Are you satisfied?")
    message: Annotated[str, Paragraphs(1_000), Impersonal] | None = Field(None, examples=["修好了，谢谢。"])


class Words(Record):
    """What there is to say besides, in the words of who reported it."""

    message: Annotated[str, Paragraphs(2_000, 1), Impersonal] = Field(examples=["今天又坏了一盏。"])


class WordsAdded(Record):
    """It stands in the timeline."""

    id: str


class FollowUpRecorded(FollowUpGiven):
    """The same, asked by telephone and written down. 电话回访"""

    by: Slug | None = Field(None, description="The party in whose name it was asked", examples=["grid-3"])


class Lookup(Record):
    """Which cases to look up."""

    ids: list[Annotated[str, Line(64, 1)]] = Field(
        min_length=1, max_length=1_000, examples=[["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"]]
    )
