"""Erases a resident from workflow: the case and its parts, their whole history, photos and stored answers; and what
staff wrote in related cases."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bson import ObjectId

from linli.contracts.base import Scope
from linli.messaging.inbox import Eraser
from linli.messaging.outbox import Unsent
from linli.photos.files import PhotoFiles
from linli.storage.mongo import Session
from workflow.cases.domain.case import Case
from workflow.cases.domain.erasure import erase, redact
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork


def forget_residents(store: CaseStore, photos: PhotoFiles) -> Eraser:
    """For the inbox. Each case with something to erase publishes an event, for notify."""

    async def forget(subjects: Collection[str], session: Session) -> list[Unsent]:
        now = store.now()
        cases = await store.cases(subjects, session)
        cases |= await store.cases([part for case in cases.values() for part in case.family.parts], session)
        others = await relatives(store, cases, session)
        scopes = dict.fromkeys([*subjects, *cases], Scope.PERSON)
        scopes |= {case.id: Scope.PART if case.family.part_of else Scope.STAFF for case in others.values()}
        pictures = [each for case in cases.values() for each in case.evidence]
        written = await store.forget(scopes, [each.id for each in pictures], session)
        await photos.forget([*subjects, *cases], [ObjectId(each.file) for each in pictures], session)
        unit = UnitOfWork([*cases.values(), *others.values()], await store.communities.directories(session), now)
        for case in cases.values():
            if case.erased_at is None or case.id in written:
                unit.take(erase(case, now))
        for case in others.values():
            if case.id in written:
                unit.take(redact(case, others.get(case.family.part_of or ""), now))
        return await store.save(unit.changes(), now, session)

    return forget


async def relatives(store: CaseStore, ids: Collection[str], session: Session | None = None) -> Mapping[str, Case]:
    """The cases, by id, that these were merged with, now or once, and the parts of those: staff's words went round."""
    families = await store.families(ids, session)
    merged = await store.cases(set().union(*families.values()), session)
    parts = await store.cases([part for case in merged.values() for part in case.family.parts], session)
    return {id: case for id, case in (merged | parts).items() if id not in ids}


async def ended(store: CaseStore, ids: Collection[str]) -> Mapping[str, datetime]:
    """When each of the cases ended that has, with all that it was ever merged with: they lose staff's words as one."""
    families = await store.families(ids)
    ends = await store.ended(set().union(*families.values()))
    return {id: max(ends[each] for each in family) for id, family in families.items() if family <= ends.keys()}
