"""Decides what the audit log records of a request, for all routes of all services.

A permission is recorded whenever staff have used it, unless its declaration says that it need not be. What residents do
with their codes is not recorded.
"""

import re
from collections.abc import Iterable

from fastapi import Request
from fastapi.routing import APIRoute

from linli.security.audit import Entry, Outcome
from linli.security.auth import Gate, permission_of
from linli.security.permissions import Role
from linli.security.principals import ANYBODY, Principal
from linli.storage import mongo
from linli.web.problems import Guessed, Problem, Refused

_OURS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[\w.:-]{0,150}"  # a submission, case, delivery
    r"|[a-z][\w.-]{0,150}-\d+-\d+-[0-9a-f]{8}"  # a parked record
    r"|(?=[0-9]*[a-z])[0-9a-z]{10}"  # a key
)
NOT_LOGGED = "It could not be written to the audit log. Repeat it with the same Idempotency-Key: it takes effect once."
UNKNOWN = Principal("unknown", Role.RESIDENT)
"""Whoever came with a key or token that opens nothing."""


def about(request: Request, ids: Iterable[str], reason: str | None = None) -> None:
    """Say what a request was about, where its path does not; and why, or with what end, by a word of a list.

    Each time that it is said becomes an entry, but for a read of nothing.
    """
    entries: list[tuple[tuple[str, ...], str | None]] = getattr(request.state, "about", [])
    request.state.about = [*entries, (tuple(ids), reason)]


def named(request: Request, what: str) -> None:
    """By what name a request stands in the log, where its permission is also that of a weightier one."""
    request.state.named = what


def about_nothing(request: Request) -> None:
    """Say that a request gave nothing out and changed nothing, whatever its permission might have allowed."""
    request.state.about = []


def ours(ids: Iterable[str]) -> list[str]:
    """Those that look like ids of ours: of what somebody types, nothing else is kept."""
    return [id for id in ids if _OURS.fullmatch(id)]


async def succeeded(request: Request, route: APIRoute) -> None:
    """Record a read or an action; on disk when this returns. Raises 503 when it cannot be: no log, no answer."""
    permission = permission_of(route)
    who: Principal = getattr(request.state, "principal", ANYBODY)
    if permission is None or not permission.recorded or who.role is Role.RESIDENT:
        return
    gate: Gate = request.app.state.gate
    reading = permission.reads or request.method == "GET"
    record = gate.audit.read if reading else gate.audit.done
    entries = getattr(request.state, "about", None)
    if entries is None:
        # A tracking code in a path opens what it leads to, so it is kept nowhere.
        shown = () if permission.by_code else request.path_params.values()
        entries = [([value for value in shown if value], None)]
    elif reading:
        entries = [(ids, reason) for ids, reason in entries if ids]
    what = getattr(request.state, "named", permission)
    try:
        for ids, reason in entries:
            await record(who, what, ids, route=f"{request.method} {route.path}", reason=reason)
    except Exception as error:
        if not mongo.is_outage(error):
            raise
        raise Problem("storage_unavailable", 503, NOT_LOGGED, retry_after=2) from error


async def refused(request: Request, error: Refused) -> Problem:
    """Record a refusal, and say what to answer: who guesses too often is told that instead."""
    gate: Gate = request.app.state.gate
    route = request.scope.get("route")
    permission = permission_of(route) if isinstance(route, APIRoute) else None
    who: Principal = getattr(request.state, "principal", UNKNOWN)
    origin = gate.origins.of(request)
    named = error.objects or ours(map(str, request.path_params.values()))
    gate.audit.refused(
        Entry(
            who.id,
            who.role,
            str(permission or ""),
            Outcome.REFUSED,
            party=who.party,
            route=f"{request.method} {route.path}" if isinstance(route, APIRoute) else None,
            status=error.status,
            reason=error.reason,
            objects=tuple(named),
            origin=gate.origins.pseudonym(origin),
        )
    )
    if isinstance(error, Guessed):
        try:
            await gate.rates.guessed(origin)
        except Problem as too_many:
            return too_many
    return error
