"""Names of what a community has, in the language of who reads."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN


def called(thing: Mapping[str, Any], field: str = "name") -> str:
    """A name, or another text that has its English beside it, as far as there is one."""
    english = thing.get(f"{field}_en") if ANSWER_IN.get() is Language.EN else None
    return str(english or thing.get(field) or "")
