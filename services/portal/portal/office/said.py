"""What was done, told by the next page, once: in a cookie under the session's own key.

The session's cookie may be exchanged between the two; its key stays. It may be a new key of Linli's, which is shown
this once; so it is in no address, no log and no database.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from portal.signin.cookie import is_secure
from portal.signin.person import session_key_of
from portal.signin.sealing import opened, sealed

NAME = "linli_said"
_PURPOSE = "said "
"""Before the session's key, which seals its credential too: what is sealed as one opens as nothing else."""
FOR = 300
"""Seconds within which the next page is to ask."""
MOST_BYTES = 2_600
"""Of all of it: sealed and in base64 a browser keeps four kilobytes."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Said:
    """`kind` is a note's: ok, warn, bad."""

    text: str
    kind: str = "ok"
    lines: Sequence[str] = ()
    """What became of each, where it was of several."""
    secret: str | None = None


def done(
    request: Request, address: str, text: str, *, kind: str = "ok", lines: Sequence[str] = (), secret: str | None = None
) -> Response:
    """To that page, which says so."""
    response = RedirectResponse(address, 303)
    key = session_key_of(request)
    if key is not None:
        said = _written(Said(text[:500], kind, lines, secret))
        content = base64.urlsafe_b64encode(sealed(_PURPOSE + key, said)).decode()
        response.set_cookie(NAME, content, FOR, path="/", httponly=True, secure=is_secure(request), samesite="strict")
    return response


def _written(said: Said) -> str:
    """As much of it as fits."""
    shown: list[str] = []
    for line in said.lines:
        shown.append(line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…")
        if len(_json(replace(said, lines=[*shown, "…"])).encode()) > MOST_BYTES:
            shown[-1] = "…"
            break
    return _json(replace(said, lines=shown))


def _json(said: Said) -> str:
    return json.dumps(asdict(said), ensure_ascii=False)


def take(request: Request) -> Said | None:
    """What the page is to tell; another session's is nobody's."""
    key, content = session_key_of(request), request.cookies.get(NAME)
    if key is None or not content:
        return None
    try:
        return Said(**json.loads(opened(_PURPOSE + key, base64.urlsafe_b64decode(content))))
    except (InvalidTag, binascii.Error, ValueError, TypeError):
        return None


def forget(response: Response) -> None:
    response.delete_cookie(NAME, path="/", httponly=True, samesite="strict")
