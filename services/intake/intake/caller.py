"""The caller and the request's headers, read once for all routes."""

from typing import Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError

from intake.refusals import channel_said, count_refused
from intake.submissions.handlers import Caller, Intake
from linli.privacy.tracking import from_header
from linli.security.auth import Who
from linli.web.app import StrictRoute
from linli.web.given import given
from linli.web.hot import Handle
from linli.web.idempotency import IdempotencyKey
from linli.web.problems import Problem
from linli.web.tracing import traceparent

TrackingCode = Annotated[
    str | None,
    Header(alias="X-Tracking-Code", max_length=192, description="The code from the receipt, in place of a key"),
]


async def _caller(request: Request, who: Who, key: IdempotencyKey = None) -> Caller:
    """A trace that cannot be read is left, as the standard has it."""
    return Caller(who, key, traceparent(request.headers))


async def _holder(caller: Annotated[Caller, Depends(_caller)], code: TrackingCode = None) -> Caller:
    return Caller(caller.who, caller.key, caller.traceparent, from_header(code) if code is not None else None)


CallerDep = Annotated[Caller, Depends(_caller)]
HolderDep = Annotated[Caller, Depends(_holder)]
"""A caller who may show a tracking code."""
IntakeDep = Annotated[Intake, given(Intake)]


SUBMISSIONS = "/v1/submissions"
"""Where what is refused is a submission. Its route says in `request.state.channel` what it has read."""


class CountedRoute(StrictRoute):
    """Counts what is refused, and why."""

    def guarded(self, handle: Handle) -> Handle:
        handle = super().guarded(handle)

        async def counted(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                count_refused(problem.slug, getattr(request.state, "channel", None))
                raise
            except RequestValidationError as error:
                count_refused("invalid", channel_said(error.body) if request.url.path == SUBMISSIONS else None)
                raise

        return counted
