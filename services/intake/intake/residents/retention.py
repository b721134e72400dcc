"""What intake keeps, and how long: contacts and photos of cases that have ended, then all that was written."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from intake.residents.ended import EndedCases
from intake.residents.handlers import Residents
from intake.residents.retention_store import RetentionStore
from intake.settings import IntakeSettings
from linli.privacy.retention import Kept
from linli.storage.mongo import Document

CONTACTS: Document = {"reporter": {"$exists": True}}
PHOTOS: Document = {"attachments": {"$exists": True}}
TEXTS: Document = {"erased_at": {"$exists": False}}


def kept_by_intake(
    settings: IntakeSettings, store: RetentionStore, residents: Residents, ended: EndedCases
) -> Sequence[Kept]:
    """A submission counts from the end of its case; while workflow does not say that it has ended, nothing goes."""

    async def forget(id: str) -> None:
        await residents.forget(id, "linli", again=False)

    def kept(kind: str, days: int, there: Document, let_go: Callable[[str], Awaitable[None]]) -> Kept:
        async def in_batches(before: datetime) -> AsyncIterator[int]:
            async for ids in store.received(there, before):
                over = [id for id, at in (await ended.of(ids)).items() if at < before]
                for id in over:
                    await let_go(id)
                yield len(over)

        return Kept(kind, days, lambda: store.oldest(there), lambda before: store.count(there, before), in_batches)

    return (
        kept("contacts", settings.retain_contacts, CONTACTS, store.let_go_of_contact),
        kept("photos", settings.retain_photos, PHOTOS, store.let_go_of_photos),
        kept("texts", settings.retain_texts, TEXTS, forget),
    )
