"""Commands over HTTP: `POST /v1/votes/{id}:open` gives `OpenVote` to the office of votes.

A command is declared once, in its domain; the request, its limits and its place in the API's description follow from
the fields. What the service knows itself (`by`, `party`, texts kept beside) is no part of a request.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any, TypeAlias, TypeVar, get_type_hints

import orjson
from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response
from pydantic import ConfigDict, Field, create_model

from linli.contracts.base import Record, Slug
from linli.security.auth import Who, needs
from linli.security.permissions import Permission
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.app import problems
from linli.web.given import given
from linli.web.idempotency import Idempotency, IdempotencyKey, fingerprint
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from neighbourhood.affairs.office import Asked, Office, Wish
from neighbourhood.affairs.stories import Versioned

A = TypeVar("A", bound=Versioned)
BY_THE_SERVICE = frozenset({"by", "party"})
"""Fields of a command that no request has: who gives it follows from the key."""
AffairId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,119}$", examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"])
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=20,
        description='The version that was read, as in `ETag`: `"3"`. Without it the newest is meant.',
    ),
]
AnswersDep = Annotated[Idempotency, given(Idempotency)]


class OnBehalf(Record):
    """What every command may say beside its own fields."""

    for_party: Slug | None = Field(
        None, description="The party that did it, where another one writes it down: a node above it, or an operator"
    )


class _Made(OnBehalf):
    """What a command's request is made from. Its fields stand in no source, and looking for their docstrings took half
    of the service's start."""

    model_config = ConfigDict(use_attribute_docstrings=False)


@dataclass(frozen=True, slots=True)
class Verb:
    """One command that a route takes."""

    name: str
    command: type
    permission: Permission
    example: Mapping[str, Any] = field(default_factory=dict)
    by_the_office: bool = True
    """As of a `Wish`."""
    without: frozenset[str] = frozenset()
    """Fields that `Office.completed` fills in."""
    instead: Mapping[str, Any] = field(default_factory=dict)
    """Fields that a request has in another type, by name: `Office.completed` makes the command's of them (`also`)."""


Shown: TypeAlias = Callable[[A], Mapping[str, Any]]
"""An affair as it is answered: `version` is in it. Whole, unless said otherwise."""


class Handed:
    """What every command needs of its request."""

    def __init__(
        self, who: Principal, request: Request, answers: Idempotency, key: str | None, if_match: str | None
    ) -> None:
        self.who, self.key, self.version = who, key, _version(if_match)
        self._request, self._answers = request, answers

    async def once(
        self,
        office: Office[A, Any],
        what: Sequence[Any],
        act: Callable[[Asked[A]], Awaitable[A]],
        shown: Shown[A] | None = None,
        status: int = 200,
    ) -> Response:
        """Let a command take effect once per idempotency key; a repetition gets the affair as it was then."""
        scope, show = f"{self.who.id}:affairs", shown or (lambda affair: office.shown_to(self.who, affair))

        async def keep(affair: A, session: mongo.Session) -> None:
            await self._answers.remember(self.key, scope, dict(show(affair)), session)

        async def once() -> dict[str, Any]:
            return dict(show(await act(Asked(self.who, self.version, traceparent(self._request.headers), keep))))

        answer = await self._answers.once(self.key, scope, fingerprint(*what, self.version), once)
        return as_answer(orjson.dumps(answer), answer["version"], status)


async def _handed(
    who: Who, request: Request, answers: AnswersDep, key: IdempotencyKey = None, if_match: IfMatch = None
) -> Handed:
    return Handed(who, request, answers, key, if_match)


HandedDep = Annotated[Handed, Depends(_handed)]


def as_answer(body: bytes, version: int, status: int = 200) -> Response:
    """An affair as it is now, with its version as `ETag`."""
    headers = {"ETag": f'"{version}"', "Cache-Control": "no-store"}
    return Response(body, status, headers, "application/json")


def body_of(command: type, without: Collection[str] = BY_THE_SERVICE) -> type[OnBehalf]:
    """The request that carries a command."""
    hints = get_type_hints(command, include_extras=True)
    wanted: dict[str, Any] = {}
    for each in fields(command):
        if each.name not in without:
            needed = each.default is MISSING and each.default_factory is MISSING
            wanted[each.name] = (hints[each.name], ... if needed else each.default)
    return create_model(f"{command.__name__}Request", __base__=_Made, __doc__=command.__doc__, **wanted)


def with_instead(model: type[OnBehalf], command: type, instead: Mapping[str, Any]) -> type[OnBehalf]:
    """A request that has some of a command's fields in another type, or as a pair of it and its default."""
    defaults = {
        each.name: ... if each.default is MISSING and each.default_factory is MISSING else each.default
        for each in fields(command)
    }
    wanted: dict[str, Any] = {
        name: kind if isinstance(kind, tuple) else (kind, defaults[name]) for name, kind in instead.items()
    }
    return create_model(f"{command.__name__}Request", __base__=model, __doc__=command.__doc__, **wanted)


def wish_of(
    command: type, body: OnBehalf, *, by_the_office: bool = True, also: Any = None, without: Collection[str] = ()
) -> Wish:
    """The command that a request carries; `without` what `also` has."""
    names = {each.name for each in fields(command)} - {*without}
    said = {name: getattr(body, name) for name in type(body).model_fields if name in names}
    return Wish(command, said, body.for_party, by_the_office, also)


def add_verbs(
    routes: APIRouter,
    office: type[Office[Any, Any]],
    answer: type,
    verbs: Sequence[Verb],
    shown: Shown[Any] | None = None,
) -> None:
    """Their routes, each under the affair's own address."""
    for verb in verbs:
        _add(routes, office, answer, verb, shown)


def _add(routes: APIRouter, office: type[Office[Any, Any]], answer: type, verb: Verb, shown: Shown[Any] | None) -> None:
    model = body_of(verb.command, BY_THE_SERVICE | verb.without | verb.instead.keys())
    if verb.instead:
        model = with_instead(model, verb.command, verb.instead)
    model.model_validate_json(orjson.dumps(verb.example))  # an example that is none ends the start
    needed = any(each.is_required() for each in model.model_fields.values())

    async def run(id: AffairId, handed: Handed, offices: Office[Any, Any], body: OnBehalf | None = None) -> Response:
        said = body or model()
        also = {name: getattr(said, name) for name in verb.instead} or None
        wish = wish_of(verb.command, said, by_the_office=verb.by_the_office, also=also, without=verb.instead)
        what = [verb.name, id, body.model_dump(mode="json") if body else {}]
        return await handed.once(offices, what, lambda asked: offices.take(id, wish, asked), shown)

    run.__name__ = f"{office.__name__.lower()}_{verb.name}"
    run.__doc__ = verb.command.__doc__
    examples = {"example": {"value": dict(verb.example)}}
    given_body: Any = Annotated[(model if needed else model | None), Body(openapi_examples=examples)]  # type: ignore[arg-type]
    run.__annotations__ |= {"body": given_body, "handed": HandedDep, "offices": Annotated[office, given(office)]}
    if needed:
        run.__defaults__ = None
    # Only named: FastAPI would work out the whole of it anew for each of a hundred routes, which takes seconds.
    answered = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer.__name__}"}}}
    routes.post(
        f"/{{id}}:{verb.name}",
        dependencies=[needs(verb.permission)],
        response_model=None,
        responses={200: {"content": answered}, **problems(*ERRORS)},
    )(run)


ERRORS = (400, 403, 404, 409, 412, 413, 422)


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', if_match.strip())
    if found is None:
        raise Problem(
            "if_match_malformed", 400, Localized('If-Match is not a version such as "3".', "If-Match 不是版本号。")
        )
    return int(found[1])
