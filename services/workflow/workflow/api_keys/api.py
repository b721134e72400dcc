"""Routes of the API keys."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.kinds import Channel
from linli.contracts.workflow.permissions import CHANGE_KEYS, CONFIRM_KEYS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.permissions import READ_KEYS, Permission, Role
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from workflow.api_keys.domain import ApiKey, Wanted
from workflow.api_keys.handlers import ApiKeys
from workflow.api_keys.store import KeyStore

routes = router(prefix="/v1/keys", tags=["keys"])
internal = router(prefix="/internal/v1/keys", tags=["internal"])
CHANGES = needs(CHANGE_KEYS)
ApiKeysDep = Annotated[ApiKeys, given(ApiKeys)]
StoreDep = Annotated[KeyStore, given(KeyStore)]


class NewKey(Record):
    """What a key is to allow."""

    name: Annotated[str, Line(80, 1)] = Field(examples=["第三网格 值班电脑"])
    """Whom or what it is for."""
    role: Role = Field(examples=["party"])
    party: Slug | None = Field(None, examples=["grid-3"])
    community: Slug | None = Field(None, examples=["fushan-road"])
    scopes: tuple[Permission, ...] | None = Field(None, max_length=100, examples=[["cases:read"]])
    """Only these; all that the role may do, unless said."""
    channels: tuple[Channel, ...] | None = Field(None, min_length=1, max_length=len(Channel), examples=[["hotline"]])
    """Of a program's key: through which alone it submits."""
    communities: tuple[Slug, ...] | None = Field(None, min_length=1, max_length=50, examples=[["fushan-road"]])
    """Of a program's key: for which alone it submits."""
    expires_in_days: int | None = Field(None, ge=1, le=366, strict=True)
    """90 unless said, but no longer than the key that makes it."""


class KeyView(Record):
    """A key, without what opens anything."""

    id: str
    name: str
    role: Role
    party: str | None
    community: str | None
    scopes: tuple[str, ...] | None
    channels: tuple[str, ...] | None
    communities: tuple[str, ...] | None
    last_four: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None


class MadeKey(KeyView):
    """A new key: only this answer contains it."""

    key: str = Field(examples=["linli_k7f3qa9d2m_…"])


class RevokedKey(KeyView):
    """A key that has ended, and with it all that were made with it."""

    ended_with_it: list[str]
    """Ids."""


class KeyList(Record):
    """All keys, newest first."""

    items: list[KeyView]


@routes.post("", status_code=201, dependencies=[CHANGES], responses=problems(400, 413, 422))
async def make(body: NewKey, who: Who, api_keys: ApiKeysDep, request: Request, response: Response) -> MadeKey:
    """Make a key. It is shown this once; what is kept is its hash. A repetition makes another one.

    Nobody makes a key that may do more, or lasts longer, than their own.
    """
    lasts = timedelta(days=body.expires_in_days) if body.expires_in_days else None
    wanted = Wanted(
        body.name, body.role, body.party, body.community, body.scopes, lasts, body.channels, body.communities
    )
    new, key = await api_keys.make(wanted, who)
    about(request, [new.published.key_id])
    response.headers["Cache-Control"] = "no-store"
    return MadeKey(**_view(new).model_dump(), key=key)


@routes.get("", dependencies=[needs(READ_KEYS)])
async def listing(api_keys: ApiKeysDep) -> KeyList:
    """All keys, also those that have ended."""
    return KeyList(items=[_view(key) for key in await api_keys.all()])


@routes.post("/{id}:revoke", dependencies=[CHANGES], responses=problems(404))
async def revoke(
    id: str,
    request: Request,
    who: Who,
    api_keys: ApiKeysDep,
    elsewhere: Annotated[bool, Query(description="Also a key that only another service knows")] = False,
) -> RevokedKey:
    """Take a key its power, and all keys that were made with it: here at once, elsewhere when the event is there.

    A key that was narrowed ends none that may do more.
    """
    key, *children = await api_keys.revoke(id, who, elsewhere=elsewhere)
    ended = [child.published.key_id for child in children]
    about(request, [id, *ended])
    return RevokedKey(**_view(key).model_dump(), ended_with_it=ended)


@internal.get("/{id}", dependencies=[needs(CONFIRM_KEYS)], responses=problems(404))
async def confirm(id: str, store: StoreDep) -> Response:
    """The current state of a key, for intake and notify, which only have a copy."""
    if (found := await store.published(id)) is None:
        raise not_found("key")
    return Response(found.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


def _view(key: ApiKey) -> KeyView:
    published = key.published
    return KeyView(
        id=published.key_id,
        name=key.name,
        role=Role(published.role),
        party=published.party,
        community=published.community,
        scopes=published.scopes,
        channels=published.channels,
        communities=published.communities,
        last_four=key.last_four,
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=published.expires_at,
        revoked_at=published.revoked_at,
    )
