"""All of Open311's routes, in the order in which they are looked through."""

from fastapi import Response

from linli.security.auth import OPEN
from portal.open311 import discovery, offered, submitting, told, updates
from portal.open311.errors import none_such
from portal.open311.routing import routes as routes  # noqa: PLC0414  # with what the modules above declare

RESOURCES = (discovery, offered, submitting, told, updates)
"""Each has declared its own by being imported."""


@routes.api_route("/{rest:path}", methods=["GET", "POST"], dependencies=[OPEN], include_in_schema=False)
async def nothing(rest: str) -> Response:
    """What is not there is told in Open311's own way too."""
    raise none_such("There is nothing at this address.", "这个地址没有内容。")
