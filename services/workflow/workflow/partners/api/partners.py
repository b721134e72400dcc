"""Routes by which operators add partners and change how they take part, and by which the broker follows."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from linli.application import telemetry
from linli.contracts.base import Record, Slug
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.partner import Outcome, Standing, Way
from linli.contracts.workflow.permissions import (
    APPLY_PARTNERS,
    CHANGE_PARTNERS,
    READ_PARTNER_CREDENTIALS,
    READ_PARTNERS,
)
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.storage.clock import ServerClock
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from workflow.partners.changing import Changing
from workflow.partners.domain.partner import Login, Partner, expired, partner_id
from workflow.partners.sandbox import Sandbox
from workflow.partners.store import PartnerStore

routes = router(prefix="/v1/partners", tags=["partners"])
internal = router(prefix="/internal/v1/partner-access", tags=["partners"])
StoreDep = Annotated[PartnerStore, given(PartnerStore)]
ClockDep = Annotated[ServerClock, given(ServerClock)]
SandboxDep = Annotated[Sandbox, given(Sandbox)]
ChangingDep = Annotated[Changing, given(Changing)]
CHANGES, READS = needs(CHANGE_PARTNERS), needs(READ_PARTNERS)


class Kafka:
    """How partners reach the broker, and what their passwords are made of."""

    def __init__(self, bootstrap: str, key: Callable[[], str], topic: Callable[[str], str]) -> None:
        """`key` is read when it is first needed; `topic` makes a topic's full name of its short one."""
        self.bootstrap, self.key, self.topic = bootstrap, key, topic


KafkaDep = Annotated[Kafka, given(Kafka)]


class NewPartner(Record):
    """A party that is to take part with a system of its own."""

    community: Slug = Field(examples=["fushan-road"])
    party: Slug = Field(examples=["water-company"])
    ways: tuple[Way, ...] = Field((), max_length=10, examples=[["kafka", "pull"]])
    """In addition to those that it has."""


class Rotation(Record):
    """How a new password comes."""

    at_once: bool = Field(False, examples=[True])
    """The one before ends now; else it counts for seven days more."""


class LoginView(Record):
    """A user of Kafka, without its password."""

    username: str
    until: datetime | None
    """When it ends; None for the newest."""


class PartnerView(Record):
    """A partner."""

    community: str
    party: str
    standing: Standing
    ways: tuple[Way, ...]
    logins: list[LoginView]
    in_line: bool
    """Whether the broker's users and rights are as they should be by now."""
    added_at: datetime
    added_by: str


class PartnerDetails(PartnerView):
    """One partner, with what it has said and has not."""

    last_update_at: datetime | None
    """When it said something last, that was taken."""
    unanswered: int
    """Orders of which it has said nothing within their time."""


class TriedUpdate(Record):
    """What it said of an order that is only for trying."""

    update_id: str
    outcome: Outcome


class TriedOrder(Record):
    """An order that was sent for trying, as it stands."""

    order_id: str
    case_state: CaseState | None
    updates: list[TriedUpdate]


class TriedOrders(Record):
    """Those that were asked for and are still kept."""

    items: list[TriedOrder]


class PartnerList(Record):
    """All partners, by community and party."""

    items: list[PartnerView]


class Topics(Record):
    """The topics of a partner: what it reads, and what it writes."""

    orders: str
    receipts: str
    updates: str


class Credentials(Record):
    """What a partner's program needs to come by Kafka."""

    bootstrap: str
    username: str
    password: str
    mechanism: str = "SCRAM-SHA-512"
    group_prefix: str
    """Its consumer groups begin so."""
    topics: Topics
    sandbox: Topics
    """The same for trying."""


class Trial(Record):
    """Orders that were sent for trying."""

    orders: list[str]
    """Their ids: the first is to be done, the second is withdrawn."""


class Right(Record):
    """A user that is to be there. Its password is made by who applies it, who has the key of it."""

    username: str
    generation: int


class Wanted(Record):
    """What the broker should hold of one partner."""

    community: str
    party: str
    version: int
    in_line: bool
    reads: bool
    writes: bool
    users: list[Right]
    usernames: list[str]
    """All that it may ever have had: those that are not among `users` are to go."""
    group_prefix: str
    topics: Topics
    sandbox: Topics


class WantedList(Record):
    """What the broker should hold."""

    items: list[Wanted]


class Applied(Record):
    """Which version of a partner the broker is in line with."""

    version: int = Field(ge=1, strict=True, examples=[1])


@routes.post("", dependencies=[CHANGES], responses=problems(400, 404, 413, 422))
async def add(body: NewPartner, who: Who, changing: ChangingDep, request: Request) -> PartnerView:
    """From now on the party has an order for each case that it is given. A second time changes nothing."""
    partner = await changing.add(body.community, body.party, body.ways, who)
    about(request, [partner.id])
    return _view(partner)


@routes.get("", dependencies=[READS])
async def listing(store: StoreDep) -> PartnerList:
    """All of all communities."""
    return PartnerList(items=[_view(each) for each in await store.partners()])


@routes.get("/{community}/{party}", dependencies=[READS], responses=problems(404))
async def one(community: str, party: str, store: StoreDep, clock: ClockDep) -> PartnerDetails:
    """One partner."""
    partner = await _existing(community, party, store)
    silent = (await store.unanswered(clock.now())).get(partner.id)
    return PartnerDetails(
        **_view(partner).model_dump(),
        last_update_at=await store.last_update(partner),
        unanswered=silent.orders if silent else 0,
    )


@routes.get("/{community}/{party}/trials", dependencies=[READS], responses=problems(404, 422))
async def trials(
    community: Slug,
    party: Slug,
    store: StoreDep,
    sandbox: SandboxDep,
    orders: Annotated[str, Query(max_length=2_000, description="Ids, with commas between")],
) -> TriedOrders:
    """Orders that were sent for trying, and what its program has said of them."""
    partner = await _existing(community, party, store)
    found = await sandbox.tried(partner, orders.split(","))
    return TriedOrders(
        items=[
            TriedOrder(
                order_id=each.order_id,
                case_state=each.state,
                updates=[TriedUpdate(update_id=id, outcome=outcome) for id, outcome in each.updates],
            )
            for each in found
        ]
    )


@routes.post("/{community}/{party}:pause", dependencies=[CHANGES], responses=problems(404, 409))
async def pause(community: Slug, party: Slug, changing: ChangingDep, request: Request) -> PartnerView:
    """Send it nothing and take nothing from it. Its events wait; its cases go on."""
    return _view(await changing.pause(_about(request, community, party)))


@routes.post("/{community}/{party}:resume", dependencies=[CHANGES], responses=problems(404, 409))
async def resume(community: Slug, party: Slug, changing: ChangingDep, request: Request) -> PartnerView:
    """Let it go on where it was."""
    return _view(await changing.resume(_about(request, community, party)))


@routes.post("/{community}/{party}:rotate", dependencies=[CHANGES], responses=problems(400, 404, 409, 413, 422))
async def rotate(
    community: Slug, party: Slug, changing: ChangingDep, request: Request, body: Rotation | None = None
) -> PartnerView:
    """Give it a new password on Kafka, by its other user."""
    at_once = body.at_once if body else False
    return _view(await changing.rotate(_about(request, community, party), at_once=at_once))


@routes.post("/{community}/{party}:revoke", dependencies=[CHANGES], responses=problems(404))
async def revoke(community: Slug, party: Slug, changing: ChangingDep, request: Request) -> PartnerView:
    """End its part: nothing that it writes from now on is taken, and no password counts."""
    return _view(await changing.revoke(_about(request, community, party)))


@routes.post("/{community}/{party}:try", dependencies=[CHANGES], responses=problems(404, 409))
async def try_it(community: Slug, party: Slug, store: StoreDep, sandbox: SandboxDep, request: Request) -> Trial:
    """Send it two orders that are only for trying: one to be done, and one that is withdrawn at once."""
    _about(request, community, party)
    partner = await _existing(community, party, store)
    if partner.standing is not Standing.ACTIVE:
        english = "{party} takes no part at the moment."
        raise Problem("partner_not_active", 409, Localized(english, "{party} 目前没有接入。", party=party))
    return Trial(orders=await sandbox.begin(partner))


@routes.get(
    "/{community}/{party}/credentials", dependencies=[needs(READ_PARTNER_CREDENTIALS)], responses=problems(404, 409)
)
async def credentials(community: Slug, party: Slug, store: StoreDep, kafka: KafkaDep, request: Request) -> Credentials:
    """Its newest user on Kafka with the password; each look stands in the audit log."""
    _about(request, community, party)
    partner = await _existing(community, party, store)
    if not partner.logins:
        raise Problem(
            "no_kafka", 409, Localized("{party} does not come by Kafka.", "{party} 没有使用 Kafka 接入。", party=party)
        )
    login = partner.logins[0]
    return Credentials(
        bootstrap=kafka.bootstrap,
        username=partner.username(login.user),
        password=partner.password(kafka.key(), login),
        group_prefix=partner.group_prefix,
        topics=_topics(partner, kafka),
        sandbox=_topics(partner, kafka, sandbox=True),
    )


@internal.get("", dependencies=[needs(APPLY_PARTNERS)])
async def wanted(store: StoreDep, changing: ChangingDep, kafka: KafkaDep, clock: ClockDep) -> WantedList:
    """What the broker should hold of all that ever came by Kafka."""
    telemetry.HELPER_CALLS.labels("access").inc()
    items = []
    for each in await store.partners():
        over = expired(each, clock.now()) != each  # asked twice a second: a transaction only where there is something
        partner = await changing.expire(each) if over else each
        if partner.generations:
            items.append(_wanted(partner, kafka))
    return WantedList(items=items)


@internal.post("/{community}/{party}:applied", dependencies=[needs(APPLY_PARTNERS)], responses=problems(404, 422))
async def applied(community: Slug, party: Slug, body: Applied, changing: ChangingDep) -> PartnerView:
    """The broker is as that version of the partner says."""
    telemetry.HELPER_CALLS.labels("access").inc()
    return _view(await changing.applied(partner_id(community, party), body.version))


async def _existing(community: str, party: str, store: PartnerStore) -> Partner:
    if (found := await store.partner(partner_id(community, party))) is None:
        raise not_found("partner")
    return found


def _about(request: Request, community: str, party: str) -> str:
    id = partner_id(community, party)
    about(request, [id])
    return id


def _right(partner: Partner, login: Login) -> Right:
    return Right(username=partner.username(login.user), generation=login.generation)


def _topics(partner: Partner, kafka: Kafka, *, sandbox: bool = False) -> Topics:
    return Topics(**{name: kafka.topic(partner.topic(name, sandbox=sandbox)) for name in Topics.model_fields})


def _wanted(partner: Partner, kafka: Kafka) -> Wanted:
    return Wanted(
        community=partner.community,
        party=partner.party,
        version=partner.version,
        in_line=partner.in_line,
        reads=not partner.is_revoked,
        writes=partner.standing is Standing.ACTIVE,
        users=[_right(partner, login) for login in partner.logins],
        usernames=partner.usernames,
        group_prefix=partner.group_prefix,
        topics=_topics(partner, kafka),
        sandbox=_topics(partner, kafka, sandbox=True),
    )


def _view(partner: Partner) -> PartnerView:
    return PartnerView(
        community=partner.community,
        party=partner.party,
        standing=partner.standing,
        ways=partner.ways,
        logins=[LoginView(username=partner.username(each.user), until=each.until) for each in partner.logins],
        in_line=partner.in_line or not partner.generations,
        added_at=partner.added_at,
        added_by=partner.added_by,
    )
