"""What the pages of common affairs make of forms and of codes."""

from collections.abc import Callable, Iterator

import pytest

from linli.contracts.kinds import Language
from linli.contracts.neighbourhood.ballots import Choice, Spoilt
from linli.contracts.neighbourhood.plan_text import ItemCategory
from linli.contracts.neighbourhood.plans import PlanStage
from linli.contracts.neighbourhood.publicity import Subject
from linli.contracts.neighbourhood.rounds import RoundStage
from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, VoteState
from linli.contracts.neighbourhood.votes_disputed import Ground
from linli.contracts.neighbourhood.works import SiteRole, Trade
from linli.contracts.workflow.case import CaseState
from linli.web.problem_words import ANSWER_IN
from neighbourhood.deliberations.domain.deliberation import CommitmentState, DeliberationState
from neighbourhood.lineage.domain.lineage import End, Stage
from neighbourhood.lineage.domain.links import State
from neighbourhood.publicity.domain.notice import NoticeStage
from neighbourhood.taskforce.domain.action import ActionState
from neighbourhood.taskforce.domain.meeting import MeetingState
from neighbourhood.works.domain.package import PackageState
from portal.pages.rendering import Pages
from portal.renewal import vote_words, words
from portal.renewal.ballots_api import CHOICES, _chosen

BALLOT = {"matters": [{"matter": "a"}, {"matter": "b"}]}


def test_what_is_left_blank_or_asked_of_others_is_not_chosen() -> None:
    said = {"choice-a": "approve", "choice-b": "blank", "choice-c": "oppose", "a": "oppose"}
    assert _chosen(said, BALLOT) == {"a": "approve"}
    assert set(CHOICES) == set(Choice)


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
        (words.commitment, CommitmentState),
        (words.action, ActionState),
        (words.meeting, MeetingState),
        (words.category, ItemCategory),
        (words.works, PackageState),
        (words.role, SiteRole),
        (words.trade, Trade),
        (words.stage, Stage),
        (vote_words.legal_class, LegalClass),
        (vote_words.ground, Ground),
        (vote_words.spoilt, Spoilt),
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
    assert set(LegalClass) - set(vote_words.CLASSES) == {LegalClass.RESIDENTS_COVENANT}
    assert (set(vote_words.GROUNDS), set(vote_words.REASONS)) == (set(Ground), set(Spoilt))
    assert words.share(1, 3) == "33.3 %"
    assert words.metres(2_880_00) == "2,880.00 ㎡"
