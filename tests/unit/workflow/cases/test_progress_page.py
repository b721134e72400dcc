"""What a tracking code opens in a browser."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import STATES, STEPS, PublicStep
from workflow.cases.api.pages import written
from workflow.cases.api.progress_page import WORDS, progress
from workflow.cases.api.views import Timeline

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 27, 20, 5, tzinfo=UTC)


def timeline(state: CaseState = CaseState.RESOLVED, earlier: int | None = None) -> Timeline:
    steps = [
        PublicStep(
            at=AT, type="linli.case.dispatched.v1", state=CaseState.DISPATCHED, party="<b>物业</b>", message=None
        ),
        PublicStep(
            at=AT,
            type="linli.case.progressed.v1",
            state=CaseState.ACCEPTED,
            party=None,
            message="<script>\n好",
            photos=["a"],
        ),
    ]
    return Timeline(id="c1", kind=Kind.REPORT, title="灯", state=state, opened_at=AT, timeline=steps, earlier=earlier)


def test_the_steps_are_told_in_words_and_local_times_the_newest_first() -> None:
    page = progress(timeline(), "7K3M", Language.ZH, SHANGHAI)
    assert page.index("办理进展") < page.index("已派单") and "2026-11-28 04:05" in page
    assert 'href="/v1/track/7K3M/follow-up"' in page and 'href="/v1/track/7K3M/evidence/a"' in page
    assert "before=" not in page and "?before=7" in progress(timeline(earlier=7), "7K3M", Language.ZH, SHANGHAI)
    english = progress(timeline(CaseState.ACCEPTED), "7K3M", Language.EN, SHANGHAI)
    assert "being dealt with" in english and "follow-up" not in english


@pytest.mark.parametrize(("step", "named"), [("progressed", True), ("withdrawn", False), ("corrected", False)])
def test_who_is_responsible_is_not_named_beside_what_somebody_else_did(step: str, named: bool) -> None:
    told = timeline()
    first = told.timeline[0].model_copy(update={"type": f"linli.case.{step}.v1", "party": "和顺里物业"})
    page = progress(told.model_copy(update={"timeline": [first]}), "7K3M", Language.ZH, SHANGHAI)
    assert ("和顺里物业" in page) is named


def test_nothing_that_anybody_wrote_is_html() -> None:
    page = progress(timeline(), '"><script>', Language.ZH, SHANGHAI)
    assert "<script>" not in page and "<b>" not in page
    assert "<img" not in written(Language.ZH, "<img>", "")


@pytest.mark.parametrize("language", Language)
def test_every_state_and_word_is_there_in_every_language(language: Language) -> None:
    assert set(STATES[language]) == set(CaseState)
    assert set(STEPS[language]) == set(STEPS[Language.ZH])
    assert set(WORDS[language]) == set(WORDS[Language.ZH])
