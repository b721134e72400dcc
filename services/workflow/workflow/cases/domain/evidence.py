"""Photos of the state before, the work done, or the reason for a return."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import EvidencePhoto, Stage
from linli.contracts.workflow.timeline import STAGES_AMONG_STAFF
from linli.frozen import replace
from linli.web.localized import Localized, word
from workflow.cases.domain.case import Case, Evidence, Step, case_event, moved

MOST = 10
"""Photos of one stage."""


class NoMorePhotos(Exception):
    """The stage has as many as it may have."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(
            Localized(
                "A case may have {most} photos of the stage '{stage}'.",
                "一件事项“{stage}”的照片最多 {most} 张。",
                **{"most": MOST, "stage": word(stage)},
            )
        )


class OtherStage(Exception):
    """The same photo is there for another stage: what is among staff must not become public by a second look."""

    def __init__(self, stage: Stage) -> None:
        there = "This photo is there already, of the stage '{stage}'."
        super().__init__(Localized(there, "这张照片已作为“{stage}”的照片保存。", stage=word(stage)))


def document(
    case: Case, stage: Stage, photos: Sequence[Evidence], by: str, message: str | None, now: datetime
) -> Step | None:
    """The case with further photos, and the event; None when it has them all. Raises `NoMorePhotos`, `OtherStage`."""
    known = {each.id: each.stage for each in case.evidence}
    if others := {known[photo.id] for photo in photos if photo.id in known} - {stage}:
        raise OtherStage(min(others))
    fresh = tuple(photo for photo in photos if photo.id not in known)
    if not fresh:
        return None
    if Counter(each.stage for each in case.evidence)[stage] + len(fresh) > MOST:
        raise NoMorePhotos(stage)
    after = replace(moved(case, case.state, now), evidence=case.evidence + fresh)
    shown = [EvidencePhoto(id=each.id, sha256=each.sha256, width=each.width, height=each.height) for each in fresh]
    return after, case_event(events.CaseDocumented, after, by=by, message=message, stage=stage, photos=shown)


def public(evidence: Iterable[Evidence]) -> list[Evidence]:
    """What the reporter may see of it."""
    return [each for each in evidence if each.stage not in STAGES_AMONG_STAFF]
