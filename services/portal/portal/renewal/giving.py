"""Giving a command by a form of the desk: a page of its own for each, which leads back to the affair."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from fastapi import Response

from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.renewal.forms import Filled, Form, body_of, read
from portal.renewal.given import StaffVisit

MOST_BYTES = 21 * 1024 * 1024
"""A scan, and the form around it: what a route declares, `takes(MOST_BYTES)`."""
REFUSED = frozenset({400, 409, 412, 413, 415, 422})
"""Statuses of an answer that is shown at the form."""
Checked: TypeAlias = Callable[[dict[str, Any]], tuple[Mapping[str, Any], Mapping[str, str]]]
"""Makes the request of what the fields say, and says what is wrong by field."""


@dataclass(frozen=True, slots=True)
class Giving:
    """A form, where it is shown, where what it says is sent, and where it leads."""

    form: Form
    address: str
    """Of the form's own page."""
    to: str
    """`/v1/votes/{id}:open`"""
    back: str
    back_name: str
    checked: Checked | None = None
    also: Mapping[str, Any] | None = None
    """Of the request, beside what the form asks for."""
    lead: Callable[[Any], str] | None = None
    """Where it leads by the service's answer, where that is not `back`."""
    told: Callable[[Any], str] | None = None
    """What is said then, where it depends on the answer."""


def shown(here: StaffVisit, giving: Giving, filled: Filled | None = None, **values: Any) -> Response:
    """The form's page."""
    if not here.person.may(giving.form.permission):
        raise Problem("forbidden", 403, Localized("You may not do this here.", "您没有这里的权限。"))
    filled = filled or Filled.at_first(giving.form)
    return here.page("desk_give.html", filled.status, giving=giving, form=giving.form, filled=filled, **values)


async def give(here: StaffVisit, giving: Giving, filled: Filled | None = None, **values: Any) -> Response:
    """Send it. What stands in its way is said at the field, and all that was filled in stays.

    `values` are what its page has besides.
    """
    filled = filled or await read(here.visit.request)
    said, faults = body_of(giving.form, filled, here.zone)
    body: Mapping[str, Any] = said
    if giving.checked and not faults:
        body, more = giving.checked(said)
        faults |= more
    if faults:
        return shown(here, giving, replace(filled, faults=faults, status=422), **values)
    try:
        version = next((filled.one(each.name) for each in giving.form.fields if each.kind == "version"), None)
        answer = await here.send(giving.to, {**body, **(giving.also or {})}, filled.key, version)
    except Problem as problem:
        return shown(here, giving, refused(giving.form, filled, problem), **values)
    address = giving.lead(answer) if giving.lead else giving.back
    return here.done(address, giving.told(answer) if giving.told else giving.form.done)


def refused(form: Form, filled: Filled, problem: Problem) -> Filled:
    """The form with what the service says: at its field as far as there is one. Raises what is no refusal."""
    if problem.status not in REFUSED:
        raise problem
    said = document(problem)
    reason = said.get("reason")
    faults: dict[str, str] = {}
    left = False
    for each in said.get("errors") or ():
        name = _named(form, str(each.get("field", "")), reason)
        left = left or name is None
        if name is not None:
            faults.setdefault(name, str(each.get("message", "")))
    if not faults and (name := next((each.name for each in form.fields if reason in each.reasons), None)):
        faults[name], left = str(said["detail"]), False
    whole = None if faults and not left else str(said["detail"])
    return Filled(filled.said, faults=faults, refused=whole, status=problem.status)


def _named(form: Form, wrong: str, reason: Any) -> str | None:
    """The form's field of the API's: itself; else a part of it, the one that this reason is about, or the first; else
    what it is a part of."""
    if any(each.name == wrong for each in form.fields):
        return wrong
    parts = [each for each in form.fields if wrong and each.name.startswith(f"{wrong}.")]
    about = [each for each in parts if reason in each.reasons] or parts
    wholes = (each for each in form.fields if wrong.startswith(f"{each.name}."))
    return next((each.name for each in (*about, *wholes)), None)
