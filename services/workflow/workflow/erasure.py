"""What workflow does when a resident is to be forgotten: the case, its whole history, its photos, the answers
it has given."""

from collections.abc import Sequence

import structlog
from bson import ObjectId

from linli.inbox import Eraser
from linli.mongo import Session
from linli.outbox import Unsent
from linli.photo_files import PhotoFiles
from workflow.domain.erasure import erase
from workflow.handlers import Story
from workflow.store import WorkflowStore

log = structlog.get_logger()


def forget_residents(store: WorkflowStore, photos: PhotoFiles) -> Eraser:
    """For the inbox. Each case in which there was something to forget tells of it by an event, for notify."""

    async def forget(subjects: Sequence[str], session: Session) -> Sequence[Unsent]:
        now = await store.now()
        cases = await store.cases(subjects, session)
        directories = await store.directories(session)
        written = await store.forget(subjects, session)
        files = [ObjectId(each.file) for case in cases.values() for each in case.evidence]
        await photos.forget(subjects, files, session)
        stories = [Story(case) for case in cases.values() if case.erased_at is None or case.id in written]
        for story in stories:
            assert story.case is not None
            story.record(erase(story.case, now), None, None, now)
        return await store.save([story.change(directories) for story in stories], now, session)

    return forget
