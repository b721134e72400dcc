"""Residents' rights to their data: export and erasure."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from intake.bulletins.handlers import Bulletins
from intake.photos.store import PhotoStore
from intake.residents.domain import Named, named
from intake.residents.store import ResidentStore
from intake.submissions.domain.erasure import erased
from intake.submissions.domain.known import known_of
from intake.submissions.domain.submission import Submission
from intake.submissions.handlers import storage
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.privacy.known import Known, without
from linli.privacy.tracking import BITS, made_of
from linli.security.principals import Principal
from linli.storage.clock import Now
from linli.storage.mongo import Session
from linli.web.problems import Refused, not_found

log = structlog.get_logger()


class Residents:
    """Finds, shows and erases what there is of one person."""

    def __init__(
        self, store: ResidentStore, photos: PhotoStore, bulletins: Bulletins, transactions: Transactions, now: Now
    ) -> None:
        self._store, self._photos, self._bulletins = store, photos, bulletins
        self._transactions, self._now = transactions, now

    async def find(self, resident: str, *, alone: bool = False) -> list[Submission]:
        """The submissions of the resident that is named, oldest first; `alone` as in the store. Raises 422, 404."""
        found = await self._submissions(resident, alone=alone)
        if not found:
            raise Refused(not_found("resident"), "nobody found")  # who looked is in the audit log all the same
        return found

    async def subscriptions(self, resident: str, *, alone: bool = False) -> list[dict[str, Any]]:
        """To bulletins, of the mailboxes that the resident is known by. Raises 422."""
        found = await self._submissions(resident, alone=alone)
        boxes = _mailboxes(named(resident), () if alone else found)
        return [each for box in boxes for each in await self._bulletins.known(box)]

    async def _submissions(self, resident: str, *, alone: bool) -> list[Submission]:
        async with storage():
            return await self._store.submissions_of(named(resident), alone=alone)

    async def export(self, resident: str, *, alone: bool = False) -> list[dict[str, Any]]:
        """All that intake holds of each submission, unmasked; photos are listed, to be fetched one by one."""
        found = await self._submissions(resident, alone=alone)
        if not found and not await self.subscriptions(resident, alone=alone):
            raise Refused(not_found("resident"), "nobody found")
        async with storage():
            return [
                each.whole() | {"photos": [photo.described() for photo in await self._photos.listed(each.id)]}
                for each in found
            ]

    def contact(self, submission: Submission) -> dict[str, Any]:
        """The reporter's contact in full, for somebody who has to call."""
        contact = submission.reporter.model_dump(mode="json", exclude_none=True) if submission.reporter else {}
        return contact | {"title": submission.title, "text": submission.text, "place": submission.place}

    async def erase(self, resident: str, who: Principal, *, alone: bool = False) -> tuple[list[str], int]:
        """Erase all of a resident's submissions: their ids, and in how many of others' texts something was masked.

        Others' come first: once this is cut short after the erasure, nobody knows any more what to look for.
        """
        found = await self._submissions(resident, alone=alone)
        boxes = _mailboxes(named(resident), () if alone else found)
        ended = [id for box in boxes for id in await self._bulletins.forget(box)]
        if not found and not ended:
            raise Refused(not_found("resident"), "nobody found")
        masked = await self._mask_elsewhere(found)
        for each in found:
            await self.forget(each.id, who.id)
        return [each.id for each in found], masked

    async def erase_again(self, ids: Sequence[str], who: Principal) -> list[str]:
        """Erase those of the submissions that are there and are not erased; after a restore, say."""
        return [id for id in ids if await self.forget(id, who.id, again=False)]

    async def erasures(self, after: str, limit: int) -> list[dict[str, Any]]:
        """What was erased, by submission id."""
        async with storage():
            return await self._store.erasures(after, limit)

    async def forget(self, id: str, by: str, *, again: bool = True) -> bool:
        """Erase one submission with its event, in one transaction; one that was erased before only when `again`."""
        at = self._now()

        async def work(session: Session) -> tuple[bool, list[Unsent]]:
            before = await self._store.find(id, session)
            if before is None or (before.erased_at is not None and not again):
                return False, []
            sequence = await self._store.next_sequence(id, session)
            after, event = erased(before, made_of(secrets.randbits(BITS)), sequence, at)
            await self._store.record(id, at, by, session)
            return True, await self._store.save(before, after, event, session)

        async with storage():
            done = await self._transactions.run(work)
        if done:
            log.info("erased", correlationid=id, by=by)
        return done

    async def _mask_elsewhere(self, found: Sequence[Submission]) -> int:
        """A neighbour may have written somebody's number into a submission of their own.

        All are looked through, in no transaction and on a thread, so that other requests are answered meanwhile.
        """
        known = tuple({one for each in found for one in known_of(each.reporter, names=False)})
        own, masked = {each.id for each in found}, 0
        if not known:
            return 0
        async for documents in self._store.texts():
            for id in await asyncio.to_thread(_mentioning, documents, known):
                if id not in own:
                    masked += await self._store.rewrite(id, lambda document: _masked(document, known))
        return masked


def _mailboxes(by: Named, found: Sequence[Submission]) -> list[str]:
    """Where somebody is written to: the one that is named, and those of their submissions."""
    boxes = {str(each.reporter.email).lower() for each in found if each.reporter and each.reporter.email}
    return sorted(boxes | ({by.value.lower()} if by.field == "reporter.email" else set()))


def _mentioning(documents: Sequence[Mapping[str, Any]], known: Sequence[Known]) -> list[str]:
    """The ids of those that contain something known."""
    return [document["_id"] for document in documents if _masked(document, known)]


def _masked(document: Mapping[str, Any], known: Sequence[Known]) -> dict[str, Any]:
    """The fields in which something known stood, masked."""
    texts = {name: text for name in ("title", "text", "place") if isinstance(text := document.get(name), str)}
    changed: dict[str, Any] = {name: after for name, text in texts.items() if (after := without(text, known)) != text}
    attributes = document.get("attributes") or {}
    masked = {without(name, known): _value(value, known) for name, value in attributes.items()}
    return changed | ({"attributes": masked} if masked != attributes else {})


def _value(value: Any, known: Sequence[Known]) -> Any:
    shown = without(str(value), known)
    return value if isinstance(value, bool) or shown == str(value) else shown
