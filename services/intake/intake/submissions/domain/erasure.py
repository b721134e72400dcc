"""Erasing a submission's reporter."""

from datetime import datetime

from intake.submissions.domain.known import known_of
from intake.submissions.domain.submission import Repetition, Submission, envelope, outside_id
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import erased_text
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.kinds import Language
from linli.frozen import replace
from linli.privacy.known import stands_in


def erased(
    submission: Submission, tracking_code: str, sequence: int, now: datetime
) -> tuple[Submission, Envelope[Event]]:
    """The submission without personal data, and the event for other services; it may have been erased before.

    `tracking_code` is one that nobody has, `sequence` the next one of its story. Its key and its external id stay,
    so that it is still recognised when sent again.
    """
    reporter = submission.reporter
    known = known_of(reporter)
    key = submission.repetition.key if submission.repetition else ""
    after = replace(
        submission,
        title=erased_text(reporter.language if reporter else Language.ZH),
        text="",
        place=None,
        location=None,
        attributes=None,
        same_as=None,
        reporter=None,
        resident_id=None,
        tracking_code=tracking_code,
        repetition=Repetition(key, "erased") if key and not stands_in(key, known) else None,
        external_id=outside_id(submission),
        erased_at=submission.erased_at or now,
    )
    return after, envelope(after, sequence, now, ResidentErased(submission_id=submission.id, erased_at=now), None)
