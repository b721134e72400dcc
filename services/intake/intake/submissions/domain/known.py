"""A reporter's known data, looked for literally in the text of events, to mask it."""

import re
from collections.abc import Iterator

import phonenumbers

from intake.submissions.domain.request import Reporter
from linli.privacy import known
from linli.privacy.known import Known

LENGTH_OF_A_MOBILE = 14
"""Of +86 and eleven digits that begin with 1; a fixed line's area code begins with another."""

_TO_A_DOOR = re.compile(r"[^\W\d].*(?:\d{3,4}|\d[室户房])$")
SHORTEST_TO_A_DOOR = 8
"""Letters and digits."""


def known_of(reporter: Reporter | None, *, names: bool = True) -> tuple[Known, ...]:
    """Name, telephone number, e-mail and home address of a reporter, as far as they were given.

    Without `names` for what others wrote: there it may well be somebody else's, and an address that does not lead to a
    door is where many live, or whatever words somebody left as one.
    """
    return () if reporter is None else tuple(each for each in _known(reporter, names) if each is not None)


def _known(reporter: Reporter, names: bool) -> Iterator[Known | None]:
    if reporter.name and names:
        yield known.name(reporter.name)
    if reporter.phone:
        yield from _numbers(reporter.phone)
    if reporter.email:
        yield known.email(str(reporter.email))
    if reporter.address and (names or _leads_to_a_door(reporter.address)):
        yield known.address(reporter.address)


def _leads_to_a_door(address: str) -> bool:
    plain = known.folded(address)
    return len(plain) >= SHORTEST_TO_A_DOOR and _TO_A_DOOR.search(plain) is not None


def _numbers(e164: str) -> Iterator[Known | None]:
    """As it is dialled within the country and, of a fixed line, within the city."""
    if (
        e164.startswith("+861") and len(e164) == LENGTH_OF_A_MOBILE
    ):  # nearly all; parsing takes longer than all the rest
        yield known.number(e164[3:])
        return
    number = phonenumbers.parse(e164)
    national = str(number.national_number)
    yield known.number(national)
    if area := phonenumbers.length_of_geographical_area_code(number):
        yield known.number(national[area:], whole=True)
