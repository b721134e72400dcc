"""Errors as Open311 has them: a list of codes and descriptions, which people are shown."""

from fastapi import Response

from linli.contracts.kinds import Language
from linli.web.localized import Localized, in_chinese
from linli.web.problem_words import ANSWER_IN, document
from linli.web.problems import Problem
from portal.open311.formats import Format, written

_FORBIDDEN = (401, 403)
_TOO_OFTEN = 429
_AS_IT_IS = (400, 404)
SHOWN = 5
"""Faults of fields that are told of at most."""


def refusal(format: Format, problem: Problem) -> Response:
    """The error that a problem is.

    Only 400, 403, 404 and 503: a client is known that takes 422 and 429 for success.
    """
    status = status_of(problem.status)
    descriptions = _descriptions(problem)
    errors = [{"code": status, "description": description} for description in descriptions]
    headers = {name: value for name, value in problem.headers.items() if name == "Retry-After"}
    return written(format, "errors", errors, status, headers)


def status_of(status: int) -> int:
    if status in _FORBIDDEN:
        return 403
    if status == _TOO_OFTEN or status >= 500:
        return 503
    return status if status in _AS_IT_IS else 400


def _descriptions(problem: Problem) -> list[str]:
    if problem.status == 401:
        return [
            said(Localized("The api_key is missing, or is none that counts here.", "缺少 api_key，或这个密钥无效。"))
        ]
    fields = [
        f"{fault['field']}: {fault['message']}" for fault in problem.extra.get("errors") or [] if fault.get("field")
    ]
    return fields[:SHOWN] or [str(document(problem)["detail"])]


def said(text: Localized) -> str:
    """In the language that is asked for."""
    return in_chinese(text) if ANSWER_IN.get() is Language.ZH else str(text)


def bad(english: str, chinese: str, **values: object) -> Problem:
    """A request that cannot be understood or is not complete."""
    return Problem("bad_request", 400, Localized(english, chinese, **values))


def missing(name: str) -> Problem:
    """A parameter that has to be there."""
    return bad("{name} is missing.", "缺少 {name}。", name=name)


def none_such(english: str, chinese: str) -> Problem:
    """What is named is not there."""
    return Problem("not_found", 404, Localized(english, chinese))
