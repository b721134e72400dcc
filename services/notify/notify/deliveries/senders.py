"""The senders: claim due deliveries under a lease, try them, and store the claim's outcomes in one transaction."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Protocol, TypeAlias
from uuid import uuid4

import structlog

from linli.application import telemetry
from linli.application.telemetry import MEASURED_EVERY
from linli.application.worker import repeatedly
from linli.storage import mongo
from linli.storage.clock import Now
from notify import metrics
from notify.deliveries.domain import digests
from notify.deliveries.domain.deliveries import Delivery, on_channel
from notify.deliveries.domain.tries import NobodyThere, NotBegun, Outcome, Refused, Unreached, judge
from notify.deliveries.outcomes import count, outcome_event
from notify.deliveries.recipients import Known, Recipients
from notify.deliveries.rendering import Letter, digest, letter, text_message, webhook_body
from notify.deliveries.secret_store import NEVER, SecretStore, secrets_of
from notify.deliveries.store import DeliveryStore, Ended
from notify.notices.communities import Communities
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import Channel

log = structlog.get_logger()
_luck = SystemRandom().random

_Tried: TypeAlias = tuple[Delivery, Outcome, str | None]
"""What a try came to, and the delivery whose letter told this one as well."""
GIVEN_UP_FOR = timedelta(days=7)
"""So long what was given up is counted; an operator who has not cared by then will not."""
GIVEN_UP_EVERY = 10.0
"""Seconds between two counts of it."""
DRAIN = 12.0
"""Seconds that a shutdown waits for what is under way; what has not begun by then is given back at once."""


class MailChannel(Protocol):
    """Hands in letters."""

    async def send(self, delivery_id: str, to: str, letter: Letter) -> Outcome: ...


class SmsChannel(Protocol):
    """Hands in text messages."""

    async def send(self, delivery_id: str, to: str, text: str) -> Outcome: ...


class WebhookChannel(Protocol):
    """Posts signed bodies."""

    async def send(self, delivery_id: str, url: str, body: bytes, secrets: Sequence[str]) -> Outcome: ...


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
    digest_quiet: timedelta
    """So long nothing may have come before a digest goes out."""
    digest_at_most: timedelta
    """And so long after its first notice it goes out all the same."""


@dataclass(slots=True)
class _Claim:
    """What a sender has taken, and what it knows for it."""

    owner: str
    deliveries: list[Delivery]
    begin_until: float
    """Monotonic; nothing is begun later, so that all has ended before the lease does."""
    known: Known | None = None
    secrets: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    """(community, party) → the secrets that sign its webhooks now."""
    away: dict[str, Unreached] = field(default_factory=dict)
    """Where nobody answered during this claim: what else goes there is not tried, but counts as tried."""
    not_before: dict[digests.Key, datetime] = field(default_factory=dict)
    """When those are told that wait for others of their kind."""
    messages: Counter[str] = field(default_factory=Counter)
    """How many text messages each resident has had lately, with those of this claim."""


WAYS = (Channel.WEBHOOK, Channel.EMAIL, Channel.SMS)


class Senders:
    """A few sender loops for each channel. `run` them as a background task; `wake` them when something is due."""

    def __init__(
        self,
        *,
        store: DeliveryStore,
        communities: Communities,
        recipients: Recipients,
        secrets: SecretStore,
        mail: MailChannel,
        webhooks: WebhookChannel,
        sms: SmsChannel,
        instance: str,
        pace: Pace,
        now: Now,
    ) -> None:
        self._store, self._communities, self._recipients = store, communities, recipients
        self._secrets = secrets
        self._mail, self._webhooks, self._sms = mail, webhooks, sms
        self._instance, self._pace, self._now = instance, pace, now
        # Each channel has claims, loops and slots of its own: a webhook does not wait behind letters.
        self._slots = {channel: asyncio.Semaphore(pace.concurrency) for channel in WAYS}
        self._claiming = {channel: asyncio.Lock() for channel in WAYS}
        self._woken = {channel: asyncio.Event() for channel in WAYS}
        self._look_again = dict.fromkeys(WAYS, 0.0)
        """When a channel is looked at although nobody said that something is due there (`time.monotonic`)."""
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._held: set[str] = set()
        """The owners of the claims under way."""
        self._in_doubt = True
        """A predecessor, or a claim whose answer was lost, may have left deliveries taken that nobody works on."""
        self._key: bytes | None = None

    def wake(self, channels: Iterable[Channel] = WAYS) -> None:
        """Look at once: something has just become due there."""
        for channel in channels:
            if channel in self._woken:
                self._woken[channel].set()

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
        """What is due on a channel, or None. One loop looks at a time, and no other for the same reason."""
        pace, woken = self._pace, self._woken[channel]
        async with self._claiming[channel]:
            if not (woken.is_set() or self._in_doubt or time.monotonic() >= self._look_again[channel]):
                return None
            woken.clear()
            self._look_again[channel] = time.monotonic() + pace.poll
            if self._in_doubt:
                released = await self._store.release(self._instance, self._held, self._now())
                self._in_doubt = False
                log.info("claims_released", deliveries=released)
            owner = f"{self._instance}/{uuid4().hex[:8]}"
            begun = time.monotonic()
            self._held.add(owner)  # before it is there: the other channel's loop may be releasing what nobody holds
            deliveries: list[Delivery] = []
            try:
                deliveries = await self._store.claim(channel, owner, self._now(), pace.claim_size, pace.lease)
                not_before = await self._wait_for_others(deliveries)
                deliveries += await self._gathered(deliveries, owner, not_before)
            except BaseException:
                self._held.discard(owner)
                woken.set()  # it did not look after all
                raise
        if len(deliveries) >= pace.claim_size:
            woken.set()  # there may be more for another loop
        if not deliveries:
            self._held.discard(owner)
            return None
        return _Claim(owner, deliveries, begun + pace.lease.total_seconds() / 2, not_before=not_before)

    async def _wait_for_others(self, claimed: Sequence[Delivery]) -> dict[digests.Key, datetime]:
        """Until when a digest waits for more notices."""
        pace, not_before = self._pace, {}
        for found, delivery in _by_letter(claimed).items():
            first, last = await self._store.waiting_since(delivery[0])
            longest = digests.patience(delivery[0].kind, pace.digest_at_most)
            not_before[found] = digests.not_before(first, last, pace.digest_quiet, longest)
        return not_before

    async def _gathered(
        self, claimed: Sequence[Delivery], owner: str, not_before: Mapping[digests.Key, datetime]
    ) -> list[Delivery]:
        """The other notices for the digests that are due."""
        now = self._now()
        more: list[Delivery] = []
        for found, deliveries in _by_letter(claimed).items():
            if not_before[found] <= now:
                gathered = await self._store.gather(owner, deliveries[0], now, digests.MOST, self._pace.lease)
                if len(gathered) == digests.MOST:
                    await self._store.look_at_next(deliveries[0], now)
                    self.wake([deliveries[0].channel])
                more += gathered
        return more

    async def _work_off(self, claim: _Claim) -> None:
        """Try each delivery of a claim, then write what became of all."""
        directories = {each.community: self._communities.directory(each.community) for each in claim.deliveries}
        claim.known = await self._recipients.look_up(claim.deliveries, directories)
        match claim.deliveries[0].channel:
            case Channel.SMS:
                recipients = {delivery.recipient for delivery in claim.deliveries}
                claim.messages = await self._store.sent(Channel.SMS, recipients, self._now() - timedelta(days=1))
            case Channel.WEBHOOK:
                claim.secrets = await self._secrets_of(claim.deliveries)
        tried = [each for tries in await asyncio.gather(*self._tries(claim)) for each in tries]
        now = self._now()
        ended = [self._ended(delivery, outcome, digest, claim.known, now) for delivery, outcome, digest in tried]
        await self._settle(claim.owner, ended, now)
        await self._recipients.went([(delivery, outcome) for delivery, outcome, _ in tried], claim.known)
        if any(each.further for each in ended):
            self._woken[Channel.SMS].set()
        count(ended)

    def _tries(self, claim: _Claim) -> Iterator[Coroutine[Any, Any, list[_Tried]]]:
        """One for each letter, message or call: for a digest one, and for every other delivery."""
        for delivery in claim.deliveries:
            if digests.key(delivery) is None:
                yield self._alone(delivery, claim)
        for found, gathered in _by_letter(claim.deliveries).items():
            in_order = sorted(gathered, key=lambda each: (each.created_at, each.id))
            yield self._together(in_order, claim, claim.not_before[found])

    async def _alone(self, delivery: Delivery, claim: _Claim) -> list[_Tried]:
        return [(delivery, await self._try(delivery, claim), None)]

    async def _together(self, gathered: Sequence[Delivery], claim: _Claim, until: datetime) -> list[_Tried]:
        """One letter for all of them, once nothing has come for a while."""
        if until > self._now():
            looked_at, *others = gathered
            longest = digests.patience(looked_at.kind, self._pace.digest_at_most)
            later = [(each, NotBegun(each.created_at + longest), None) for each in others]
            return [(looked_at, NotBegun(until), None), *later]
        outcome = await self._try(gathered[0], claim, gathered)
        digest = gathered[0].id if len(gathered) > 1 else None
        return [(delivery, outcome, digest) for delivery in gathered]

    async def _secrets_of(self, deliveries: Sequence[Delivery]) -> dict[tuple[str, str], Sequence[str]]:
        if self._key is None:
            self._key = await self._store.webhook_key()
        parties = {(delivery.community, delivery.party or "") for delivery in deliveries}
        changed, now = await self._secrets.changed(parties), self._now()
        return {party: secrets_of(self._key, *party, changed.get(party, NEVER), now) for party in parties}

    async def _settle(self, owner: str, ended: Sequence[Ended], now: datetime) -> None:
        """Store the outcomes, also through a short outage of MongoDB: what was sent should not be sent again."""
        while True:
            try:
                await self._store.settle(owner, ended, now)
                return
            except Exception as error:
                if not mongo.is_outage(error) or self._stopping:
                    raise
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(0.5)

    # One delivery -----------------------------------------------------------------------------------------------------

    async def _try(self, delivery: Delivery, claim: _Claim, gathered: Sequence[Delivery] = ()) -> Outcome:
        directory = self._communities.directory(delivery.community)
        if directory is None:
            return Unreached("unknown_community")
        assert claim.known is not None
        address = self._recipients.address(delivery, directory, claim.known)
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
            outcome = await self._say(delivery, address, directory, claim, gathered)
            metrics.SECONDS.labels(delivery.channel).observe(time.monotonic() - started)
        if isinstance(outcome, Unreached) and outcome.away:
            claim.away[target] = outcome
        return outcome

    def _one_more(self, recipient: str, claim: _Claim) -> bool:
        claim.messages[recipient] += 1
        return claim.messages[recipient] <= self._pace.messages_a_day

    async def _say(
        self,
        delivery: Delivery,
        address: str,
        directory: Directory,
        claim: _Claim,
        gathered: Sequence[Delivery],
    ) -> Outcome:
        """Render and send. A fault in one delivery ends only that one, visibly."""
        try:
            if delivery.channel is Channel.WEBHOOK:
                secrets = claim.secrets[delivery.community, delivery.party or ""]
                return await self._webhooks.send(delivery.id, address, webhook_body(delivery), secrets)
            assert claim.known is not None
            to = self._recipients.addressee(delivery, directory, claim.known)
            if delivery.channel is Channel.SMS:
                return await self._sms.send(delivery.id, address, text_message(delivery, to, directory))
            words = digest(gathered, to, directory) if len(gathered) > 1 else letter(delivery, to, directory)
            return await self._mail.send(delivery.id, address, words)
        except Exception as error:
            # The type alone: a message or a traceback may quote what the recipient is called.
            log.error("delivery_broken", delivery=delivery.id, error=type(error).__name__)
            return Refused(f"broken_{type(error).__name__}".lower())

    def _ended(self, delivery: Delivery, outcome: Outcome, digest: str | None, known: Known, now: datetime) -> Ended:
        verdict = judge(outcome, delivery.tries, self._pace.schedule, now, _luck())
        further = on_channel(delivery, Channel.SMS, now) if self._recipients.by_message_too(delivery, known) else None
        return Ended(delivery, verdict, outcome_event(delivery, verdict, now), further, digest)

    async def _look_at_given_up(self) -> None:
        found = await self._store.given_up(self._now() - GIVEN_UP_FOR)
        metrics.GIVEN_UP.clear()
        for (channel, reason), number in found.items():
            metrics.GIVEN_UP.labels(channel, reason).set(number)
        metrics.REFUSING.set(await self._store.refusing())

    async def _watch(self) -> None:
        look_again = 0.0

        async def look() -> None:
            nonlocal look_again
            if brought := await self._store.bring_back(self._now()):
                log.warning("made_by_a_clock_ahead", deliveries=brought)
                self.wake()
            metrics.DUE.set(await self._store.due())
            if time.monotonic() > look_again:
                await self._look_at_given_up()
                look_again = time.monotonic() + GIVEN_UP_EVERY

        def away() -> None:
            nonlocal look_again
            telemetry.forget(metrics.DUE, metrics.REFUSING)
            metrics.GIVEN_UP.clear()
            look_again = 0.0

        await repeatedly("watch", look, MEASURED_EVERY, away)


def _by_letter(deliveries: Sequence[Delivery]) -> dict[digests.Key, list[Delivery]]:
    """Those that may share one letter."""
    together: dict[digests.Key, list[Delivery]] = {}
    for delivery in deliveries:
        if found := digests.key(delivery):
            together.setdefault(found, []).append(delivery)
    return together
