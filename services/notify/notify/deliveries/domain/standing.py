"""The standing of an address: whether anything is sent there, and whether it may contain a stranger's text.

Anybody can leave another person's address. Until its owner confirms it, or staff entered it, it gets few letters and
no text of the sender.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an address."""

    confirmed: bool = False
    """Its owner said that letters are welcome."""
    stopped: bool = False
    """Its owner said that none are."""
    dead: bool = False
    """Staff said that nothing arrives there."""
    today: int = 0
    """Letters that went there today."""


UNKNOWN = Standing()


@dataclass(frozen=True, slots=True)
class LettersADay:
    """To one address."""

    unconfirmed: int
    known: int


def quotes(standing: Standing, *, vouched: bool) -> bool:
    """Whether a letter may carry what the reporter wrote. `vouched`: it was handed in with a key, so staff or a program
    of theirs took the address down."""
    return vouched or standing.confirmed


def unwritten(standing: Standing, *, vouched: bool, sent: int, limit: LettersADay) -> str | None:
    """Why no letter goes there, or None. `sent` counts today's, with those that are on their way."""
    if standing.stopped:
        return "recipient_stopped"
    if standing.dead:
        return "address_dead"
    most = limit.known if quotes(standing, vouched=vouched) else limit.unconfirmed
    return "enough_for_a_day" if sent >= most else None
