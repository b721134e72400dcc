"""When a ballot counts, by which way and whose; and who certifies a count."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.ballots import Spoilt
from linli.contracts.neighbourhood.profile import RuleProfile
from linli.contracts.neighbourhood.rules import Base
from linli.contracts.neighbourhood.votes import VoteState
from neighbourhood.profiles.qingdao import QINGDAO
from neighbourhood.refusal import Refusal
from neighbourhood.votes.domain.ballot import BallotCommand, DeliverBallot, RecordBallot, SpoilBallot
from neighbourhood.votes.domain.commands import CertifyCount, CloseVote, LodgeProxy
from neighbourhood.votes.domain.recount import recount, replayed
from tests.support.owners import APPROVE, CLOSES, HASH, OPENED, Held, people, why

YES = {"a": APPROVE}


def test_a_ballot_counts_when_it_came_in_and_a_paper_may_be_entered_later() -> None:
    held = Held().prepared().noticed().delivered("o2").opened()
    held.now = CLOSES
    assert why(held.try_ballot("o2", held.online("o2", YES))) == "not-open"
    in_time = replace(held.paper("o3", YES), received_at=CLOSES - timedelta(seconds=1))
    late = replace(held.paper("o4", YES), received_at=CLOSES)
    held.closed()
    held.do_ballot("o3", in_time)
    assert why(held.try_ballot("o4", late)) == "not-open"
    held.counted()
    assert why(held.try_ballot("o5", replace(held.paper("o5", YES), received_at=OPENED))) == "not-open"


def test_a_vote_closes_when_it_was_told_and_not_sooner() -> None:
    held = Held().prepared().noticed().opened()
    held.now = CLOSES - timedelta(seconds=1)
    assert why(held.ask(CloseVote("officer"))) == "still-open"


def test_a_code_that_was_replaced_and_a_code_that_never_went_out_do_not_count() -> None:
    held = Held().prepared().noticed().delivered("o2").opened()
    old = held.online("o2", YES)
    held.delivered("o2")
    assert why(held.try_ballot("o2", old)) == "old-code"
    assert why(held.try_ballot("o3", held.online("o3", YES))) == "old-code"
    held.do_ballot("o2", held.online("o2", YES))


def test_strangers_other_votes_and_unknown_matters_are_refused() -> None:
    held = Held().prepared().noticed().opened()
    assert why(held.try_ballot("tenant", held.paper("tenant", YES))) == "not-an-owner"
    assert why(held.try_ballot("o2", held.paper("o3", YES))) == "another-ballot"
    assert why(held.try_ballot("o2", held.paper("o2", {"c": APPROVE}))) == "no-matter"
    unscanned: RecordBallot = replace(held.paper("o2", YES), scan=None)
    assert why(held.try_ballot("o2", unscanned)) == "no-scan"


def test_a_count_needs_two_tellers_who_find_what_the_recount_finds() -> None:
    held = Held().prepared().noticed().opened().papers(people(2, 40), a=APPROVE).closed()
    count = held.count()
    wrong = count.model_copy(update={"spoiled": 1})
    assert why(held.ask(CertifyCount("clerk", count, count))) == "not-a-teller"
    assert why(held.ask(CertifyCount("t1", wrong, count))) == "other-numbers"
    held.do(CertifyCount("t1", count, count))
    held.do(CertifyCount("t1", count, count))
    assert (held.vote.state, held.vote.certified) == (VoteState.CLOSED, ("t1",)), "one teller twice is one"
    held.do_ballot("o41", replace(held.paper("o41", YES), received_at=OPENED))
    held.do(CertifyCount("t2", held.count(), held.count()))
    assert (held.vote.state, held.vote.certified) == (VoteState.CLOSED, ("t2",)), "other numbers begin anew"
    held.do(CertifyCount("t1", held.count(), held.count()))
    assert held.vote.state is VoteState.COUNTED


def test_the_base_of_each_rule_is_data() -> None:
    of_all = [each.model_copy(update={"base": Base.ALL}) for each in QINGDAO.matters]
    profile: RuleProfile = QINGDAO.model_copy(update={"id": "of-all", "matters": tuple(of_all)})
    held = Held(profile=profile).prepared().noticed().opened().papers(people(2, 35), a=APPROVE)
    assert not held.count().matters[0].passed, "34 of 46 are less than three quarters of all"


DEEDS = st.lists(st.sampled_from(["deliver", "code", "paper", "proxy", "spoil", "again"]), max_size=12)


@given(DEEDS)
def test_whatever_is_tried_one_ballot_counts_at_most_and_the_state_is_what_its_events_say(deeds: list[str]) -> None:
    held = Held().prepared().noticed()
    held.do(LodgeProxy("clerk", "o2", "agent-1", HASH))
    held.opened()
    last: BallotCommand = DeliverBallot("clerk")
    for number, deed in enumerate(deeds):
        match deed:
            case "deliver":
                last = DeliverBallot("clerk")
            case "code":
                last = held.online("o2", YES, id=f"w-{number}")
            case "paper":
                last = held.paper("o2", YES, id=f"b-{number}")
            case "proxy":
                last = held.by_proxy("o2", "agent-1", YES)
            case "spoil":
                last = SpoilBallot("t1", "t2", held.of("o2").ballot_id or "none", Spoilt.UNREADABLE)
        if not isinstance(held.try_ballot("o2", last), Refusal):
            held.do_ballot("o2", last)
        assert held.count().turnout.heads == int(held.of("o2").ballot_id is not None)
    assert list(replayed(held.told)) == list(held.ballots.values())
    assert recount(held.vote, held.snapshot, held.told, held.box) == held.count()
