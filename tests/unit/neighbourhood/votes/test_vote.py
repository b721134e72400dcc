"""The life of a vote: what may follow what, what a result is worth, and how it is called into question."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.profile import NoRule
from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, ResultDeclared, ResultPublished, VoteState
from linli.contracts.neighbourhood.votes_disputed import Ground
from neighbourhood.digests import digest_of_text
from neighbourhood.profiles.qingdao import QINGDAO
from neighbourhood.refusal import Refusal
from neighbourhood.votes.domain.commands import (
    CertifyCount,
    CloseVote,
    DeclareResult,
    FileChallenge,
    LodgeProxy,
    MatterWanted,
    OpenVote,
    PostNotice,
    PrepareVote,
    PublishResult,
    RevokeProxy,
    SettleChallenge,
    VoidVote,
    VoteCommand,
)
from neighbourhood.votes.domain.lists import Known, masked_door, masked_name, public_list, tellers_list
from neighbourhood.votes.domain.sheet import result_sheet
from neighbourhood.votes.domain.tally import CannotCount
from neighbourhood.votes.domain.vote import Challenge, Vote, evolve
from neighbourhood.votes.seen import as_seen
from tests.support.owners import (
    APPROVE,
    CLOSES,
    EVERY_WAY,
    HASH,
    MATTERS,
    NOTICED,
    OPENED,
    OPPOSE,
    TEXTS,
    ZONE,
    Held,
    happened,
    people,
    why,
)

TELLERS = frozenset({"t1", "t2"})
PAPER = frozenset({BallotChannel.PAPER})


def declared() -> Held:
    held = Held().prepared().noticed().opened().papers(people(2, 40), a=APPROVE, b=OPPOSE).closed().counted()
    held.do(DeclareResult("officer"))
    return held


def test_a_vote_runs_from_notice_to_publication() -> None:
    held = declared()
    assert isinstance(held.events[-1], ResultDeclared)
    assert [each.passed for each in held.events[-1].count.matters] == [True, False]
    covenant = held.events[-1].matters[1]
    assert (covenant.rule.legal_class, covenant.text_sha256) == (LegalClass.COVENANT, digest_of_text(TEXTS["b"]))
    held.now += timedelta(days=2)
    held.do(PublishResult("officer"))
    assert held.vote.state is VoteState.PUBLISHED
    assert isinstance(held.events[-1], ResultPublished) and not held.events[-1].late


def test_a_result_that_is_posted_after_its_days_is_late_and_says_so() -> None:
    held = declared()
    assert held.vote.post_by == datetime(2026, 3, 28, tzinfo=ZONE), "declared on the 24th, a Tuesday; three days"
    held.now = held.vote.post_by
    held.do(PublishResult("officer"))
    assert isinstance(held.events[-1], ResultPublished) and held.events[-1].late


def test_our_pages_ask_for_intentions_until_the_office_confirms_them() -> None:
    held = Held()
    for channels, letter, effect in (
        (EVERY_WAY, None, Effect.CONSULTATION),
        (EVERY_WAY, HASH, Effect.DECISION),
        (PAPER, None, Effect.DECISION),
    ):
        held.do(PrepareVote("officer", "s-1", MATTERS, channels, TELLERS, letter))
        assert held.vote.effect is effect


@pytest.mark.parametrize(
    ("command", "slug"),
    [
        (PrepareVote("officer", "s-1", (), PAPER, TELLERS), "no-matters"),
        (PrepareVote("officer", "s-1", (MATTERS[0], MATTERS[0]), PAPER, TELLERS), "no-matters"),
        (PrepareVote("officer", "s-1", MATTERS, PAPER, frozenset({"t1"})), "too-few-tellers"),
        (PrepareVote("officer", "s-1", MATTERS, frozenset(), TELLERS), "no-channel"),
        (PrepareVote("officer", "s-1", (MatterWanted("a", " ", LegalClass.COVENANT),), PAPER, TELLERS), "no-text"),
        (PrepareVote("officer", "s-1", (MatterWanted("l", "电梯", LegalClass.LIFT),), PAPER, TELLERS), "electorate"),
        (
            PrepareVote("o", "s-1", (MatterWanted("l", "电梯", LegalClass.LIFT, frozenset({"9-9"})),), PAPER, TELLERS),
            "electorate",
        ),
        (
            PrepareVote(
                "o", "s-1", (MatterWanted("l", "电梯", LegalClass.LIFT, frozenset({"3-1"})),), EVERY_WAY, TELLERS
            ),
            "in-writing",
        ),
        (PrepareVote("o", "s-1", (replace(MATTERS[0], stairwells=frozenset({"3-1"})),), PAPER, TELLERS), "electorate"),
    ],
)
def test_what_cannot_be_asked_is_not_prepared(command: PrepareVote, slug: str) -> None:
    assert why(Held().ask(command)) == slug


def test_a_class_that_the_rules_leave_out_is_not_guessed() -> None:
    bare = QINGDAO.model_copy(update={"matters": QINGDAO.matters[:1]})
    assert why(Held(profile=bare).ask(PrepareVote("o", "s-1", MATTERS, PAPER, TELLERS))) == "no-rule"
    with pytest.raises(NoRule):
        Held(profile=QINGDAO.model_copy(update={"days": ()})).prepared().noticed()
    early = Held()
    early.now = datetime(2020, 12, 31, 12, tzinfo=ZONE)
    assert why(early.ask(PrepareVote("o", "s-1", MATTERS, PAPER, TELLERS))) == "rules-not-in-force"


def test_home_to_business_needs_everybody_whom_it_touches() -> None:
    touched = MatterWanted("h", "101 改商铺", LegalClass.HOME_TO_BUSINESS, units=frozenset({"u03", "u04", "u00"}))
    held = Held().prepared((touched,), PAPER).noticed().opened({"h": touched.text}).papers(["o2", "o3"], h=APPROVE)
    assert held.count().matters[0].electorate.heads == 3
    assert not held.count().matters[0].passed, "one is silent"
    assert why(held.try_ballot("o9", held.paper("o9", {"h": APPROVE}))) == "not-concerned"
    held.papers(["o1"], h=APPROVE)
    assert held.count().matters[0].passed


def test_a_result_is_nobodys_before_the_count_is_certified() -> None:
    held = Held().prepared().noticed().opened().papers(people(2, 5), a=APPROVE)
    with pytest.raises(ValueError, match="no certified count"):
        result_sheet(held.vote, held.snapshot)
    assert why(held.ask(DeclareResult("officer"))) == "state"


def test_a_proxy_ends_when_it_is_revoked_and_when_what_is_asked_changes() -> None:
    held = Held().prepared().noticed()
    held.do(LodgeProxy("clerk", "o2", "agent", HASH))
    held.do(RevokeProxy("clerk", "o2"))
    assert not held.vote.proxies and happened(held.ask(RevokeProxy("clerk", "o2"))) == ()
    held.do(LodgeProxy("clerk", "o2", "agent", HASH))
    assert why(held.ask(RevokeProxy("clerk", "o2", principal_voted=True))) == "has-voted"
    held.prepared()
    assert not held.vote.proxies


def test_a_challenge_voids_a_vote_that_runs_and_a_court_one_that_is_declared() -> None:
    file = FileChallenge("o2", "c-1", "o2", Ground.NOTICE, HASH)
    uphold = SettleChallenge("officer", "c-1", True, HASH)
    held = Held().prepared().noticed()
    held.do(file)
    assert happened(held.ask(file)) == ()
    held.do(uphold)
    assert (held.vote.state, held.vote.voided) == (VoteState.VOIDED, Ground.NOTICE)
    assert happened(held.ask(uphold)) == ()
    held = declared()
    held.do(file)
    assert why(held.ask(uphold)) == "decided"
    assert why(held.ask(VoidVote("officer", Ground.COUNT, HASH))) == "decided"
    held.do(replace(uphold, judgment=True))
    assert held.vote.state is VoteState.VOIDED


def test_a_challenge_is_an_owners_within_a_year_and_a_dismissed_one_stays_so() -> None:
    held = declared()
    held.do(PublishResult("officer"))
    assert why(held.ask(FileChallenge("x", "c-1", "tenant", Ground.COUNT, HASH))) == "not-an-owner"
    held.do(FileChallenge("o2", "c-1", "o2", Ground.COUNT, HASH))
    held.do(SettleChallenge("officer", "c-1", False, HASH))
    assert held.vote.state is VoteState.PUBLISHED
    assert why(held.ask(SettleChallenge("officer", "c-1", True, HASH, judgment=True))) == "settled"
    assert why(held.ask(SettleChallenge("officer", "c-2", True, HASH))) == "no-challenge"
    assert held.vote.challenge_until == datetime(2027, 3, 25, tzinfo=ZONE)
    held.now = held.vote.challenge_until
    assert why(held.ask(FileChallenge("o3", "c-3", "o3", Ground.COUNT, HASH))) == "too-late"


def test_the_public_sees_who_took_part_and_the_tellers_what_was_chosen() -> None:
    held = Held().prepared().noticed().opened().papers(["o2"], a=OPPOSE)
    known = Known({"u03": "3号楼1单元402", "u04": "3号楼1单元501"}, {"o2": "王秀英", "o3": "李强、赵敏"})
    lines = {line.door: line for line in public_list(held.snapshot, known, held.ballots.keys())}
    assert lines["3号楼1单元4**"] == ("3号楼1单元4**", "王**", 60_00, True)
    assert lines["3号楼1单元5**"][1:] == ("李*、赵*", 60_00, False)
    named = {line.owner: line for line in tellers_list(held.snapshot, known, held.ballots, held.box)}
    assert (named["王秀英"].choices, named["王秀英"].channel) == ({"a": OPPOSE}, BallotChannel.PAPER)
    assert (named["李强、赵敏"].choices, named["o1"].area, len(named["o1"].doors)) == ({}, 180_00, 3)


@given(st.text(st.characters(categories=["Lo", "Nd"]), min_size=2, max_size=6))
def test_a_mask_keeps_no_name_and_no_door_whole(text: str) -> None:
    assert text not in masked_name(text)
    assert masked_door(f"1-{text}7") != f"1-{text}7"


MOMENTS = [NOTICED, OPENED - timedelta(days=1), OPENED, CLOSES, CLOSES + timedelta(days=1)]
ZERO = Held().prepared().noticed().opened().count()
COMMANDS: list[VoteCommand] = [
    PrepareVote("officer", "s-1", MATTERS, EVERY_WAY, TELLERS),
    PostNotice("officer"),
    OpenVote("officer", CLOSES, TEXTS),
    LodgeProxy("clerk", "o2", "o20", HASH),
    LodgeProxy("clerk", "o3", "o20", HASH),
    LodgeProxy("clerk", "o20", "o4", HASH),
    RevokeProxy("clerk", "o2"),
    CloseVote("linli"),
    CertifyCount("t1", ZERO, ZERO),
    CertifyCount("t2", ZERO, ZERO),
    DeclareResult("officer"),
    PublishResult("officer"),
    FileChallenge("o2", "c-1", "o2", Ground.NOTICE, HASH),
    SettleChallenge("officer", "c-1", True, HASH),
    SettleChallenge("officer", "c-1", False, HASH),
    VoidVote("officer", Ground.REGISTER, HASH),
]
LIFE: list[tuple[VoteCommand, datetime]] = [
    (PrepareVote("officer", "s-1", MATTERS, EVERY_WAY, TELLERS), NOTICED),
    (PostNotice("officer"), NOTICED),
    (OpenVote("officer", CLOSES, TEXTS), OPENED),
    (CloseVote("linli"), CLOSES),
    (CertifyCount("t1", ZERO, ZERO), CLOSES),
    (CertifyCount("t2", ZERO, ZERO), CLOSES),
    (DeclareResult("officer"), CLOSES),
    (PublishResult("officer"), CLOSES),
]
ANYTHING = st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from(MOMENTS)), max_size=12)
STEPS = st.tuples(st.integers(1, len(LIFE)), ANYTHING, ANYTHING).map(
    lambda drawn: [*LIFE[: drawn[0]], *drawn[1], *LIFE[drawn[0] :], *drawn[2]]
)


@given(STEPS)
def test_whatever_is_asked_in_any_order_the_state_is_what_its_events_say(
    steps: list[tuple[VoteCommand, datetime]],
) -> None:
    held = Held()
    for command, moment in steps:
        held.now = moment
        outcome = held.ask(command)
        if not isinstance(outcome, Refusal):
            held.do(command)
            assert happened(held.ask(command)) == () or isinstance(command, PrepareVote), "twice is once"
    again = Vote("v-1", "fushan-road", "yard-3")
    for event in held.events:
        again = evolve(again, type(event).model_validate_json(event.model_dump_json()))
    assert again == held.vote and again.version == len(held.events)
    if again.opened_at:
        assert again.opens_from and again.opened_at >= again.opens_from
    if again.state in {VoteState.COUNTED, VoteState.DECLARED, VoteState.PUBLISHED}:
        assert len({*again.certified}) >= 2
    assert not {*again.proxies} & {*again.proxies.values()}


def test_a_count_is_of_the_votes_own_ballots() -> None:
    held = Held().prepared().noticed().opened().papers(["o2"], a=APPROVE)
    held.vote = replace(held.vote, id="v-2")
    with pytest.raises(CannotCount):
        held.count()


def test_the_next_teller_and_companies_see_no_count_before_it_is_theirs_to_see() -> None:
    held = Held().prepared().noticed().opened().papers(people(2, 40), a=APPROVE, b=OPPOSE).closed()
    held.do(CertifyCount("t1", held.count(), held.count()))
    first = replace(held.vote, proxies={"o1": "o2"}, challenges={"c-1": Challenge("o3", Ground.COUNT)})
    for who, holds, count, owners in (
        ("t1", False, True, True),
        ("t2", False, False, True),
        ("t2", True, False, True),
        ("office", True, True, True),
        ("company", False, False, False),
    ):
        shown = as_seen(first, who, holds)
        assert (shown.count is not None, bool(shown.proxies)) == (count, owners), who
        assert (shown.challenges["c-1"].owner == "o3", shown.challenges["c-1"].ground) == (owners, Ground.COUNT)
    both = replace(first, state=VoteState.COUNTED)
    assert (as_seen(both, "t2", False).count, as_seen(both, "company", False).count) == (both.count, None)
    told = as_seen(replace(first, state=VoteState.DECLARED), "company", False)
    assert (told.count, told.proxies, told.challenges["c-1"].owner) == (first.count, {}, "owner-1")
