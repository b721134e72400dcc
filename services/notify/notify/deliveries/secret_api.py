"""The secrets that parties verify their webhooks with."""

from datetime import datetime

from fastapi import Response
from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.notify.permissions import READ_WEBHOOK_SECRETS
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.problems import not_found
from notify.deliveries.given import AnswersDep, ClockDep, CommunitiesDep, SecretsDep, StoreDep
from notify.deliveries.secret_store import NEVER, secrets_of
from notify.notices.communities import Communities

routes = router(prefix="/v1/parties/{community}/{party}", tags=["webhooks"])
reading = needs(READ_WEBHOOK_SECRETS)


class WebhookSecret(Record):
    """What a party verifies its webhooks with (https://www.standardwebhooks.com)."""

    community: str
    party: str
    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    changed_at: datetime | None = None
    both_until: datetime | None = None
    """Until then the secret before signs as well: `webhook-signature` holds two signatures."""


class Rotated(Record):
    """A new secret is in force. `GET …/webhook-secret` has it: an answer that is kept for a repeated key holds none."""

    changed_at: datetime
    both_until: datetime


@routes.get("/webhook-secret", dependencies=[reading], responses=problems(404))
async def webhook_secret(
    community: Slug,
    party: Slug,
    communities: CommunitiesDep,
    store: SecretsDep,
    deliveries: StoreDep,
    response: Response,
    clock: ClockDep,
) -> WebhookSecret:
    """The secret of a party's endpoint. Hand it over by a safe way."""
    _known(communities, community, party)
    changed, now = (await store.changed([(community, party)])).get((community, party), NEVER), clock.now()
    key = await deliveries.webhook_key()
    response.headers["Cache-Control"] = "no-store"
    secret = secrets_of(key, community, party, changed, now)[0]
    return WebhookSecret(
        community=community,
        party=party,
        secret=secret,
        changed_at=changed.at,
        both_until=changed.both_until(now),
    )


@routes.post("/webhook-secret:rotate", dependencies=[reading], responses=problems(404, 409, 422))
async def rotate(
    community: Slug,
    party: Slug,
    who: Who,
    communities: CommunitiesDep,
    store: SecretsDep,
    answers: AnswersDep,
    clock: ClockDep,
    key: IdempotencyKey = None,
) -> Rotated:
    """Make a new secret, for one that has leaked. For a day the old one signs too, so that nothing is missed."""
    _known(communities, community, party)

    async def act() -> dict[str, object]:
        now = clock.now()
        changed = await store.rotate(community, party, now)
        return Rotated(changed_at=changed.at or now, both_until=changed.both_until(now) or now).model_dump(mode="json")

    scope = f"{who.id}/rotate"
    answer = await answers.once(key, scope, fingerprint(f"{community}/{party}"), act)
    return Rotated.model_validate(answer)


def _known(communities: Communities, community: str, party: str) -> None:
    directory = communities.directory(community)
    if directory is None or party not in directory.parties:
        raise not_found("party")
