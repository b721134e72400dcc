"""Routes of the API keys."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from linli.audited import about
from linli.auth import Who, needs
from linli.contracts.base import Record, Slug
from linli.principals import Permission, Role
from linli.text import Line
from linli.web import problems, router
from workflow.domain.keys import ApiKey, Wanted
from workflow.keyring import Keyring

routes = router(prefix="/v1/keys", tags=["keys"])
CHANGES = needs(Permission.CHANGE_KEYS)


class NewKey(Record):
    """What a key is to allow."""

    name: Annotated[str, Line(80, 1)] = Field(examples=["第三网格 值班电脑"])
    """Whom or what it is for."""
    role: Role = Field(examples=["party"])
    party: Slug | None = Field(None, examples=["grid-3"])
    community: Slug | None = Field(None, examples=["fushan-road"])
    scopes: tuple[Permission, ...] | None = Field(None, max_length=len(Permission), examples=[["cases:read"]])
    """Only these; all that the role may do, unless said."""
    expires_in_days: int = Field(90, ge=1, le=366, strict=True)


class KeyView(Record):
    """A key, without what opens anything."""

    id: str
    name: str
    role: Role
    party: str | None
    community: str | None
    scopes: tuple[str, ...] | None
    last_four: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None


class MadeKey(KeyView):
    """A new key: this answer is the only place where it stands whole."""

    key: str = Field(examples=["linli_k7f3qa9d2m_…"])


class KeyList(Record):
    """All keys, newest first."""

    items: list[KeyView]


@routes.post("", status_code=201, dependencies=[CHANGES], responses=problems(400, 413, 422))
async def make(body: NewKey, who: Who, request: Request, response: Response) -> MadeKey:
    """Make a key. It is shown this once; what is kept is its hash. A repetition makes another one.

    Nobody makes a key that may do more, or lasts longer, than their own.
    """
    keyring: Keyring = request.app.state.keyring
    lasts = timedelta(days=body.expires_in_days)
    new, key = await keyring.make(Wanted(body.name, body.role, body.party, body.community, body.scopes, lasts), who)
    about(request, [new.published.key_id])
    response.headers["Cache-Control"] = "no-store"
    return MadeKey(**_view(new).model_dump(), key=key)


@routes.get("", dependencies=[needs(Permission.READ_KEYS)])
async def listing(request: Request) -> KeyList:
    """All keys, also those that have ended."""
    keyring: Keyring = request.app.state.keyring
    return KeyList(items=[_view(key) for key in await keyring.all()])


@routes.post("/{id}:revoke", dependencies=[CHANGES], responses=problems(404))
async def revoke(id: str, request: Request) -> KeyView:
    """Take a key its power: here at once, at the other services when the event has reached them."""
    keyring: Keyring = request.app.state.keyring
    return _view(await keyring.revoke(id))


def _view(key: ApiKey) -> KeyView:
    published = key.published
    return KeyView(
        id=published.key_id,
        name=key.name,
        role=Role(published.role),
        party=published.party,
        community=published.community,
        scopes=published.scopes,
        last_four=key.last_four,
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=published.expires_at,
        revoked_at=published.revoked_at,
    )
