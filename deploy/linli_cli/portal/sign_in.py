"""Links that sign somebody in to the portal: asked for with a key, told with the pages that they are for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2

from linli_cli.connection.client import json_of
from linli_cli.connection.settings import load_settings
from linli_cli.connection.target import Target
from linli_cli.stack.embedded.secret_files import OPERATOR_KEY, read_secret
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import language, say

WITHIN = 15.0
"""Seconds for the portal's answer; it waits for workflow's."""


@dataclass(frozen=True)
class Link:
    """What opens a session, once."""

    url: str
    expires_at: str

    @property
    def pages(self) -> str:
        """What addresses of the portal's pages begin with, as people reach it."""
        return self.url.partition("/sign-in/")[0]

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def key_to_show(target: Target, file: Path | None = None) -> str:
    """The key of a file, of LINLI_KEY_FILE, or else the operator's. Raises CliError."""
    return read_secret(file or load_settings().key_file or target.secret_to_read(OPERATOR_KEY))


def sign_in_link(target: Target, key: str) -> Link:
    """A link for whoever has the key. Raises CliError when the portal makes none."""
    url = target.faces.get("portal")
    if url is None:
        raise CliError(say("LINLI_PORTAL_URL does not say where the portal is"))
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": language().value}
    try:
        answer = httpx2.post(f"{url}/v1/sign-in-links", headers=headers, timeout=WITHIN, trust_env=False)
    except httpx2.TransportError as error:
        raise CliError(
            say("the portal at {url} is not reached from here", url=url), say("What runs: linli status")
        ) from error
    said = json_of("portal", answer)
    if answer.is_error:
        raise CliError(_refused(said, answer.status_code))
    return Link(said["url"], said["expires_at"])


def _refused(said: Any, status: int) -> str:
    """A problem's sentence."""
    detail = said.get("detail") if isinstance(said, Mapping) else None
    return say("{service} answered {status}: {said}", service="portal", status=status, said=detail or "?")


def addresses(pages: str) -> dict[str, str]:
    """What to open: in words → address."""
    return {
        say("for residents"): f"{pages}/",
        say("the desk"): f"{pages}/desk",
        say("the topology"): f"{pages}/topology",
    }
