"""A company that is not reached by any way, and partners that read nothing, say nothing, or whose endpoint fails."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.monitoring.causes import Cause, alert
from tests.monitoring.office import Office
from tests.support.company_endpoint import Endpoint
from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.servers import free_ports
from tests.support.services import until

ESTATE, ESTATE_S_ADDRESS = "estate", "e@linli.example"
"""Who has a webhook and a letter for each case, and is a partner that fetches."""
WATER = "water-co"
"""A partner that is posted to."""
LIFT = {"title": "电梯停了", "category": "facilities.lift"}
"""Goes to the estate; what a resident says otherwise goes to the water company."""


@dataclass
class Post:
    """An SMTP server that takes every letter, but for those to whom it refuses."""

    port: int
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


@contextmanager
def post(host: str = "127.0.0.1", port: int | None = None) -> Iterator[Post]:
    made = Post(port or free_ports(1)[0])
    controller = Controller(made, hostname=host, port=made.port)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


class Town(Office):
    """An office with companies around it."""

    post: Post
    hook: Endpoint
    """The estate's webhook."""
    endpoint: Endpoint
    """The water company's, as a partner."""

    async def partner(self, party: str) -> None:
        body = {"community": "test", "party": party}
        answer = await self.system.operator.post(f"{self.system.urls['workflow']}/v1/partners", json=body)
        assert answer.status_code == 200, answer.text

    def endpoint_url(self, party: str) -> str:
        return f"{self.system.urls['notify']}/v1/endpoints/test/{party}"

    async def post_to(self, url: str) -> None:
        """The water company's endpoint is there, or is switched on again."""
        answer = await self.system.operator.put(self.endpoint_url(WATER), json={"url": url})
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def estate_unreached(town: Town) -> AsyncIterator[None]:
    """Its mailbox is gone, and its webhook is not where it was."""
    town.post.refused.add(ESTATE_S_ADDRESS)
    town.hook.status = 404
    await town.report(**LIFT)
    yield
    town.post.refused.clear()
    town.hook.status = 200


@asynccontextmanager
async def partner_reads_nothing(town: Town) -> AsyncIterator[None]:
    """For seven hours; then its program fetches."""
    await town.report(**LIFT)
    whose = {"partner": f"test/{ESTATE}"}

    await town.has("notify", "partner_events", whose)
    await town.date_back("notify", "partner_events", whose, at=timedelta(hours=7))
    yield
    key = await party_key(town.system, ESTATE)
    last = (await town.system.get("notify", f"/v1/partners/test/{ESTATE}/standing"))["last"]
    url = f"{town.system.urls['notify']}/v1/events"

    async def fetched() -> bool:  # once its key is known there
        answer = await town.system.resident.get(url, params={"cursor": last}, headers=key)
        return answer.status_code == 200

    await until(fetched)


@asynccontextmanager
async def partner_says_nothing(town: Town) -> AsyncIterator[None]:
    """Of an order whose time for a first word is over; then somebody takes the case on."""
    case = await town.report(**LIFT)
    which = {"_id": f"{case}~{ESTATE}"}

    await town.has("workflow", "orders", which)
    await town.date_back("workflow", "orders", which, update_by=timedelta(minutes=1))
    yield
    await town.system.act(case, "accept")


async def _failing(town: Town) -> bool:
    return bool((await town.system.operator.get(town.endpoint_url(WATER))).json()["failing_since"])


@asynccontextmanager
async def endpoint_failing(town: Town) -> AsyncIterator[None]:
    """For two hours."""
    town.endpoint.status = 503
    await town.report()

    async def failing() -> bool:
        return await _failing(town)

    await until(failing)
    now = datetime.now(UTC)
    change = {"$set": {"failing_since": now - timedelta(hours=2)}, "$inc": {"version": 1}}
    async with databases_of(town.system) as database:
        await database("notify").partner_endpoints.update_one({"_id": f"test/{WATER}"}, change)
    yield
    town.endpoint.status = 200
    async with databases_of(town.system) as database:  # it is tried again within an hour: not to wait so long
        due = {"$set": {"due_at": datetime.now(UTC)}, "$inc": {"version": 1}}
        await database("notify").partner_endpoints.update_one({"_id": f"test/{WATER}"}, due)


@asynccontextmanager
async def endpoint_gone(town: Town) -> AsyncIterator[None]:
    """It says that it is no more, until the operator switches it on."""
    town.endpoint.status = 410
    await town.report()
    yield
    town.endpoint.status = 200
    await town.post_to(town.endpoint.url)


UNREACHED = Cause(
    estate_unreached,
    (
        alert("LinliDeliveriesFailed", channel="email"),
        alert("LinliDeliveriesPutOff", channel="webhook"),
        alert("LinliEndpointsRefuse"),
    ),
    lingers=True,
)
READS_NOTHING = Cause(partner_reads_nothing, (alert("LinliPartnerReadsNothing", party=ESTATE),))
SAYS_NOTHING = Cause(partner_says_nothing, (alert("LinliPartnerSaysNothing", party=ESTATE),))
ENDPOINT_FAILING = Cause(endpoint_failing, (alert("LinliPartnerEndpointFailing", party=WATER),))
ENDPOINT_OFF = Cause(endpoint_gone, (alert("LinliPartnerEndpointOff"),))
