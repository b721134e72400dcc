"""Erasing the text of a case, which itself stays in progress and in the statistics."""

from datetime import datetime

from linli.contracts.erasure import erased_text, nobodys_hash
from linli.contracts.workflow.case import CaseErased, CaseRedacted
from linli.frozen import replace
from workflow.cases.domain.case import Case, Step, case_event, moved
from workflow.cases.domain.particulars import AS_REPORTED, Originals, in_words_of
from workflow.cases.domain.progress import without_words


def erase(case: Case, now: datetime) -> Step:
    """The case without what was written in it or shown of it, and without whatever leads to the reporter.

    Kind, category, neighbourhood, party, deadlines and the answers to the follow-up stay.
    """
    after = replace(
        _as_it_stood(case, now),
        about=replace(case.about, title=erased_text(case.language), place=None, location=None),
        text="",
        attributes={},
        evidence=(),
        progress=without_words(case.progress),
        originals=AS_REPORTED,
        external_id=None,
        resident_id=None,
        tracking_hash=nobodys_hash(case.id),
        erased_at=now,
    )
    return after, case_event(CaseErased, after, by="linli", erased_at=now)


def redact(case: Case, whole: Case | None, now: datetime) -> Step:
    """The case without what staff wrote in it: in its reporter's words again, and a part in those of its whole."""
    after = _in_own_words(replace(_as_it_stood(case, now), progress=without_words(case.progress)))
    if whole is not None:
        own = _in_own_words(whole)
        after = replace(after, about=in_words_of(after.about, own.about), text=own.text)
    return after, case_event(CaseRedacted, after, by="linli", redacted_at=now, part_of=case.family.part_of)


def _in_own_words(case: Case) -> Case:
    """Kind, neighbourhood and category are nobody's words: these stay as they were put right."""
    reported, routed = case.originals.reported, case.originals.as_routed
    if reported is None:
        return case
    originals = Originals(reported, routed and in_words_of(routed, reported))
    return replace(case, about=in_words_of(case.about, reported), originals=originals)


def _as_it_stood(case: Case, now: datetime) -> Case:
    """One event further; but nothing has happened to it, or what is kept for years after its end would be kept anew."""
    return replace(moved(case, case.state, now), updated_at=case.updated_at)
