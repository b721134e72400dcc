"""A dependency of a route: an object that a context provides, found by its class."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute


class _Given:
    """Finds it. `async` though nothing waits: FastAPI runs a plain function in a thread."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    async def __call__(self, request: Request) -> Any:
        return request.app.state.provided[self.kind]


def given(kind: type) -> Any:
    """What a route declares: `desk: Annotated[Desk, given(Desk)]`."""
    return Depends(_Given(kind))


def check_given(routes: Sequence[APIRoute], provided: Mapping[type, object]) -> None:
    """Raises LookupError for a route that asks for what no context provides."""
    for route in routes:
        for kind in _asked(route.dependant):
            if kind not in provided:
                raise LookupError(f"{route.path} asks for {kind.__name__}, which no context provides")


def _asked(dependant: Dependant) -> Iterator[type]:
    if isinstance(dependant.call, _Given):
        yield dependant.call.kind
    for each in dependant.dependencies:
        yield from _asked(each)
