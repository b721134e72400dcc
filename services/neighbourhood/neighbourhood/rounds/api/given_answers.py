"""What a household says, as a request has it."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest
from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.text.fields import Impersonal, Line, Paragraphs
from neighbourhood.rounds.domain.questions import MOST_QUESTIONS

Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]


class Answered(Record):
    """What is said to one question. Telephone numbers and the like are masked before it is kept."""

    question: Slug
    chosen: Annotated[tuple[Slug, ...], Field(max_length=50)] = Field((), description="Of a ranking the best first")
    value: int | None = Field(None, description="Of a scale")
    text: Annotated[str, Paragraphs(4_000), Impersonal] = ""
    place: Annotated[str, Line(200), Impersonal] = Field("", description="Where it is, in words")
    photos: Annotated[tuple[Digest, ...], Field(max_length=9)] = Field((), description="SHA-256 of each photo")
    consent: bool = Field(False, description="What is written may become a demand of its own")


Answers = Annotated[tuple[Answered, ...], Field(max_length=MOST_QUESTIONS)]
ANSWERS = [
    {"question": "first", "chosen": ["lift"]},
    {"question": "else", "text": "3号楼要无障碍坡道", "consent": True},
]


def given(answers: tuple[Answered, ...]) -> tuple[GivenAnswer, ...]:
    """As it is kept."""
    return tuple(GivenAnswer(**each.model_dump()) for each in answers)
