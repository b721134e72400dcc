"""Ways to name a resident in a request for their data: a pseudonym, number, address, submission or code."""

import re
import unicodedata
from dataclasses import dataclass

from pydantic import ValidationError

from intake.submissions.domain.request import Reporter
from linli.privacy.tracking import normalise
from linli.web.problems import Problem

_PSEUDONYM = re.compile(r"r-[0-9a-f]{32}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Named:
    """The field of a submission that leads to a resident, and its value."""

    field: str
    value: str


def named(text: str) -> Named:
    """Raises `Problem` 422, which does not say what was said."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _PSEUDONYM.fullmatch(plain):
        return Named("resident_id", plain)
    if _ID.fullmatch(plain.lower()):
        return Named("_id", plain.lower())
    if "@" in plain:
        if reporter := _reporter(email=plain):
            return Named("reporter.email", str(reporter.email))
    elif not re.search("[A-Za-z]", plain) and (reporter := _reporter(phone=plain)):  # letters also stand for digits
        return Named("reporter.phone", str(reporter.phone))
    elif code := normalise(plain):
        return Named("tracking_code", code)
    raise Problem(
        "nobody_named", 422, "Name a resident by id (r-…), telephone number, e-mail, tracking code or submission id."
    )


def _reporter(**contact: str) -> Reporter | None:
    try:
        return Reporter.model_validate(contact)
    except ValidationError:
        return None
