"""Why a command is not carried out. The edge makes problem+json of it."""

from dataclasses import dataclass

from linli.web.localized import Localized


@dataclass(frozen=True, slots=True)
class Refusal:
    """`slug` is for programs, `why` for people, in both languages."""

    slug: str
    why: Localized
    pointer: str | None = None
    """What of the command is wrong, as a JSON pointer, where one thing is."""


def refused(slug: str, english: str, chinese: str, pointer: str | None = None, **values: object) -> Refusal:
    return Refusal(slug, Localized(english, chinese, **values), pointer)
