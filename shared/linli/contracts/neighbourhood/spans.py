"""Spans of days that rules set, and the law each is counted by. `neighbourhood.profiles.days` counts them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.rules import Citation


class Counting(StrEnum):
    """How a span is counted; the day it begins is never a part of it (民法典 201)."""

    FULL = "full"  # so many whole days, at the least: 公示不少于三日; a day off changes nothing
    BEFORE = "before"  # so many days before: 十五日前; a day off changes nothing
    WITHIN = "within"  # until the last day's end: 三日内; a last day off moves on (民法典 203)


class DayUnit(StrEnum):
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


class Span(Record):
    """How long something takes, at the least or at the most, and who says so."""

    length: Annotated[int, Field(ge=1, le=3660)]
    unit: DayUnit = DayUnit.DAY
    counting: Counting
    citation: Citation
