"""Calls to the services, with the key of whoever asks the portal."""

from collections.abc import AsyncGenerator, Awaitable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import httpx2
import orjson
import structlog

from linli.web.calls import Counted, trusted
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from linli.web.signals import Signal
from portal.addresses import checked, nothing_here
from portal.settings import PortalSettings, Service
from portal.vouching import FOR, Vouching

log = structlog.get_logger()
T = TypeVar("T")

PATIENCE = httpx2.Timeout(15.0, connect=3.0)
"""Longer than intake waits for its database, so that its own 503 arrives."""
AT_ONCE = 80
"""Calls of one service. A service counts all connections of the portal by its address: `portal.residents.passing`."""
LOOK = httpx2.Timeout(2.0)
SILENT = 40.0
"""Seconds; workflow's stream says something every quarter of a minute."""
Name: TypeAlias = Service
Photos: TypeAlias = Sequence[tuple[str, tuple[str, Any, str]]]
"""Parts of a form: the field's name, and file name, file and media type."""
NOT_TO_BE_HAD = frozenset({403, 404, 429, *range(500, 600)})
"""Statuses of what is not there, not for who asks, or not at the moment."""
REFUSED_OR_AWAY = range(400, 600)
"""All but what is there: where a question is put ahead of another, which will say what is wrong."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks the portal, as it tells the services."""

    key: str | None
    origin: str
    """The address that the request comes from."""
    trace: str | None = None

    def headers(self, **further: str) -> dict[str, str]:
        address = self.origin.partition("/")[0]  # of an IPv6 network its first address, which counts as all of it
        headers = {"Accept-Language": ANSWER_IN.get().value, FOR: address}
        headers |= {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return headers | ({"traceparent": self.trace} if self.trace else {}) | further


class Services:
    """The services that are asked, at paths made by `at` (`portal.addresses`). Whoever gets it closes it."""

    def __init__(self, vouching: Vouching, **urls: str) -> None:
        """Service → where it is."""
        self._clients: Mapping[str, httpx2.AsyncClient] = {
            name: _client(name, url, vouching) for name, url in urls.items()
        }

    @classmethod
    def from_settings(cls, settings: PortalSettings) -> "Services":
        """Raises `SettingsError` when the portal's key cannot be read."""
        return cls(Vouching.from_settings(settings), **settings.service_urls)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def read(self, path: str, caller: Caller, params: Mapping[str, Any] | None = None) -> Any:
        """What workflow answers. Raises `Problem` as it does, 503 where it does not."""
        return await self.get("workflow", path, caller, params)

    async def get(self, of: Name, path: str, caller: Caller, params: Mapping[str, Any] | None = None) -> Any:
        """What a service answers. Raises the same."""
        return await self._ask(of, "GET", path, params=params, headers=caller.headers())

    async def send(
        self,
        to: Name,
        path: str,
        body: Mapping[str, Any],
        caller: Caller,
        params: Mapping[str, Any] | None = None,
        /,
        **headers: str,
    ) -> Any:
        """What a service answers to a body. Raises the same."""
        return await self._ask(to, "POST", path, json=body, params=params, headers=caller.headers(**headers))

    async def put(self, to: Name, path: str, body: Mapping[str, Any], caller: Caller, **params: Any) -> Any:
        """What a service answers to what is to be there from now on. Raises the same."""
        return await self._ask(to, "PUT", path, json=body, params=params, headers=caller.headers())

    async def remove(self, of: Name, path: str, caller: Caller) -> None:
        """Let something be there no more. Raises the same; 404 where it was not."""
        await self._ask(of, "DELETE", path, headers=caller.headers())

    async def content(self, of: Name, path: str, caller: Caller, params: Mapping[str, Any] | None = None) -> bytes:
        """A file as a service has it. Raises the same."""
        return (await self._answer(of, "GET", path, params=params, headers=caller.headers())).content

    async def send_content(
        self,
        to: Name,
        path: str,
        content: bytes,
        caller: Caller,
        params: Mapping[str, Any] | None = None,
        /,
        **headers: str,
    ) -> Any:
        """What a service answers to a file. Raises the same."""
        sent = caller.headers(**{"Content-Type": "application/octet-stream"}, **headers)
        return await self._ask(to, "POST", path, content=content, params=params, headers=sent)

    async def made(
        self, by: Name, path: str, body: Mapping[str, Any], caller: Caller, params: Mapping[str, Any] | None = None
    ) -> bytes:
        """A file that a service makes of what it is told. Raises the same."""
        return (await self._answer(by, "POST", path, json=body, params=params, headers=caller.headers())).content

    async def send_photos(self, path: str, photos: Photos, caller: Caller, **headers: str) -> Any:
        """What intake answers to photos. Raises the same."""
        return await self._ask("intake", "POST", path, files=photos, headers=caller.headers(**headers))

    async def send_form(
        self,
        to: Name,
        path: str,
        photos: Photos,
        texts: Mapping[str, str],
        caller: Caller,
        params: Mapping[str, Any] | None = None,
        /,
        **headers: str,
    ) -> Any:
        """What a service answers to a form with photos and texts. Raises the same."""
        sent = caller.headers(**headers)
        return await self._ask(to, "POST", path, files=photos, data=texts, params=params, headers=sent)

    async def picture(self, of: Name, path: str, caller: Caller) -> bytes:
        """A JPEG that a service shows to who asks. Raises the same."""
        try:
            answer = await self._clients[of].get(checked(path), headers=caller.headers())
        except httpx2.HTTPError as error:
            raise _away(of, error) from error
        except httpx2.InvalidURL as error:
            raise nothing_here() from error
        if answer.status_code == 200 and answer.headers.get("Content-Type") == "image/jpeg":
            return answer.content
        if answer.status_code < 500:
            raise Problem("not_found", answer.status_code, Localized("There is no such photo.", "没有这张照片。"))
        raise unavailable(answer.headers.get("Retry-After"))

    async def signals(self, seconds: int) -> AsyncGenerator[Signal | None, None]:
        """Workflow's stream of changes, for so long at most; None is a sign of life. Raises 503 when it breaks off."""
        patience = httpx2.Timeout(5.0, read=SILENT)
        params = {"seconds": seconds}
        try:
            async with self._clients["workflow"].stream(
                "GET", "/v1/changes", params=params, timeout=patience
            ) as answer:
                if answer.status_code != 200:
                    raise unavailable(answer.headers.get("Retry-After"))
                kind = ""
                async for each in answer.aiter_lines():
                    name, _, said = each.partition(": ")
                    if name == "event":
                        kind = said
                    elif name in {"data", "data:"}:
                        yield Signal(kind, said)
                    else:
                        yield None
        except httpx2.HTTPError as error:
            raise _away("workflow", error) from error

    async def away(self, name: Name) -> str | None:
        """Why a service cannot be asked, in words; its own troubles are its own to tell."""
        try:
            answer = await self._clients[name].get("/healthz", timeout=LOOK)
        except httpx2.HTTPError as error:
            return f"{name} does not answer: {type(error).__name__}"
        return None if answer.status_code == 200 else f"{name} answers {answer.status_code}"

    async def _ask(self, name: Name, method: str, path: str, **request: Any) -> Any:
        answer = await self._answer(name, method, path, **request)
        if answer.status_code == 204:
            return None
        try:
            return orjson.loads(answer.content)
        except ValueError as error:
            raise _away(name, error) from error

    async def _answer(self, name: Name, method: str, path: str, **request: Any) -> httpx2.Response:
        try:
            answer = await self._clients[name].request(method, checked(path), **request)
        except httpx2.HTTPError as error:
            raise _away(name, error) from error
        except httpx2.InvalidURL as error:  # too long for an address
            raise nothing_here() from error
        if answer.status_code < 400:
            return answer
        try:
            said = orjson.loads(answer.content)
        except ValueError as error:
            raise _away(name, error) from error
        if answer.status_code >= 500:
            raise unavailable(answer.headers.get("Retry-After"))
        raise _problem(said, answer.status_code, answer.headers.get("Retry-After"))


async def or_none(asked: Awaitable[T], absent: Container[int]) -> T | None:
    """What is asked for, or None where the answer has one of these statuses. Raises every other problem.

    401 is never among them: a key that has ended is no gap on a page, its owner has to sign in again.
    """
    try:
        return await asked
    except Problem as problem:
        if problem.status == 401 or problem.status not in absent:
            raise
        log.info("left_out", slug=problem.slug)
        return None


def _away(name: Name, error: Exception) -> Problem:
    log.warning("service_away", service=name, error=type(error).__name__)
    return unavailable()


def unavailable(retry_after: str | None = None) -> Problem:
    """Something that is needed does not answer."""
    detail = Localized("This cannot be answered at the moment; try again.", "暂时无法应答，请稍后再试。")
    return Problem("unavailable", 503, detail, retry_after=_seconds(retry_after) or 5)


def _problem(said: Any, status: int, retry_after: str | None) -> Problem:
    """A service's problem as its own: its sentences are in the language that was asked for."""
    document = said if isinstance(said, dict) else {}
    slug = str(document.get("type", "")).rpartition(":")[2] or "refused"
    detail = str(document.get("detail", "")) or "It was refused."
    errors = document.get("errors")
    why: dict[str, Any] = {"reason": str(document["reason"])[:80]} if document.get("reason") else {}
    return Problem(
        slug, status, Localized(detail, detail), retry_after=_seconds(retry_after), errors=errors or [], **why
    )


def _seconds(retry_after: str | None) -> int | None:
    return int(retry_after) if retry_after and retry_after.isdecimal() and len(retry_after) < 7 else None


def _client(name: str, url: str, vouching: Vouching) -> httpx2.AsyncClient:
    limits: Any = httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return Counted(
        name,
        base_url=url,
        timeout=PATIENCE,
        limits=limits,
        trust_env=False,
        verify=trusted(),
        event_hooks={"request": [vouching]},
    )
