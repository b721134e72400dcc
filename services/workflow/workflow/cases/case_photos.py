"""The photos of cases: stored first, then listed in the case together with their event."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from bson import ObjectId

from linli.contracts.workflow.case import Stage
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.photos.files import PhotoFiles
from linli.photos.workers import Photo
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.localized import of_error
from linli.web.problems import Problem
from workflow.cases.allowed import allow_in_the_name_of, allow_to_see, existing, known_party
from workflow.cases.domain.case import Case, Evidence, Step
from workflow.cases.domain.evidence import NoMorePhotos, OtherStage, document
from workflow.cases.store import CaseStore
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Documentation:
    """The stage that photos show, in whose name they are added, and their message."""

    stage: Stage
    by: str | None = None
    message: str | None = None


class CasePhotos:
    """Adds photos to cases, and shows them."""

    def __init__(self, transactions: Transactions, store: CaseStore, files: PhotoFiles) -> None:
        self._transactions, self._store, self._files = transactions, store, files

    async def add(
        self,
        case_id: str,
        photos: Sequence[Photo],
        documentation: Documentation,
        who: Principal,
        traceparent: str | None,
        keep: Callable[[Sequence[Evidence], mongo.Session], Awaitable[None]],
    ) -> list[Evidence]:
        """The photos as the case lists them; one that was there stays as it is.

        `keep` writes what the caller wants to be kept together with it. Raises 403, 404, 409, 422.
        """
        once = {photo.id: photo for photo in photos}  # a form may have the same file twice
        files = {id: await self._files.put(photo, case_id) for id, photo in once.items()}

        async def work(session: mongo.Session) -> tuple[list[Evidence], list[Unsent]]:
            now = self._store.now()
            case = existing(await self._store.cases([case_id], session), case_id)
            directory = (await self._store.communities.directories(session))[case.community]
            _allow(case, directory, documentation.by, who)
            by = documentation.by or who.party or case.party or "operator"
            pictures = [_evidence(photo, documentation.stage, now, by, files[id]) for id, photo in once.items()]
            step = _document(case, documentation, pictures, by, now)
            after, unsent = case, []
            if step:
                family = await self._store.with_families([case], session)
                unit = UnitOfWork(family, {case.community: directory}, now)
                after = unit.take(step, traceparent=traceparent)
                unsent = await self._store.save(unit.changes(), now, session)
            listed = [each for each in after.evidence if each.id in files]
            await keep(listed, session)
            return listed, unsent

        try:
            listed = await self._transactions.run(work)
        except Problem:  # not an outage, after which it may have been committed all the same
            await self._drop(files.values())
            raise
        kept = {each.file for each in listed}
        await self._drop(file for file in files.values() if str(file) not in kept)
        log.info("documented", correlationid=case_id, stage=documentation.stage, photos=len(listed))
        return listed

    async def picture(self, evidence: Evidence) -> bytes:
        """Its JPEG."""
        return await self._files.read(ObjectId(evidence.file))

    async def _drop(self, files: Iterable[ObjectId]) -> None:
        for file in files:
            await self._files.drop(file)


def _evidence(photo: Photo, stage: Stage, now: datetime, by: str, file: ObjectId) -> Evidence:
    return Evidence(photo.id, stage, len(photo.jpeg), photo.width, photo.height, photo.sha256, now, by, str(file))


def _allow(case: Case, directory: Directory, by: str | None, who: Principal) -> None:
    allow_to_see(who, case, directory)
    allow_in_the_name_of(by, who, case, directory)
    known_party(by, case, directory)


def _document(
    case: Case, documentation: Documentation, photos: Sequence[Evidence], by: str, now: datetime
) -> Step | None:
    try:
        return document(case, documentation.stage, photos, by, documentation.message, now)
    except NoMorePhotos as error:
        raise Problem("no_more_photos", 409, of_error(error)) from None
    except OtherStage as error:
        raise Problem("photo_of_another_stage", 409, of_error(error)) from None
