"""Whether a submission under an existing id repeats it or differs."""

from collections.abc import Mapping
from typing import Any

from intake.submissions.domain.submission import Submission


def differing(again: Submission, before: Submission) -> tuple[str, ...]:
    """The fields in which `again` says something else than `before`, which is as it is kept; none for the same.

    Of one whose contact was let go the words are as they were told of, masked, and who it was is not known any more.
    """
    new, old = _content(again), _content(before)
    if before.contact_gone:
        new = {**new, **again.masked_words(), "reporter": old["reporter"]}
    return tuple(name for name in new if (new[name] or None) != (old[name] or None))


def _content(submission: Submission) -> Mapping[str, Any]:
    """What its sender wrote, with times in stored precision."""
    at, submitted_at = (
        moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        for moment in (submission.received_at, submission.submitted_at)
    )
    return {
        **{name: getattr(submission, name) for name in _COMPARED},
        "attributes": dict(submission.attributes or {}),
        "submitted_at": None if submitted_at == at else submitted_at,
        "reporter": submission.reporter and submission.reporter.model_dump(mode="json", exclude_none=True),
    }


_COMPARED = ("kind", "title", "text", "place", "neighbourhood", "category", "location", "same_as")
