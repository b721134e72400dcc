"""Deliveries: each notice to each recipient by each channel, tried until it is accepted or given up."""

from collections.abc import Sequence
from datetime import timedelta

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.application.settings import read_secret
from linli.contracts.intake.subscription import OfSubscription
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.workflow.case import CaseEvent
from linli.contracts.workflow.mediation import MediationEvent
from linli.messaging.inbox import unprepared
from linli.messaging.outbox import Unsent
from notify.deliveries import address_api, api, secret_api
from notify.deliveries.address_store import AddressStore
from notify.deliveries.affairs import AffairHandler
from notify.deliveries.bulletins import Bulletins, ReaderStore
from notify.deliveries.channels.email import Mailer, SmtpServer
from notify.deliveries.channels.sms import SmsGateway, Texter
from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.contacts import Contacts
from notify.deliveries.desk import Desk
from notify.deliveries.domain.digests import Bursts
from notify.deliveries.domain.standing import LettersADay
from notify.deliveries.handlers import CaseHandler, forget
from notify.deliveries.recipients import Links, Recipients
from notify.deliveries.retention import kept_by_notify
from notify.deliveries.secret_store import SecretStore
from notify.deliveries.senders import Pace, Senders
from notify.deliveries.store import DeliveryStore, Over
from notify.notices.communities import Communities
from notify.settings import NotifySettings

READS = (CaseEvent, Affair, MediationEvent, OfSubscription)


def module(kit: Kit[NotifySettings], over: Over) -> Module:
    """`over` says which of some cases have ended."""
    settings, communities, now = kit.settings, kit.given(Communities), kit.clock.now
    store = DeliveryStore(kit.client, kit.database, kit.events, kit.transactions, over)
    contacts = Contacts(settings.intake_url, settings.secret("service.key"))
    mail = Mailer(_smtp(settings))
    webhooks = Webhooks(settings.webhook_allowed_networks, settings.webhook_timeout, settings.concurrency, now)
    sms = Texter(_sms(settings), settings.concurrency, now)
    addresses, secrets = AddressStore(kit.database), SecretStore(kit.database)
    recipients = Recipients(
        contacts,
        addresses,
        LettersADay(settings.letters_per_day, settings.letters_per_day_confirmed),
        Links(settings.tracking_base, settings.letters_base, settings.bulletins_base),
        mail_is_there=mail.is_there,
        mail_is_answered=mail.is_answered,
        messages_are_there=sms.is_there,
        now=now,
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
        instance=kit.member,
        pace=pace,
        now=now,
    )
    bursts = Bursts(settings.letters_a_minute)
    cases = CaseHandler(store, communities, recipients, bursts, pace.digest_quiet, pace.digest_at_most, now)
    affairs = AffairHandler(store, communities, now)
    bulletins = Bulletins(ReaderStore(kit.database), store, now)

    def committed(_: Sequence[Unsent]) -> None:
        senders.wake(cases.written())

    return Module(
        routes=[api.operators, secret_api.routes, address_api.operators, address_api.residents],
        provides=[store, addresses, secrets, Desk(store, communities, senders.wake, now)],
        reactions=[
            Reaction((CaseEvent,), cases.prepare),
            Reaction((Affair, MediationEvent), affairs.prepare),
            Reaction((Affair,), unprepared(bulletins.of_affairs)),
            Reaction((OfSubscription,), unprepared(bulletins.of_subscriptions)),
        ],
        committed=[committed],
        one_batch_at_a_time=True,  # of letters that are told together, the first of a batch gathers the others
        erases=[forget(kit.database, store)],
        retains=kept_by_notify(settings, store),
        background={"senders": senders.run},
        close=[contacts.close, mail.close, webhooks.close, sms.close],
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
