"""Where notify is put together."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from linli.application.service import Service
from linli.application.service import main as run_service
from linli.application.settings import read_secret
from linli.contracts.case import CaseEvent
from linli.contracts.community import CommunityPublished
from linli.contracts.key import KeyPublished
from linli.messaging.inbox import Inbox
from linli.messaging.kafka import Publisher
from linli.messaging.membership import Membership
from linli.messaging.outbox import Relay, Unsent
from linli.messaging.parked import parked_router
from linli.messaging.replica import Replica
from linli.messaging.seals import Seals
from linli.messaging.watch import Watch
from linli.privacy.retention import Retention, retention_router
from linli.security import audit_routes
from linli.security.auth import Gate
from linli.security.key_routes import known_keys
from linli.storage import mongo
from linli.web.app import create_app
from linli.web.connections import Places
from notify.deliveries import address_api, api, secret_api
from notify.deliveries.address_store import AddressStore
from notify.deliveries.channels.email import Mailer, SmtpServer
from notify.deliveries.channels.sms import SmsGateway, Texter
from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.contacts import Contacts
from notify.deliveries.desk import Desk
from notify.deliveries.domain.digests import Bursts
from notify.deliveries.domain.standing import LettersADay
from notify.deliveries.recipients import Links, Recipients
from notify.deliveries.retention import kept_by_notify
from notify.deliveries.secret_store import SecretStore
from notify.deliveries.senders import Pace, Senders
from notify.deliveries.store import EVENTS, DeliveryStore
from notify.handlers import CaseHandler, forget
from notify.migrations import MIGRATIONS
from notify.notices.communities import Communities
from notify.settings import NotifySettings
from notify.timeline import api as timeline_api
from notify.timeline.store import TimelineStore
from notify.timeline.stream import Pace as StreamPace
from notify.timeline.stream import Streams

DESCRIPTION = """Tells everyone whom a case concerns, by e-mail, text message, webhook and live stream.

What comes in: `linli.cases`, `linli.community`, `linli.principals`. What goes out: `linli.notices`."""

TOPICS = ("cases", "notices", "community", "principals")
"""Those that it writes or reads."""


def build(settings: NotifySettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    member = settings.member(settings.notify_port)
    client = mongo.connect(settings, name=f"{settings.database('notify')}/{member}")
    database = client[settings.database("notify")]
    timeline = TimelineStore(database)
    store = DeliveryStore(client, database, settings.topic("notices"), timeline.over)
    publisher = Publisher(settings.kafka_bootstrap, "linli-notify")
    seals = Seals.from_settings(settings)
    relay = Relay(database, [EVENTS], publisher, member, settings.sweep_after, seals)

    communities = Communities(settings.community_patience)
    replica = Replica(
        database,
        "communities",
        settings.kafka_bootstrap,
        settings.topic("community"),
        CommunityPublished,
        seals,
        changed=lambda: communities.refresh(each.community for each in replica.newest.values()),
    )
    principals = Replica(
        database, "principals", settings.kafka_bootstrap, settings.topic("principals"), KeyPublished, seals
    )
    contacts = Contacts(settings.intake_url, settings.secret("service.key"))
    mail = Mailer(_smtp(settings))
    webhooks = Webhooks(settings.webhook_allowed_networks, settings.webhook_timeout, settings.concurrency)
    sms = Texter(_sms(settings), settings.concurrency)
    addresses = AddressStore(database)
    secrets = SecretStore(database)
    recipients = Recipients(
        contacts,
        addresses,
        LettersADay(settings.letters_per_day, settings.letters_per_day_confirmed),
        Links(settings.tracking_base, settings.letters_base),
        mail_is_there=mail.is_there,
        mail_is_answered=mail.is_answered,
        messages_are_there=sms.is_there,
    )
    pace = _pace(settings)
    senders = Senders(
        store=store,
        communities=communities,
        recipients=recipients,
        secrets=secrets,
        mail=mail,
        webhooks=webhooks,
        sms=sms,
        offer=relay.offer,
        instance=member,
        pace=pace,
    )

    bursts = Bursts(settings.letters_a_minute)
    cases = CaseHandler(store, timeline, communities, recipients, bursts, pace.digest_quiet, pace.digest_at_most)

    def committed(_: Sequence[Unsent]) -> None:
        cases.count()
        senders.wake()  # the consumer publishes nothing; what it has written is due now

    inbox = Inbox(
        client=client,
        database=database,
        bootstrap=settings.kafka_bootstrap,
        group=settings.topic("notify"),
        member=member,
        topics={settings.topic("cases"): CaseEvent.SOURCE},
        prepare=cases.prepare,
        erase=forget(database, store, timeline),
        offer=committed,
        seals=seals,
        batch_size=settings.batch_size,
        stalled_after=settings.stalled_after,
    )
    streams = Streams(timeline, _streams(settings))
    membership = Membership(database, member, inbox.rename)
    watch = Watch(client, settings.kafka_bootstrap, [settings.topic(name) for name in TOPICS], inbox.group)
    gate = Gate.from_settings(settings, database, principals.find, settings.workflow_url)
    kinds = kept_by_notify(settings, store, database)
    retention = Retention(database, member, settings.retention_every, kinds)
    app = create_app(
        "Linli notify",
        DESCRIPTION,
        [
            *(api.operators, timeline_api.residents, secret_api.routes, retention_router(retention)),
            *(address_api.operators, address_api.residents),
            *(parked_router(database, inbox, replica, principals), audit_routes.routes, known_keys(principals)),
        ],
        gate=gate,
        checks={
            "kafka": publisher.unreachable,
            "mongodb": partial(mongo.unreachable, client),
            "consumer": inbox.standing_still,
            "member": membership.namesake,
        },
        cors_origins=settings.cors_origins,
        state={
            "store": store,
            "database": database,
            "communities": communities,
            "addresses": addresses,
            "secrets": secrets,
            "desk": Desk(store, communities, senders.wake, now),
            "streams": streams,
        },
    )

    async def close() -> None:
        await relay.drain(5)
        await publisher.close()
        await membership.release()
        await contacts.close()
        await mail.close()
        await webhooks.close()
        await gate.close()
        await sms.close()
        client.close()

    background = {
        "communities": replica.run,
        "principals": principals.run,
        "inbox": inbox.run,
        "membership": membership.run,
        "watch": watch.run,
        "senders": senders.run,
        "relay": relay.run,
        "streams": streams.run,
        "audit": gate.audit.run,
        "retention": retention.run,
    }
    places = Places.from_settings(settings)
    return Service("notify", app, settings.host, settings.notify_port, background, close, streams.close, places=places)


def _streams(settings: NotifySettings) -> StreamPace:
    return StreamPace(
        most=settings.stream_connections,
        most_of_address=settings.stream_connections_per_address,
        ping=settings.stream_ping,
        seconds=settings.stream_seconds,
    )


def _smtp(settings: NotifySettings) -> SmtpServer:
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        reply_to=settings.smtp_reply_to or None,
        return_path=_return_path(settings.smtp_return_path),
        username=settings.smtp_username,
        password=read_secret(settings.smtp_password_file) if settings.smtp_password_file else None,
        tls=settings.smtp_tls,
        starttls=settings.smtp_starttls,
        connections=settings.smtp_connections,
    )


def _return_path(given: str | None) -> str | None:
    """`<>` is how mail servers write nowhere; an empty variable is one that is not set."""
    return "" if given == "<>" else given or None


def _sms(settings: NotifySettings) -> SmsGateway:
    if settings.sms_url is None:
        return SmsGateway(None)
    return SmsGateway(settings.sms_url, read_secret(settings.sms_key_file or settings.secrets_dir / "sms.key"))


def _pace(settings: NotifySettings) -> Pace:
    return Pace(
        senders=settings.senders,
        claim_size=settings.claim_size,
        concurrency=settings.concurrency,
        lease=timedelta(seconds=settings.lease_seconds),
        poll=settings.poll_seconds,
        schedule=settings.retry_schedule,
        messages_a_day=settings.sms_per_day,
        digest_quiet=timedelta(seconds=settings.digest_quiet),
        digest_at_most=timedelta(seconds=settings.digest_at_most),
    )


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


async def migrate(settings: NotifySettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    client = mongo.connect(settings)
    try:
        return await mongo.migrate(client[settings.database("notify")], MIGRATIONS)
    finally:
        client.close()


def main() -> None:
    """`python -m notify [migrate]`."""
    settings = NotifySettings()
    run_service("notify", settings.log_level, partial(build, settings), partial(migrate, settings))
