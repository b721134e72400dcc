"""The current address of each delivery, and how freely it may speak: looked up per claim, never stored."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Protocol, TypeAlias

import structlog

from linli.contracts.workflow.community import PhotosShown
from linli.storage.clock import Now
from notify.deliveries.address_store import AddressNames, AddressStore
from notify.deliveries.channels.sms import NO_GATEWAY
from notify.deliveries.contacts import Contact, ContactsUnavailable
from notify.deliveries.domain.deliveries import Delivery
from notify.deliveries.domain.standing import UNKNOWN, LettersADay, Standing, quotes, unwritten
from notify.deliveries.domain.tries import Elsewhere, NobodyThere, NotBegun, Outcome, Refused, Took, Unreached
from notify.deliveries.rendering import Addressee
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import OF_BULLETINS, Channel
from notify.notices.domain.notices import takes_messages, ways

log = structlog.get_logger()


class ContactBook(Protocol):
    """Knows how residents are reached. Raises `ContactsUnavailable`."""

    async def of(self, submissions: Sequence[str]) -> dict[str, Contact]: ...

    async def photos_of(self, submissions: Sequence[str]) -> dict[str, int]: ...


NobodyToTell: TypeAlias = Mapping[str, str]
"""Submission → why its reporter cannot be told anything, of those of whom that is known."""
PATIENCE = 2.0
"""Seconds within which intake answers who need not be told, or is not asked for a while: what is told waits for it."""
NOT_ASKED_FOR = 10.0


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses in letters, before the code and before the token of a mailbox."""

    track: str
    letters: str
    bulletins: str = ""


@dataclass(slots=True)
class Known:
    """What is known for the deliveries of one claim."""

    names: AddressNames
    contacts: Mapping[str, Contact] | None
    """By submission; None when intake could not be asked."""
    standings: Mapping[str, Standing] = field(default_factory=dict)
    photos: Mapping[str, int] = field(default_factory=dict)
    """How many the reporter has sent, by submission: what a letter to a party says."""

    def contact(self, delivery: Delivery) -> Contact | None:
        return (self.contacts or {}).get(delivery.told)

    def standing(self, address: str) -> Standing:
        return self.standings.get(self.names.of(address), UNKNOWN)


class Recipients:
    """All of them, as the senders of one process see them."""

    def __init__(
        self,
        contacts: ContactBook,
        addresses: AddressStore,
        limit: LettersADay,
        links: Links,
        *,
        mail_is_there: bool,
        mail_is_answered: bool,
        messages_are_there: bool,
        now: Now,
    ) -> None:
        self._contacts, self._addresses, self._limit, self._links = contacts, addresses, limit, links
        self._mail_is_there, self._mail_is_answered = mail_is_there, mail_is_answered
        self._messages_are_there, self._now = messages_are_there, now
        self._day, self._today = date.min, Counter[str]()
        """Letters that this process has let through today, by address: two claims at once know of each other."""
        self._ask_again = 0.0

    async def nobody_of(self, submissions: Collection[str]) -> NobodyToTell:
        """The cases whose reporter has no reachable address. None while intake does not answer."""
        if not submissions or monotonic() < self._ask_again:
            return {}
        try:
            async with asyncio.timeout(PATIENCE):
                contacts = await self._contacts.of(sorted(submissions))
        except (ContactsUnavailable, TimeoutError) as error:
            self._ask_again = monotonic() + NOT_ASKED_FOR
            log.warning("contacts_unavailable", residents=len(submissions), error=repr(error))
            return {}
        found = {submission: self._nobody(contacts.get(submission)) for submission in submissions}
        return {submission: why for submission, why in found.items() if why is not None}

    def _nobody(self, contact: Contact | None) -> str | None:
        """Why a resident cannot be reached, regardless of the addresses' state."""
        if contact is None or not (contact.email or contact.phone):
            return "no_contact"
        return None if contact.email or self._messages_are_there else NO_GATEWAY

    async def look_up(self, deliveries: Sequence[Delivery], directories: Mapping[str, Directory | None]) -> Known:
        """Contacts and standings for a claim. `directories` are those of the deliveries' communities."""
        residents = sorted({delivery.told for delivery in deliveries if delivery.party is None})
        known = Known(await self._addresses.names(), {})
        try:
            known.contacts = await self._contacts.of(residents) if residents else {}
        except ContactsUnavailable as error:
            known.contacts = None
            log.warning("contacts_unavailable", residents=len(residents), error=str(error))
        if wanted := {d.case_id for d in deliveries if d.party and d.case_id and d.channel is Channel.EMAIL}:
            known.photos = await self._contacts.photos_of(sorted(wanted))
        written_to = self._written_to(deliveries, directories, known.contacts or {})
        now = self._now()
        known.standings = await self._addresses.standings({known.names.of(each) for each in written_to}, now)
        if now.date() != self._day:
            self._day, self._today = now.date(), Counter()
        return known

    def _written_to(
        self,
        deliveries: Sequence[Delivery],
        directories: Mapping[str, Directory | None],
        contacts: Mapping[str, Contact],
    ) -> Collection[str]:
        found = {way for contact in contacts.values() for way in (contact.email, contact.phone) if way}
        for delivery in deliveries:
            directory = directories.get(delivery.community)
            party = directory.parties.get(delivery.party or "") if directory else None
            if party and party.email and delivery.channel is Channel.EMAIL:
                found.add(str(party.email))
        return found

    def address(self, delivery: Delivery, directory: Directory, known: Known) -> str | Outcome:
        """Where the delivery goes now, or why it cannot."""
        if delivery.party is None:
            if known.contacts is None:
                return Unreached("contacts_unavailable")
            return self._residents(delivery, known)
        party = directory.parties.get(delivery.party)
        if party is None:
            return Refused("unknown_party")
        if delivery.channel is Channel.WEBHOOK:
            return str(party.webhook) if party.webhook else Refused("channel_removed")
        if not party.email:
            return Refused("channel_removed")
        return Refused("address_dead") if known.standing(str(party.email)).dead else str(party.email)

    def _residents(self, delivery: Delivery, known: Known) -> str | Outcome:
        contact = known.contact(delivery)
        if why := self._nobody(contact):
            return NobodyThere(why)
        assert contact is not None
        if delivery.channel is Channel.SMS:
            return self._phone(contact, known)
        if not contact.email or Channel.EMAIL not in self._ways(delivery, contact, known):
            return Elsewhere(Channel.SMS)
        standing, name = known.standing(contact.email), known.names.of(contact.email)
        sent = max(standing.today, self._today[name])
        if why := unwritten(standing, vouched=contact.vouched, sent=sent, limit=self._limit):
            return NobodyThere(why)
        self._today[name] = sent + 1
        return contact.email

    @staticmethod
    def _phone(contact: Contact, known: Known) -> str | Outcome:
        if not contact.phone:
            return NobodyThere("no_contact")
        if known.standing(contact.phone).dead:
            return NobodyThere("address_dead")
        return contact.phone if takes_messages(contact.phone) else NobodyThere("not_mobile")

    def _ways(self, delivery: Delivery, contact: Contact, known: Known) -> tuple[Channel, ...]:
        """An address is of no use where there is no mail server, or nothing arrives, if there is a telephone number.

        A number is of no use without a gateway.
        """
        standing = known.standing(contact.email) if contact.email else UNKNOWN
        mail = bool(contact.email) and self._mail_is_there and not (standing.dead or standing.stopped)
        return ways(delivery.kind, mail=mail, phone=bool(contact.phone) and self._messages_are_there)

    def by_message_too(self, delivery: Delivery, known: Known) -> bool:
        """Whether a message goes beside a letter, or in its place, now that it is known how the resident is reached."""
        contact = known.contact(delivery)
        if delivery.party is not None or delivery.channel is not Channel.EMAIL or contact is None:
            return False
        return Channel.SMS in self._ways(delivery, contact, known)

    def addressee(self, delivery: Delivery, directory: Directory, known: Known) -> Addressee:
        """The addressee, and how freely the letter may speak."""
        if delivery.party is not None:
            language = directory.parties[delivery.party].language
            shown = directory.community.photos_shown is not PhotosShown.NONE
            photos = known.photos.get(delivery.case_id, 0) if shown else 0
            return Addressee(None, language, answered=self._mail_is_answered, photos=photos)
        contact = (known.contacts or {})[delivery.told]
        code = contact.tracking_code
        letters = None
        may_quote = True
        if delivery.channel is Channel.EMAIL and contact.email:
            letters = f"{self._links.letters}/{known.names.token(known.names.of(contact.email))}"
            may_quote = quotes(known.standing(contact.email), vouched=contact.vouched)
        return Addressee(
            name=contact.name if may_quote else None,
            language=contact.language,
            code=code,
            link=f"{self._links.bulletins if delivery.kind in OF_BULLETINS else self._links.track}/{code}",
            answered=self._mail_is_answered,
            letters=letters,
            quoted=may_quote,
        )

    async def went(self, tried: Sequence[tuple[Delivery, Outcome]], known: Known) -> None:
        """Count the residents' accepted letters of a claim in the database, for all processes."""
        taken = Counter[str]()
        for delivery, outcome in tried:
            contact = known.contact(delivery)
            if delivery.party is not None or delivery.channel is not Channel.EMAIL or not (contact and contact.email):
                continue
            name = known.names.of(contact.email)
            if isinstance(outcome, Took):
                taken[name] += 1
            elif isinstance(outcome, Unreached | NotBegun):
                self._today[name] -= 1  # it will be asked about again
        await self._addresses.count(taken, self._now())
