"""The HTTP APIs of the services and of the portal, as the command line uses them."""

import asyncio
import json as json_text
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, TypeAlias
from uuid import uuid4

import httpx2
import stamina
from stamina import instrumentation

from linli_cli.connection.settings import Service as OwnService
from linli_cli.connection.settings import load_settings
from linli_cli.connection.target import Target
from linli_cli.stack.embedded.secret_files import OPERATOR_KEY, read_secret
from linli_cli.terminal.errors import CliError, in_words
from linli_cli.terminal.language import installed_for, language, say, sentence, term, undecided, wanted_here
from linli_cli.terminal.printable import harmless

Service: TypeAlias = OwnService | Literal["portal"]

INTERACTIVE_PATIENCE = 5.0
"""Seconds that a command retries for somebody who waits at the keyboard."""
COMES_BACK = {429, 502, 503, 504}
LANGUAGE_WITHIN = 3.0
"""Seconds; what says nothing until then has no language."""
LONGEST_PAUSE = 10.0
"""Seconds; a longer Retry-After is asked again after this."""


class ApiError(CliError):
    """A service said no. `slug` and `document` are its problem+json."""

    def __init__(self, service: str, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.document = _problem(response)
        self.slug = str(self.document.get("type", "")).rpartition(":")[2]
        self.retry_after = _seconds(response.headers.get("Retry-After"))
        if not self.document:
            self.detail = _no_linli(service, response)
            super().__init__(self.detail, say(NO_LINLI_HINT))
            return
        message = str(self.document.get("detail") or self.document.get("title") or response.reason_phrase)
        if self.slug == "not_found" and (id := _asked_for(response.request.url.path)):
            message = f"{message.rstrip('.。')}{say(': ')}{id}"
        errors = _not_mentioned(message, self.document.get("errors") or [])
        self.detail = say("; ").join([message, *errors])
        answer = say("{service} answered {status}: {said}", service=service, status=self.status, said=message)
        super().__init__(
            say("; ").join([answer.rstrip(".。"), *errors]) if errors else answer, say(_HINTS.get(self.slug, ""))
        )


_HINTS = {
    "not_seen_yet": sentence("Whether it can look, its log says. What runs: linli status"),
    "party_has_cases": sentence(
        "Reassign them first: linli cases --party ID   Each: linli act CASE reassign --to PARTY"
    ),
    "community_not_loaded": sentence("Load a community first: linli community load deploy/community/fushan-road"),
    "unauthorised": sentence(
        "The key is LINLI_KEY_FILE's, or else <LINLI_HOME>/secrets/operator.key. Is it this deployment's?"
    ),
}


class NotLinli(CliError):
    """Something else answers at a service's address."""

    def __init__(self, service: str, response: httpx2.Response) -> None:
        super().__init__(_no_linli(service, response), say(NO_LINLI_HINT))


NO_LINLI_HINT = sentence("Another program has the port. What should run where: linli status")


def _no_linli(service: str, response: httpx2.Response) -> str:
    return say(
        "What answers at {url} is not Linli's {service}.",
        url=response.request.url.copy_with(path="/", query=None),
        service=service,
    )


def _not_mentioned(text: str, errors: Sequence[Mapping[str, str]]) -> list[str]:
    """The errors with their fields, without those that only repeat the detail."""
    known = text.rstrip(".。").casefold()
    lines = [(each.get("field") or "body", in_words(str(each.get("message")))) for each in errors]
    return [
        f"{field} {message}" if message.startswith(("is ", "has ")) else f"{term(field)}{say(': ')}{message}"
        for field, message in lines
        if message.rstrip(".。").casefold() != known
    ]


class Unreachable(CliError):
    """A service did not answer."""

    def __init__(self, service: str, target: Target, error: Exception) -> None:
        super().__init__(
            say(
                "{service} at {url} does not answer ({error}).",
                service=service,
                url=target.url(service),
                error=error or type(error).__name__,
            ),
            say("Start it with: {start}   What runs: linli status", start=target.start),
        )


class Client:
    """One client for all of them. Refused connections, 429 and 503 are tried again for `patience` seconds."""

    def __init__(self, http: httpx2.AsyncClient, target: Target, patience: float) -> None:
        self._http = http
        self.target = target
        self._patience = patience
        self._key: str | None = None

    async def get(self, service: Service, path: str, *, operator: bool = True, **params: Any) -> Any:
        """The JSON of a GET; parameters that are None are left out."""
        given = {name: value for name, value in params.items() if value is not None}
        return json_of(service, await self.send(service, "GET", path, operator=operator, params=given))

    async def post(
        self,
        service: Service,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of a POST, which takes effect once however often it is tried. `key` is its Idempotency-Key."""
        own = {"Idempotency-Key": key or uuid4().hex, **(headers or {})}
        return json_of(service, await self.send(service, "POST", path, operator=operator, json=body, headers=own))

    async def put(self, service: Service, path: str, body: Any) -> Any:
        """The JSON of a PUT by an operator."""
        return json_of(service, await self.send(service, "PUT", path, operator=True, json=body))

    async def send(
        self, service: Service, method: str, path: str, *, operator: bool, **request: Any
    ) -> httpx2.Response:
        """One request, tried again as the class says. Raises `ApiError` or `Unreachable`."""
        headers = {"Accept-Language": language().value, **(request.pop("headers", None) or {})}
        headers |= self._authorisation() if operator else {}
        url = self.target.url(service) + path
        try:
            async for attempt in stamina.retry_context(
                on=_pause_before_retry,
                attempts=None,
                timeout=self._patience,
                wait_initial=0.2,
                wait_max=2.0,
                wait_jitter=0.2,
            ):
                with attempt:
                    response = await self._http.request(method, url, headers=headers, **request)
                    if response.is_error:
                        raise ApiError(service, response)
        except httpx2.TransportError as error:
            raise Unreachable(service, self.target, error) from error
        return response

    @asynccontextmanager
    async def events(self, service: Service, path: str, last: int, **params: str) -> AsyncIterator[httpx2.EventSource]:
        """A live stream, from the event after `last`. Raises `ApiError`; a broken connection is a TransportError."""
        headers = {"Accept-Language": language().value} | ({"Last-Event-ID": str(last)} if last else {})
        timeout = httpx2.Timeout(5, read=60)  # the services say something at least every quarter of a minute
        url = self.target.url(service) + path
        async with self._http.sse(url, params=params, headers=headers, timeout=timeout) as source:
            if source.response.is_error:
                await source.response.aread()
                raise ApiError(service, source.response)
            yield source

    async def learn_language(self) -> None:
        """The installation's, where nothing here says which; English where it does not say either."""
        with suppress(CliError, httpx2.HTTPError, ValueError, KeyError, TypeError):
            answer = await self._http.get(
                f"{self.target.urls['workflow']}/v1/communities", headers=self._authorisation()
            )
            installed_for([head["name"] for head in answer.json()["items"]])

    def _authorisation(self) -> dict[str, str]:
        if self._key is None:
            self._key = read_secret(load_settings().key_file or self.target.secret_to_read(OPERATOR_KEY))
        return {"Authorization": f"Bearer {self._key}"}


@asynccontextmanager
async def open_client(target: Target, patience: float = INTERACTIVE_PATIENCE) -> AsyncIterator[Client]:
    """A client for a deployment. Raises CliError for one that is known not to run."""
    target.require_running()
    instrumentation.set_on_retry_hooks([])  # by default stamina logs to stdout, where a command's own answer goes
    # trust_env: the deployment is on this machine or beside it, and a proxy of the environment is not meant for it.
    async with httpx2.AsyncClient(timeout=httpx2.Timeout(60, connect=5), trust_env=False) as http:
        client = Client(http, target, patience)
        if wanted_here() is None:
            await client.learn_language()
        yield client


async def language_of(target: Target) -> None:
    """Learn the installation's language for a command that asks no service otherwise, and waits for none either."""
    if undecided():
        with suppress(CliError, TimeoutError):
            async with asyncio.timeout(LANGUAGE_WITHIN), open_client(target):
                pass


async def read_back(client: Client, path: str, steps: str, *, whole: bool, operator: bool = True) -> dict[str, Any]:
    """A story of workflow's; `whole` with all its steps, which come a page at a time, the newest first."""
    story: dict[str, Any] = await client.get("workflow", path, operator=operator)
    while whole and story.get("earlier") is not None:
        before = await client.get("workflow", path, operator=operator, before=story["earlier"])
        story[steps], story["earlier"] = before[steps] + story[steps], before["earlier"]
    return story


def _pause_before_retry(error: Exception) -> bool | float:
    """Whether a request is worth trying again, and after how many seconds when the service says so."""
    if isinstance(error, ApiError):
        if error.status in COMES_BACK or error.slug == "request_in_flight":
            return min(error.retry_after, LONGEST_PAUSE) if error.retry_after is not None else True
        return False
    return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)


def json_of(service: str, response: httpx2.Response) -> Any:
    """An answer's JSON, safe to be printed. Raises `NotLinli`."""
    try:
        return harmless(response.json())
    except (json_text.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotLinli(service, response) from error


def _problem(response: httpx2.Response) -> dict[str, Any]:
    """Empty when it is no problem document: every refusal of a service is one."""
    try:
        document = harmless(response.json())
    except (json_text.JSONDecodeError, UnicodeDecodeError):
        return {}
    return document if isinstance(document, dict) else {}


def _asked_for(path: str) -> str | None:
    """`123` of `/v1/cases/123`, `/v1/cases/123:accept` and `/v1/cases/123/repeats`, 2 of `/v1/cases/123/photos/2`."""
    parts = path.partition("/v1/")[2].split("/")
    at = len(parts) - 1 if len(parts) % 2 == 0 else len(parts) - 2
    return (parts[at].partition(":")[0][:80] or None) if at > 0 else None


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None
