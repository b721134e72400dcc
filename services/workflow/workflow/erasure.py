"""What workflow does when a resident is to be forgotten: the case and its parts, their whole
history, their photos, the answers given."""

from collections.abc import Sequence

import structlog
from bson import ObjectId

from linli.inbox import Eraser
from linli.mongo import Session
from linli.outbox import Unsent
from linli.photo_files import PhotoFiles
from workflow.domain.erasure import erase
from workflow.store import WorkflowStore
from workflow.stories import Stories

log = structlog.get_logger()


def forget_residents(store: WorkflowStore, photos: PhotoFiles) -> Eraser:
    """For the inbox. Each case in which there was something to forget tells of it by an event, for notify."""

    async def forget(subjects: Sequence[str], session: Session) -> Sequence[Unsent]:
        now = await store.now()
        cases = await store.cases(subjects, session)
        cases |= await store.cases([part for case in cases.values() for part in case.parts], session)
        pictures = [each for case in cases.values() for each in case.evidence]
        written = await store.forget([*subjects, *cases], [each.id for each in pictures], session)
        await photos.forget([*subjects, *cases], [ObjectId(each.file) for each in pictures], session)
        stories = Stories(cases.values(), await store.directories(session), now)
        for case in cases.values():
            if case.erased_at is None or case.id in written:
                stories.take(erase(case, now))
        return await store.save(stories.changes(), now, session)

    return forget
