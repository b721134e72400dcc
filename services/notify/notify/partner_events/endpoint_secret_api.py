"""Routes of endpoints' secrets, for operators: who hands one over does so by a safe way."""

from typing import Annotated

from fastapi import Request, Response

from linli.contracts.base import Slug
from linli.contracts.notify.permissions import READ_WEBHOOK_SECRETS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.problems import not_found
from notify.deliveries.given import AnswersDep, ClockDep, CommunitiesDep
from notify.deliveries.secret_api import Rotated, WebhookSecret
from notify.notices.communities import Communities
from notify.partner_events.endpoint_secrets import EndpointSecrets

routes = router(prefix="/v1/endpoints/{community}/{party}", tags=["partners"])
SECRETS = needs(READ_WEBHOOK_SECRETS)
SecretsDep = Annotated[EndpointSecrets, given(EndpointSecrets)]


@routes.get("/secret", dependencies=[SECRETS], responses=problems(404))
async def secret(
    community: Slug,
    party: Slug,
    request: Request,
    response: Response,
    communities: CommunitiesDep,
    store: SecretsDep,
    clock: ClockDep,
) -> WebhookSecret:
    """What a partner verifies with what its endpoint is posted: another secret than that of the party's webhook."""
    partner = _known(communities, community, party)
    about(request, [partner])
    now = clock.now()
    signing, changed = await store.signing(partner, now), await store.changed(partner)
    response.headers["Cache-Control"] = "no-store"
    return WebhookSecret(
        community=community,
        party=party,
        secret=signing[0],
        changed_at=changed.at,
        both_until=changed.both_until(now),
    )


@routes.post("/secret:rotate", dependencies=[SECRETS], responses=problems(404, 409, 422))
async def rotate(
    community: Slug,
    party: Slug,
    request: Request,
    who: Who,
    communities: CommunitiesDep,
    store: SecretsDep,
    answers: AnswersDep,
    clock: ClockDep,
    key: IdempotencyKey = None,
) -> Rotated:
    """Make a new secret. For a day the old one signs too, so that nothing is missed."""
    partner = _known(communities, community, party)
    about(request, [partner])

    async def act() -> dict[str, object]:
        now = clock.now()
        changed = await store.rotate(partner, now)
        return Rotated(changed_at=changed.at or now, both_until=changed.both_until(now) or now).model_dump(mode="json")

    answer = await answers.once(key, f"{who.id}/rotate-endpoint", fingerprint(partner), act)
    return Rotated.model_validate(answer)


def _known(communities: Communities, community: str, party: str) -> str:
    directory = communities.directory(community)
    if directory is None or party not in directory.parties:
        raise not_found("party")
    return f"{community}/{party}"
