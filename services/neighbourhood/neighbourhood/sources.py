"""Where a rule is written, kept beside the number that it gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """`confirmed`: the article was read in the law's text. Otherwise an office asks its lawyer before relying on it."""

    article: str
    confirmed: bool = True
    note: str = ""


def unconfirmed(article: str, note: str = "") -> Source:
    """A draft, the press, custom or memory says so."""
    return Source(article, confirmed=False, note=note)
