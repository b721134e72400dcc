"""What a deliberation comes to: with all who are against it, and never a decision of the owners."""

import pytest
from pydantic import ValidationError

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.covenants import Adopter
from linli.contracts.neighbourhood.deliberations_settled import (
    DeliberationConcluded,
    OutcomeResult,
    OutcomeText,
    Support,
)
from linli.frozen import replace
from neighbourhood.covenants.domain.commands import HearResult
from neighbourhood.deliberations.domain import commands as do
from tests.unit.neighbourhood.covenants import quarter
from tests.unit.neighbourhood.deliberations.hall import (
    COMMITTED,
    CONCLUDE,
    CONCLUDED,
    DIGEST,
    DRAFT,
    GRID,
    GRID_CO,
    SAYS,
    TALKED,
    after,
    convened,
    dissent,
    home,
    in_room,
    own,
    refusal,
    support,
    told,
)


def concluded(*more: tuple[do.AnyCommand, int]) -> DeliberationConcluded:
    _, events = told(convened(), *COMMITTED, (DRAFT, 4), *more, (CONCLUDE, 6))
    assert isinstance(events[-1], DeliberationConcluded)
    return events[-1]


def test_an_outcome_never_satisfies_278_and_says_so() -> None:
    text = concluded(*((support(n), 5) for n in range(1, 49))).text
    assert text.satisfies_278 is False and text.binding is False
    assert "不能代替《民法典》第二百七十八条规定的表决" in text.caveat.zh and "278" in text.caveat.en
    written = text.model_dump()
    for claim in ({"satisfies_278": True}, {"binding": True}, {"caveat": {"zh": "一致通过。"}}):
        with pytest.raises(ValidationError):
            OutcomeText.model_validate(written | claim)
    # Whatever an outcome says, a covenant that waits for a vote does not take it for one.
    covenant = quarter.after(quarter.started(), *quarter.REVIEWED)
    assert quarter.refusal(covenant, quarter.result(binding=text.binding), 9) == "not_a_decision"
    assert isinstance(quarter.result(electorate=Adopter.OWNERS), HearResult)


def test_all_who_are_against_it_are_listed_and_nobody_can_be_left_out() -> None:
    against = do.DissentFrom(**in_room(GRID_CO), digest=DIGEST)
    outcome = concluded((dissent(3, "s-1"), 4), (against, 5), (dissent(7), 5), (do.WithdrawDissent(**own(7)), 5))
    assert [(each.voice, each.statement_id) for each in outcome.dissent] == [(home(3), "s-1"), (GRID_CO, None)]


def test_dissent_is_of_the_text_that_was_read_and_points_to_ones_own_words() -> None:
    talks = after(*COMMITTED)
    assert refusal(talks, dissent(3)) == "other_text"
    talks = after(*COMMITTED, (DRAFT, 4))
    assert refusal(talks, dissent(4, "s-1")) == "unknown"
    assert refusal(told(talks, (dissent(3), 4))[0], dissent(3)) == "known_already"
    assert refusal(talks, do.WithdrawDissent(**own(3))) == "unknown"


def test_who_was_against_one_text_is_listed_with_the_next_unless_they_take_it_back() -> None:
    other = replace(DRAFT, says=Wording(zh="车棚移到南侧。"))
    talks = after(*COMMITTED, (DRAFT, 4), (dissent(3), 4), (other, 5))
    assert [each.voice for each in talks.dissent.values()] == [home(3)]
    assert refusal(talks, CONCLUDE, 9) == "other_text"


def test_everybody_is_heard_until_the_last_day_is_over_and_the_text_lies_open_for_a_day() -> None:
    talks = after(*COMMITTED, (DRAFT, 4))
    assert refusal(talks, CONCLUDE, 5) == "talks_not_over"
    assert refusal(talks, CONCLUDE, 6) == ""
    late = after(*COMMITTED, (DRAFT, 6))
    assert refusal(late, CONCLUDE, 7) == "draft_too_new"
    assert refusal(late, CONCLUDE, 8) == ""


def test_support_is_counted_by_heads_of_talks_for_every_proposal() -> None:
    more = do.MakeProposal(**own(5), proposal_id="q-2", words="b" * 64)
    party = do.SupportProposal(**GRID, voice=GRID_CO, session_id=None, proposal_id="q-1")
    outcome = concluded((more, 4), (support(1), 4), (support(2), 4), (party, 4))
    assert outcome.support == (
        Support(proposal_id="q-1", households=2, parties=1),
        Support(proposal_id="q-2", households=0, parties=0),
    )


def test_an_outcome_names_what_was_agreed_on_and_only_that() -> None:
    talks = after(*TALKED)
    assert refusal(talks, replace(DRAFT, proposals=())) == "result_and_proposals"
    assert refusal(talks, replace(DRAFT, result=OutcomeResult.NOT_AGREED)) == "result_and_proposals"
    assert refusal(talks, replace(DRAFT, proposals=("q-9",))) == "unknown"
    assert refusal(talks, replace(DRAFT, result=OutcomeResult.NOT_AGREED, proposals=(), says=SAYS)) == ""
    assert refusal(after(*TALKED, (DRAFT, 4)), DRAFT) == "same_text"
    assert refusal(after(*CONCLUDED), DRAFT, 6) == "deliberation_state"
