"""What of a request lands in the audit log: decided here, once, for all routes of all services.

A permission that is not in `UNRECORDED` is recorded whenever it was used, so that a new one is, unless somebody decides
that it need not be.
"""

import re
from collections.abc import Iterable

from fastapi import Request
from fastapi.routing import APIRoute

from linli import mongo
from linli.audit import Entry, Outcome
from linli.auth import Gate, permission_of
from linli.errors import Guessed, Problem, Refused
from linli.principals import RESIDENT, Permission, Principal, Role

UNRECORDED = frozenset(
    {
        Permission.SUBMIT,
        Permission.TRACK,
        Permission.FOLLOW_UP,
        Permission.READ_CASES,
        Permission.LOOK_UP_CASES,
        Permission.READ_STATS,
        Permission.TRY_POLICIES,
        Permission.READ_COMMUNITIES,
        Permission.READ_DELIVERIES,
        Permission.READ_PARKED,
        Permission.READ_KEYS,
        Permission.READ_AUDIT,
    }
)
"""Neither gives personal data out nor changes anything, or is a resident's own."""
READS = frozenset({Permission.READ_CONTACTS})
"""Gives personal data out though it is asked for with POST."""
_OURS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[\w.:-]{0,150}"  # a submission, case, delivery
    r"|[a-z][\w.-]{0,150}-\d+-\d+-[0-9a-f]{8}"  # a parked record
    r"|(?=[0-9]*[a-z])[0-9a-z]{10}"  # a key
)
NOT_LOGGED = "It could not be written to the audit log. Repeat it with the same Idempotency-Key: it takes effect once."
UNKNOWN = Principal("unknown", Role.RESIDENT)
"""Whoever came with a key or token that opens nothing."""


def about(request: Request, ids: Iterable[str]) -> None:
    """Say what a request was about, where its path does not."""
    request.state.about = tuple(ids)


async def succeeded(request: Request, route: APIRoute) -> None:
    """Record a read or an action; on disk when this returns. Raises 503 when it cannot be: no log, no answer."""
    permission = permission_of(route)
    who: Principal = getattr(request.state, "principal", RESIDENT)
    if permission is None or permission in UNRECORDED or who.role is Role.RESIDENT:
        return
    gate: Gate = request.app.state.gate
    ids = getattr(request.state, "about", None) or [value for name, value in request.path_params.items() if value]
    record = gate.audit.read if permission in READS or request.method == "GET" else gate.audit.done
    try:
        await record(who, permission, ids, route=f"{request.method} {route.path}")
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
    named = error.objects or [value for value in request.path_params.values() if _OURS.fullmatch(str(value))]
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
