"""What can be done with a household's answer.

Whoever answers shows the code of the household's letter, or a member of staff enters a sheet of which there is a
picture.
"""

from dataclasses import dataclass
from typing import TypeAlias

from linli.contracts.neighbourhood.responses import GivenAnswer


@dataclass(frozen=True, slots=True)
class Code:
    """The household's own: SHA-256 of the code in its letter."""

    code_hash: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """On paper: SHA-256 of the picture of it."""

    scan: str


@dataclass(frozen=True, slots=True)
class Invite:
    """Print a letter for a household, or another one in place of what was lost."""

    by: str
    household: str
    building: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class RecordAnswers:
    """Answer. `by` is the household, or who enters its sheet."""

    by: str
    proof: Code | Sheet
    digest: str
    """Of the questions that were answered."""
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the answer back."""

    by: str
    proof: Code | Sheet


@dataclass(frozen=True, slots=True)
class CheckSheet:
    """A second person types in what is on the sheet, without seeing what was entered."""

    by: str
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class CorrectSheet:
    """Put right what differs."""

    by: str
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """What was written to a question has become a demand with that id."""

    by: str
    question: str
    demand: str


@dataclass(frozen=True, slots=True)
class EraseWords:
    """Forget what the household wrote."""

    by: str


Command: TypeAlias = Invite | RecordAnswers | Withdraw | CheckSheet | CorrectSheet | Raise | EraseWords
