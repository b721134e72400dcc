"""The senders: take what is due under a lease, try it, and write in one transaction what became of the whole claim."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Protocol
from uuid import uuid4

import structlog

from linli import mongo
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.notice import NoticeFailed, NoticeSent
from linli.outbox import Unsent
from notify import metrics
from notify.channels.webhook import secret_of
from notify.communities import Communities
from notify.contacts import Contact, ContactsUnavailable
from notify.domain.deliveries import Delivery, State, on_channel
from notify.domain.directory import Directory
from notify.domain.kinds import Channel
from notify.domain.notices import takes_messages, ways
from notify.domain.tries import Elsewhere, NobodyThere, NotBegun, Outcome, Refused, Unreached, Verdict, judge
from notify.rendering import Addressee, Letter, letter, text_message, webhook_body
from notify.store import Ended, NotifyStore

log = structlog.get_logger()
_luck = SystemRandom().random

DRAIN = 12.0
"""Seconds that a shutdown waits for what is under way; what has not begun by then is given back at once."""


class ContactBook(Protocol):
    """Knows how residents are reached. Raises `ContactsUnavailable`."""

    async def of(self, submissions: Sequence[str]) -> dict[str, Contact]: ...


class MailChannel(Protocol):
    """Hands in letters."""

    @property
    def is_there(self) -> bool: ...

    @property
    def is_answered(self) -> bool: ...

    async def send(self, delivery_id: str, to: str, letter: Letter) -> Outcome: ...


class SmsChannel(Protocol):
    """Hands in text messages."""

    async def send(self, delivery_id: str, to: str, text: str) -> Outcome: ...


class WebhookChannel(Protocol):
    """Posts signed bodies."""

    async def send(self, delivery_id: str, url: str, body: bytes, secret: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, how long, how often."""

    senders: int
    claim_size: int
    concurrency: int
    lease: timedelta
    poll: float
    schedule: Sequence[float]
    messages_a_day: int
    """To one resident: anybody may leave another's number, and each message costs."""


@dataclass(slots=True)
class _Claim:
    """What a sender has taken, and what it knows for it."""

    owner: str
    deliveries: list[Delivery]
    begin_until: float
    """Monotonic; nothing is begun later, so that all has ended before the lease does."""
    contacts: Mapping[str, Contact] | None = None
    """By submission; None when intake could not be asked."""
    away: dict[str, Unreached] = field(default_factory=dict)
    """Where nobody answered during this claim: what else goes there is not tried, but counts as tried."""
    messages: Counter[str] = field(default_factory=Counter)
    """How many text messages each resident has had lately, with those of this claim."""


WAYS = (Channel.WEBHOOK, Channel.EMAIL, Channel.SMS)


class Senders:
    """A few sender loops for each channel. `run` them as a background task; `wake` them when something is due."""

    def __init__(
        self,
        *,
        store: NotifyStore,
        communities: Communities,
        contacts: ContactBook,
        mail: MailChannel,
        webhooks: WebhookChannel,
        sms: SmsChannel,
        offer: Callable[[Sequence[Unsent]], None],
        instance: str,
        tracking_base: str,
        pace: Pace,
    ) -> None:
        self._store, self._communities, self._contacts = store, communities, contacts
        self._mail, self._webhooks, self._sms, self._offer = mail, webhooks, sms, offer
        self._instance, self._tracking_base, self._pace = instance, tracking_base, pace
        # Each channel has claims, loops and slots of its own: a webhook does not wait behind letters.
        self._slots = {channel: asyncio.Semaphore(pace.concurrency) for channel in WAYS}
        self._claiming = {channel: asyncio.Lock() for channel in WAYS}
        self._woken = {channel: asyncio.Event() for channel in WAYS}
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._held: set[str] = set()
        """The owners of the claims under way."""
        self._in_doubt = True
        """A predecessor, or a claim whose answer was lost, may have left deliveries taken that nobody works on."""
        self._key: bytes | None = None

    def wake(self) -> None:
        """Look at once: something has just become due."""
        for woken in self._woken.values():
            woken.set()

    async def run(self) -> None:
        """Send until cancelled; then end what is under way and give back the rest."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for channel in WAYS:
                    for _ in range(self._pace.senders):
                        tasks.create_task(self._send(channel))
                tasks.create_task(self._watch())
        finally:
            self._stopping = True
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=DRAIN)
            for task in self._under_way:
                task.cancel()

    async def _send(self, channel: Channel) -> None:
        while True:
            try:
                claim = await self._claim(channel)
                if claim is not None:
                    task = asyncio.create_task(self._work_off(claim))
                    self._under_way.add(task)
                    task.add_done_callback(self._under_way.discard)
                    try:
                        await asyncio.shield(task)
                    finally:
                        self._held.discard(claim.owner)
                    continue
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                self._in_doubt = True
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(self._pace.poll)
            try:
                async with asyncio.timeout(self._pace.poll):
                    await self._woken[channel].wait()
            except TimeoutError:
                pass

    async def _claim(self, channel: Channel) -> _Claim | None:
        """What is due on a channel, or None. One loop looks at a time: they would all find the same."""
        pace = self._pace
        async with self._claiming[channel]:
            self._woken[channel].clear()
            if self._in_doubt:
                released = await self._store.release(self._instance, self._held, datetime.now(UTC))
                self._in_doubt = False
                log.info("claims_released", deliveries=released)
            owner = f"{self._instance}/{uuid4().hex[:8]}"
            begun = time.monotonic()
            self._held.add(owner)  # before it is there: the other channel's loop may be releasing what nobody holds
            deliveries: list[Delivery] = []
            try:
                deliveries = await self._store.claim(channel, owner, datetime.now(UTC), pace.claim_size, pace.lease)
            finally:
                if not deliveries:
                    self._held.discard(owner)
        if len(deliveries) == pace.claim_size:
            self._woken[channel].set()  # there may be more for another loop
        if not deliveries:
            return None
        return _Claim(owner, deliveries, begun + pace.lease.total_seconds() / 2)

    async def _work_off(self, claim: _Claim) -> None:
        """Try each delivery of a claim, then write what became of all."""
        if self._key is None:
            self._key = await self._store.webhook_key()
        residents = sorted({d.case_id for d in claim.deliveries if d.party is None})
        try:
            claim.contacts = await self._contacts.of(residents) if residents else {}
        except ContactsUnavailable as error:
            log.warning("contacts_unavailable", residents=len(residents), error=str(error))
        if claim.deliveries[0].channel is Channel.SMS:
            recipients = {delivery.recipient for delivery in claim.deliveries}
            claim.messages = await self._store.sent(Channel.SMS, recipients, datetime.now(UTC) - timedelta(days=1))
        outcomes = await asyncio.gather(*(self._try(delivery, claim) for delivery in claim.deliveries))
        now = datetime.now(UTC)
        ended = [self._ended(d, outcome, claim, now) for d, outcome in zip(claim.deliveries, outcomes, strict=True)]
        self._offer(await self._settle(claim.owner, ended, now))
        if any(each.further for each in ended):
            self._woken[Channel.SMS].set()
        _count(ended)

    async def _settle(self, owner: str, ended: Sequence[Ended], now: datetime) -> list[Unsent]:
        """Write it, also when MongoDB is away for a moment: what was sent should not be sent again."""
        while True:
            try:
                return await self._store.settle(owner, ended, now)
            except Exception as error:
                if not mongo.is_outage(error) or self._stopping:
                    raise
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(0.5)

    # One delivery -----------------------------------------------------------------------------------------------------

    async def _try(self, delivery: Delivery, claim: _Claim) -> Outcome:
        directory = self._communities.directory(delivery.community)
        if directory is None:
            return Unreached("unknown_community")
        address = self._address(delivery, directory, claim.contacts)
        if not isinstance(address, str):
            return address
        if delivery.channel is Channel.SMS and not self._one_more(delivery.recipient, claim):
            return NobodyThere("enough_for_a_day")
        # Letters, and messages, all go to one server; each webhook to one of its own.
        target = address if delivery.channel is Channel.WEBHOOK else delivery.channel.value
        async with self._slots[delivery.channel]:
            if target in claim.away:
                return claim.away[target]
            if self._stopping or time.monotonic() > claim.begin_until:
                return NotBegun()
            started = time.monotonic()
            outcome = await self._say(delivery, address, directory, claim)
            metrics.SECONDS.labels(delivery.channel).observe(time.monotonic() - started)
        if isinstance(outcome, Unreached) and outcome.away:
            claim.away[target] = outcome
        return outcome

    def _one_more(self, recipient: str, claim: _Claim) -> bool:
        claim.messages[recipient] += 1
        return claim.messages[recipient] <= self._pace.messages_a_day

    def _address(
        self, delivery: Delivery, directory: Directory, contacts: Mapping[str, Contact] | None
    ) -> str | Outcome:
        """Where the delivery goes now, or why it cannot."""
        if delivery.party is None:
            if contacts is None:
                return Unreached("contacts_unavailable")
            return self._residents(delivery, contacts.get(delivery.case_id))
        party = directory.parties.get(delivery.party)
        if party is None:
            return Refused("unknown_party")
        address = party.email if delivery.channel is Channel.EMAIL else party.webhook
        return str(address) if address else Refused("channel_removed")

    def _residents(self, delivery: Delivery, contact: Contact | None) -> str | Outcome:
        if contact is None:
            return NobodyThere("no_contact")
        if delivery.channel is Channel.SMS:
            if not contact.phone:
                return NobodyThere("no_contact")
            return contact.phone if takes_messages(contact.phone) else NobodyThere("not_mobile")
        if Channel.EMAIL not in self._ways(delivery, contact):
            return Elsewhere(Channel.SMS)
        return contact.email or NobodyThere("no_contact")

    def _ways(self, delivery: Delivery, contact: Contact) -> tuple[Channel, ...]:
        """An address is of no use where there is no mail server, if there is a telephone number."""
        mail = bool(contact.email) and self._mail.is_there
        return ways(delivery.kind, mail=mail, phone=bool(contact.phone))

    async def _say(self, delivery: Delivery, address: str, directory: Directory, claim: _Claim) -> Outcome:
        """Render and send. A fault in one delivery ends that one alone, visibly."""
        try:
            if delivery.channel is Channel.WEBHOOK:
                assert self._key is not None and delivery.party is not None
                secret = secret_of(self._key, delivery.community, delivery.party)
                return await self._webhooks.send(delivery.id, address, webhook_body(delivery), secret)
            to = self._addressee(delivery, directory, claim.contacts)
            if delivery.channel is Channel.SMS:
                return await self._sms.send(delivery.id, address, text_message(delivery, to, directory))
            return await self._mail.send(delivery.id, address, letter(delivery, to, directory))
        except Exception as error:
            # The type alone: a message or a traceback may quote what the recipient is called.
            log.error("delivery_broken", delivery=delivery.id, error=type(error).__name__)
            return Refused(f"broken_{type(error).__name__}".lower())

    def _addressee(self, delivery: Delivery, directory: Directory, contacts: Mapping[str, Contact] | None) -> Addressee:
        if delivery.party is not None:
            return Addressee(None, directory.parties[delivery.party].language, answered=self._mail.is_answered)
        contact = (contacts or {})[delivery.case_id]
        code = contact.tracking_code
        link = f"{self._tracking_base}/{code}"
        return Addressee(contact.name, contact.language, code, link, answered=self._mail.is_answered)

    def _ended(self, delivery: Delivery, outcome: Outcome, claim: _Claim, now: datetime) -> Ended:
        verdict = judge(outcome, delivery.tries, self._pace.schedule, now, _luck())
        return Ended(delivery, verdict, _event(delivery, verdict, now), self._further(delivery, claim, now))

    def _further(self, delivery: Delivery, claim: _Claim, now: datetime) -> Delivery | None:
        """The message beside a letter, or in its place, now that it is known how the resident is reached."""
        contact = (claim.contacts or {}).get(delivery.case_id)
        if delivery.party is not None or delivery.channel is not Channel.EMAIL or contact is None:
            return None
        return on_channel(delivery, Channel.SMS, now) if Channel.SMS in self._ways(delivery, contact) else None

    async def _watch(self) -> None:
        while True:
            try:
                if brought := await self._store.bring_back(datetime.now(UTC)):
                    log.warning("made_by_a_clock_ahead", deliveries=brought)
                    self.wake()
                metrics.DUE.set(await self._store.due())
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
            await asyncio.sleep(2)


def _event(delivery: Delivery, verdict: Verdict, now: datetime) -> Envelope[Event] | None:
    """What the world is told of a delivery's end; a resident without an address is no news."""
    outcome = {
        "delivery_id": delivery.id,
        "event_id": delivery.event_id,
        "case_id": delivery.case_id,
        "recipient": delivery.recipient,
        "channel": delivery.channel.value,
        "attempts": delivery.attempts + 1,
    }
    data: Event
    if verdict.state is State.SENT:
        data = NoticeSent.model_validate(outcome | {"sent_at": now})
    elif verdict.state is State.FAILED:
        data = NoticeFailed.model_validate(outcome | {"failed_at": now, "reason": verdict.reason})
    else:
        return None
    return Envelope(
        "linli/notify", delivery.id, delivery.outcomes + 1, now, delivery.correlationid, data, delivery.traceparent
    )


def _count(ended: Sequence[Ended]) -> None:
    for each in ended:
        delivery, verdict = each.delivery, each.verdict
        match verdict.state:
            case State.SENT:
                metrics.DELIVERED.labels(delivery.channel).inc()
            case State.FAILED:
                metrics.FAILED.labels(delivery.channel).inc()
                log.error(
                    "delivery_failed", correlationid=delivery.correlationid, delivery=delivery.id, reason=verdict.reason
                )
            case State.SKIPPED:
                metrics.SKIPPED.labels(delivery.channel).inc()
            case State.DUE if verdict.tried:
                metrics.RETRIED.labels(delivery.channel).inc()
                log.warning(
                    "delivery_put_off",
                    correlationid=delivery.correlationid,
                    delivery=delivery.id,
                    reason=verdict.reason,
                )
