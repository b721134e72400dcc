"""Addresses at the services: made of quoted parts, and refused where they would lead elsewhere."""

import re
from urllib.parse import quote, unquote

from linli.web.localized import Localized
from linli.web.problems import Problem

_ELSEWHERE = re.compile(r"[^!-~]|[?#]|%2[fF]")
_NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_DOTS = frozenset({".", ".."})


def at(path: str, **parts: str) -> str:
    """An address with its parts quoted."""
    return path.format(**{name: quote(part, safe="") for name, part in parts.items()})


def checked(path: str) -> str:
    """A path that leads where it says. Raises 404 for another.

    A client takes `..` out of a path, and cuts it at `?` and `#`; a service reads `%2e` as a point, `%2F` as a slash.
    What was asked of one address would be answered by another, with the key of who asks.
    """
    said = unquote(path, errors="replace")
    if not path.startswith("/v1/") or _ELSEWHERE.search(path) or _NEVER.search(said) or _DOTS & set(said.split("/")):
        raise nothing_here()
    return path


def nothing_here() -> Problem:
    return Problem("not_found", 404, Localized("There is nothing at this address.", "这个地址没有内容。"))
