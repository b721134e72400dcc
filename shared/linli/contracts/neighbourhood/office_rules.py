"""The rules of a profile beside spans and votes: shares, duties, reminders, warranties, covenants, open questions.

Most of them no law sets: an office does. Each has its citation as well, which then says that it was chosen.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.rules import Citation, LegalClass, Share
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.contracts.neighbourhood.works import SiteRole, Trade

DayOfYear = tuple[Annotated[int, Field(ge=1, le=12)], Annotated[int, Field(ge=1, le=31)]]
"""Month and day."""
A_COMMON_YEAR = 2023


class Where(Record):
    """A place that has rules of its own: a community, or one neighbourhood of it."""

    community: Slug
    neighbourhood: Slug | None = None


class Portion(StrEnum):
    """A part of a whole that a rule sets."""

    SHEETS_READ_AGAIN = "sheets_read_again"  # 纸质答卷抽查, rounded up
    SEATS_PRESENT = "seats_present"  # 联席会议到会席位
    ASSEMBLY_PRESENT = "assembly_present"  # 居民会议到会户
    ASSEMBLY_AGREES = "assembly_agrees"  # 居民会议同意户，占到会


class PortionRule(Record):
    portion: Portion
    share: Share
    citation: Citation


class Duty(StrEnum):
    """What certain roles have to do."""

    SIGN_ACCEPTANCE = "sign_acceptance"  # 竣工验收签署: all of them
    CONFIRM_MINUTES = "confirm_minutes"  # 会议纪要确认


_ROLES: dict[Duty, type[StrEnum]] = {Duty.SIGN_ACCEPTANCE: SiteRole, Duty.CONFIRM_MINUTES: SeatRole}


class DutyRule(Record):
    """`roles` are those of the duty's own kind: of a site, or of a task force."""

    duty: Duty
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    citation: Citation

    @model_validator(mode="after")
    def _known(self) -> "DutyRule":
        for role in self.roles:
            _ROLES[self.duty](role)
        return self


class Ending(StrEnum):
    """What somebody is reminded of before it ends."""

    WARRANTY = "warranty"  # 保修期
    FILING = "filing"  # 竣工验收备案期限
    LIFTS = "lifts"  # 电梯使用登记期限
    ACTION = "action"  # 任务期限
    SEAT = "seat"  # 席位任期


class ReminderRule(Record):
    ending: Ending
    days: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
    """Before the end, the longest first."""
    citation: Citation


class WarrantyTerm(Record):
    """How long a builder answers for a kind of work, at the least. A season is a whole one of heating."""

    work: Trade
    years: Annotated[int, Field(ge=0)] = 0
    seasons: Annotated[int, Field(ge=0)] = 0
    citation: Citation


class HeatingSeason(Record):
    """From the one day to the other, both included; it may reach over the new year."""

    first: DayOfYear
    last: DayOfYear
    citation: Citation

    @model_validator(mode="after")
    def _in_every_year(self) -> "HeatingSeason":
        for day in (self.first, self.last):
            date(A_COMMON_YEAR, *day)
        return self


class AdoptionRule(Record):
    """Who adopts a kind of covenant, and as which class a vote's officer has to have recorded it."""

    track: Track
    adopter: Adopter
    legal_class: LegalClass
    citation: Citation


class FinesRule(Record):
    """A covenant sets no fines. `words` are those for which a reviewer has to say why they are none."""

    words: Annotated[tuple[str, ...], Field(min_length=1)]
    citation: Citation


class OpenQuestion(Record):
    """What no rule of a profile answers, or what a rule is read to say: an office asks its lawyer."""

    id: Slug
    ask: Wording
    meanwhile: Wording
    """What Linli does until somebody knows."""
    citation: Citation
