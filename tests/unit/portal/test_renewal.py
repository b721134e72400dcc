"""What the pages of common affairs make of forms and of codes."""

from collections.abc import Callable, Iterator

import pytest

from linli.contracts.kinds import Language
from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.plan_text import ItemCategory
from linli.contracts.neighbourhood.plans import PlanStage
from linli.contracts.neighbourhood.publicity import Subject
from linli.contracts.neighbourhood.rounds import RoundStage
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, VoteState
from linli.contracts.neighbourhood.works import SiteRole, Trade
from linli.contracts.workflow.case import CaseState
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from neighbourhood.deliberations.domain.deliberation import DeliberationState
from neighbourhood.lineage.domain.lineage import End, Stage
from neighbourhood.lineage.domain.links import State
from neighbourhood.publicity.domain.notice import NoticeStage
from neighbourhood.works.domain.package import PackageState
from portal.pages.rendering import Pages
from portal.renewal import words
from portal.renewal.ballots_api import CHOICES, _chosen
from portal.renewal.votes_api import _found

BALLOT = {"matters": [{"matter": "a"}, {"matter": "b"}]}


def test_what_is_left_blank_or_asked_of_others_is_not_chosen() -> None:
    said = {"choice-a": "approve", "choice-b": "blank", "choice-c": "oppose", "a": "oppose"}
    assert _chosen(said, BALLOT) == {"a": "approve"}
    assert set(CHOICES) == set(Choice)


def test_a_teller_s_areas_are_written_in_square_metres_and_counted_in_hundredths() -> None:
    said = {"a-approve-heads": "26", "a-approve-area": "1680.5", "a-oppose-area": "0"}
    found = _found("a", said)
    assert found["approve"] == {"area": 1_680_50, "heads": 26}
    assert found["abstain"] == {"area": 0, "heads": 0}


@pytest.mark.parametrize("area", ["x", "1.234", "-1", "1,680.00", "9" * 30, "1.x", "0.-1", "1e5", "+5", "1_0", "٣"])
def test_what_is_no_area_is_refused(area: str) -> None:
    with pytest.raises(Problem):
        _found("a", {"a-approve-area": area, "a-approve-heads": "1"})


@pytest.fixture
def reader() -> Iterator[Callable[[Language], object]]:
    """Sets the language that is read; afterwards it is as before."""
    before = ANSWER_IN.get()
    yield ANSWER_IN.set
    ANSWER_IN.set(before)


def test_every_code_has_a_word_in_both_languages(reader: Callable[[Language], object]) -> None:
    Pages(lambda: None, "Asia/Shanghai")  # type: ignore[arg-type, return-value]  # it reads the catalogues
    pairs = [
        (words.choice, Choice),
        (words.effect, Effect),
        (words.what_it_is_worth, Effect),
        (words.vote, VoteState),
        (words.channel, BallotChannel),
        (words.subject, Subject),
        (words.notice, NoticeStage),
        (words.round, RoundStage),
        (words.plan, PlanStage),
        (words.deliberation, DeliberationState),
        (words.category, ItemCategory),
        (words.works, PackageState),
        (words.role, SiteRole),
        (words.trade, Trade),
        (words.stage, Stage),
    ]
    for say, codes in pairs:
        for language in Language:
            reader(language)
            assert [each for each in codes if say(each.value) == each.value] == [], say
    for state in set(State) - {State.HOLDS, State.OVER}:
        reader(Language.ZH)
        assert words.standing("action", state) != state
    assert all(words.standing("end", end) != end for end in End)
    assert all(words.standing("case", state) != state for state in CaseState)
    reader(Language.EN)
    assert words.share(1, 3) == "33.3 %"
    assert words.metres(2_880_00) == "2,880.00 ㎡"
