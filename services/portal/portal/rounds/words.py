"""Wordings of rounds in the language of who reads."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN, document
from linli.web.problems import Problem
from portal.services import Name

NEIGHBOURHOOD: Name = "neighbourhood"


def worded(text: Mapping[str, Any]) -> str:
    """The office's words; the Chinese ones hold, and stand where there are no others."""
    english = text.get("en") if ANSWER_IN.get() is Language.EN else None
    return str(english or text.get("zh") or "")


def why(problem: Problem | None) -> str | None:
    """Why something was not taken, in the reader's language."""
    return str(document(problem)["detail"]) if problem else None
