"""The embarrassing violations that concern votes: each is refused, or comes to nothing."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.ballots import BallotRecorded, Spoilt
from linli.contracts.neighbourhood.register import CorrectedBecause
from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, MatterCount, VoteState, Weight
from neighbourhood.profiles.qingdao import JINAN_LIFTS, QINGDAO
from neighbourhood.votes.domain import voting
from neighbourhood.votes.domain.ballot import SpoilBallot, seal_of
from neighbourhood.votes.domain.commands import (
    CloseVote,
    LodgeProxy,
    MatterWanted,
    OpenVote,
    PostNotice,
    PrepareVote,
)
from neighbourhood.votes.domain.recount import recount
from neighbourhood.votes.domain.register import Compile, CorrectEntry, Freeze, Register, decide, evolve, snapshot_of
from neighbourhood.votes.domain.snapshot import frozen
from neighbourhood.votes.domain.tally import CannotCount, Cast, tally
from tests.support.owners import (
    APPROVE,
    CLOSES,
    HASH,
    MATTERS,
    NOTICED,
    OPENED,
    OPPOSE,
    TEXTS,
    Held,
    demo_entries,
    entry,
    happened,
    people,
    why,
)

TELLERS = frozenset({"t1", "t2"})
YES = {"a": APPROVE}


def _with_ways_of_voting() -> Held:
    """`o2` has a code and a proxy, and may vote on paper."""
    held = Held().prepared().noticed().delivered("o2")
    held.do(LodgeProxy("clerk", "o2", "agent-1", HASH))
    return held.opened()


# 1. Double vote over web, paper and proxy.


@pytest.mark.parametrize("order", list(permutations(BallotChannel, 2)))
def test_double_vote_over_web_paper_and_proxy_is_refused_whichever_comes_first(
    order: tuple[BallotChannel, BallotChannel],
) -> None:
    held = _with_ways_of_voting()
    ways = {
        BallotChannel.CODE: held.online("o2", YES),
        BallotChannel.PAPER: held.paper("o2", {"a": OPPOSE}),
        BallotChannel.PROXY: held.by_proxy("o2", "agent-1", YES),
    }
    held.do_ballot("o2", ways[order[0]])
    assert why(held.try_ballot("o2", ways[order[1]])) == "has-voted"
    assert held.count().turnout == Weight(area=60_00, heads=1)


def test_the_same_ballot_sent_again_is_taken_once_and_no_error() -> None:
    held = Held().prepared().noticed().opened()
    paper = held.paper("o2", YES)
    held.do_ballot("o2", paper)
    assert happened(held.try_ballot("o2", paper)) == ()
    changed = replace(paper, ballot=replace(paper.ballot, choices={"a": OPPOSE}))
    assert why(held.try_ballot("o2", changed)) == "has-voted", "the same id with other choices is another ballot"


def test_a_second_unit_gives_area_and_no_second_head() -> None:
    held = Held().prepared().noticed().opened().papers(["o1"], a=APPROVE)
    assert held.count().turnout == Weight(area=180_00, heads=1)


def test_a_count_takes_no_two_ballots_of_one_owner() -> None:
    snapshot, matters = Held().snapshot, Held().prepared().vote.matters
    twice = [Cast("o2", BallotChannel.PAPER, YES), Cast("o2", BallotChannel.CODE, YES)]
    with pytest.raises(CannotCount):
        tally(snapshot, twice, matters, True)


def test_a_spoiled_ballot_counts_for_nothing_and_its_owner_may_vote_anew_while_it_is_open() -> None:
    held = Held().prepared().noticed().opened().papers(["o2"], a=APPROVE)
    spoil = SpoilBallot("t1", "t2", "b-o2", Spoilt.UNSIGNED)
    assert why(held.try_ballot("o2", replace(spoil, second="t1"))) == "two-tellers"
    assert why(held.try_ballot("o2", replace(spoil, by="clerk", second=None))) == "two-tellers"
    assert held.try_ballot("o2", replace(spoil, second=None)) == (), "one teller alone says it and nothing comes of it"
    held.do_ballot("o2", spoil)
    assert (held.count().turnout, held.count().spoiled) == (Weight(), 1)
    assert why(held.try_ballot("o2", held.paper("o2", YES))) == "spoiled", "the same paper does not come back"
    held.do_ballot("o2", held.paper("o2", YES, id="b-2"))
    assert held.count().turnout.heads == 1


# 2. Wrong quorum base.


def test_wrong_quorum_base_two_thirds_are_of_the_whole_register_and_not_of_who_came() -> None:
    held = Held().prepared().noticed().opened().papers(people(2, 31), a=APPROVE)
    shed = held.count().matters[0]
    assert (shed.took_part.heads, shed.electorate.heads) == (30, 46)
    assert shed.approve == shed.took_part and not shed.quorum and not shed.passed


def test_wrong_quorum_base_area_does_not_make_up_for_heads() -> None:
    snapshot = frozen("s", [entry("u0", "big", 10_000_00), *(entry(f"u{n}", f"o{n}") for n in range(1, 6))])
    held = Held(snapshot).prepared().noticed().opened().papers(["big"], a=APPROVE)
    shed = held.count().matters[0]
    assert shed.took_part.area * 3 > shed.electorate.area * 2
    assert not shed.quorum


# 3. Wrong approval base or rounding.


def test_wrong_approval_base_a_lift_rule_of_all_counts_the_absent_as_no() -> None:
    snapshot = frozen("s", [entry(f"u{n}", f"o{n}", stairwell="1-1") for n in range(1, 13)])
    lift = (MatterWanted("l", "加装电梯", LegalClass.LIFT, stairwells=frozenset({"1-1"})),)
    counts = {}
    for profile in (QINGDAO, JINAN_LIFTS):
        held = Held(snapshot, profile).prepared(lift, frozenset({BallotChannel.PAPER})).noticed()
        held.opened({"l": "加装电梯"}).papers(people(1, 7), l=APPROVE).papers(["o8"], l=OPPOSE)
        counts[profile.id] = held.count().matters[0]
    assert counts["qingdao"].passed, "7 of the 8 who came; 8 of 12 are two thirds"
    assert not counts["jinan-lifts"].passed, "7 of all 12 are less than two thirds"


@pytest.mark.parametrize(("yes", "passed"), [(6, True), (5, False)])
def test_wrong_rounding_exactly_three_quarters_pass(yes: int, passed: bool) -> None:
    assert _eight_of_twelve("a", yes).passed is passed


@pytest.mark.parametrize(("yes", "passed"), [(4, False), (5, True)])
def test_wrong_rounding_exactly_half_fails(yes: int, passed: bool) -> None:
    assert _eight_of_twelve("b", yes).passed is passed


def _eight_of_twelve(matter: str, yes: int) -> MatterCount:
    """Exactly two thirds take part."""
    held = Held(frozen("s", [entry(f"u{n}", f"o{n}") for n in range(1, 13)])).prepared().noticed().opened()
    held.papers(people(1, yes), **{matter: APPROVE}).papers(people(yes + 1, 8), **{matter: OPPOSE})
    found = next(each for each in held.count().matters if each.matter == matter)
    assert found.quorum
    return found


# 4. A register changed in mid-vote.


def test_register_changed_in_mid_vote_changes_no_weight_of_the_frozen_list() -> None:
    register = Register("r-1", "fushan-road", "yard-3")
    for command in (Compile("clerk", HASH, tuple(demo_entries())), Freeze("clerk", "s-1")):
        outcome = decide(register, command, NOTICED)
        for event in happened(outcome):
            register = evolve(register, event)  # type: ignore[arg-type]
    held = Held(snapshot_of(register, "s-1")).prepared().noticed().opened().papers(["o2"], a=APPROVE)
    sold = CorrectEntry("clerk", entry("u03", "o1", 90_00, "3-1"), CorrectedBecause.SOLD, HASH)
    for event in happened(decide(register, sold, OPENED)):
        register = evolve(register, event)  # type: ignore[arg-type]
    assert held.count().turnout == Weight(area=60_00, heads=1)
    held.snapshot = snapshot_of(register, "s-1")
    assert why(held.ask(LodgeProxy("clerk", "o3", "x", HASH))) == "not-the-register"
    assert why(held.try_ballot("o3", held.paper("o3", YES))) == "not-the-register"
    with pytest.raises(CannotCount):
        held.count()
    assert why(decide(register, Freeze("clerk", "s-1"), OPENED)) == "snapshot-exists"


def test_register_changed_under_its_own_hash_is_found() -> None:
    held = Held().prepared().noticed().opened()
    held.snapshot = replace(held.snapshot, entries=(entry("u00", "o1", 999_00), *held.snapshot.entries[1:]))
    held.now = CLOSES
    assert why(held.ask(CloseVote("linli"))) == "not-the-register"
    with pytest.raises(CannotCount):
        held.count()


# 5. Short notice, or one changed character.


def test_short_notice_one_second_before_the_fifteenth_day_is_refused() -> None:
    held = Held().prepared().noticed()
    held.now = OPENED.replace(hour=0) - timedelta(seconds=1)
    assert why(held.ask(OpenVote("officer", CLOSES, TEXTS))) == "short-notice"
    held.now += timedelta(seconds=1)
    assert len(happened(held.ask(OpenVote("officer", CLOSES, TEXTS)))) == 1


@pytest.mark.parametrize("text", [TEXTS["a"] + "。", TEXTS["a"].replace("3", "４"), TEXTS["a"] + " "])
def test_one_changed_character_after_the_notice_is_refused(text: str) -> None:
    held = Held().prepared().noticed()
    held.now = OPENED
    assert why(held.ask(OpenVote("officer", CLOSES, {**TEXTS, "a": text}))) == "changed"
    assert why(held.ask(OpenVote("officer", CLOSES, {"a": TEXTS["a"]}))) == "changed"


def test_one_changed_character_begins_the_days_anew() -> None:
    held = Held().prepared().noticed()
    held.now = NOTICED + timedelta(days=14)
    held.prepared((MatterWanted("a", TEXTS["a"] + "。", LegalClass.COMMON_PARTS), MATTERS[1]))
    assert (held.vote.state, held.vote.opens_from, held.vote.noticed) == (VoteState.PREPARED, None, None)
    held.do(PostNotice("officer"))
    held.now = OPENED
    assert why(held.ask(OpenVote("officer", CLOSES, {**TEXTS, "a": TEXTS["a"] + "。"}))) == "short-notice"


def test_nothing_is_changed_once_it_is_open() -> None:
    held = Held().prepared().noticed().opened()
    assert why(held.ask(PrepareVote("officer", "s-1", MATTERS, frozenset(BallotChannel), TELLERS))) == "state"


# 6. Silence counted.


def test_silence_counted_who_says_nothing_is_in_no_sum() -> None:
    held = Held().prepared().noticed().delivered(*people(2, 46)).opened().papers(people(2, 35), a=APPROVE)
    shed, covenant = held.count().matters
    assert shed.took_part == shed.approve == Weight(area=34 * 60_00, heads=34)
    assert covenant.took_part == covenant.approve == Weight(), "nobody marked it"
    assert not covenant.quorum and not covenant.passed


def test_silence_counted_a_blank_ballot_is_no_ballot() -> None:
    held = Held().prepared().noticed().opened()
    assert why(held.try_ballot("o2", held.paper("o2", {}))) == "blank"


# 7. Bad proxies.


def test_bad_proxy_chain_fourth_principal_unwritten_and_principal_voted() -> None:
    held = Held().prepared().noticed().opened().papers(["o9"], a=APPROVE)
    for principal in people(2, 4):
        held.do(LodgeProxy("clerk", principal, "o20", HASH))
    asked = {
        "too-many-principals": LodgeProxy("clerk", "o5", "o20", HASH),
        "not-in-writing": LodgeProxy("clerk", "o5", "o21"),
        "has-voted": LodgeProxy("clerk", "o9", "o21", HASH, principal_voted=True),
        "own-agent": LodgeProxy("clerk", "o5", "o5", HASH),
        "not-an-owner": LodgeProxy("clerk", "tenant", "o21", HASH),
        "has-proxy": LodgeProxy("clerk", "o2", "o21", HASH),
    }
    for slug, command in asked.items():
        assert why(held.ask(command)) == slug
    assert why(held.ask(LodgeProxy("clerk", "o20", "o21", HASH))) == "proxy-chain", "an agent gives nothing on"
    assert why(held.ask(LodgeProxy("clerk", "o5", "o2", HASH))) == "proxy-chain", "who gave it away takes none"
    assert happened(held.ask(LodgeProxy("clerk", "o2", "o20", HASH))) == (), "once more is the same"


def test_bad_proxy_nobody_votes_for_an_owner_without_one() -> None:
    held = _with_ways_of_voting()
    assert why(held.try_ballot("o3", held.by_proxy("o3", "agent-1", YES))) == "no-proxy"
    assert why(held.try_ballot("o2", held.by_proxy("o2", "agent-2", YES))) == "no-proxy"
    by_the_way = replace(held.paper("o2", YES), agent="agent-1")
    assert why(held.try_ballot("o2", by_the_way)) == "no-proxy"


# 9. Covenant drift: the electorate's part of it.


def test_covenant_drift_owners_cannot_adopt_a_residents_covenant() -> None:
    held = Held()
    wanted = (MatterWanted("c", "小区居民公约", LegalClass.RESIDENTS_COVENANT),)
    assert why(held.ask(PrepareVote("officer", "s-1", wanted, frozenset(BallotChannel), TELLERS))) == "not-the-owners"


# Races, replays and reordered events.


def test_of_fifty_ballots_at_once_one_is_taken_by_whoever_saves_first() -> None:
    held = _with_ways_of_voting()
    ways = [held.online("o2", YES, id=f"w-{n}") if n % 2 else held.paper("o2", YES, id=f"b-{n}") for n in range(50)]
    before = held.of("o2")
    outcomes = [voting.decide(before, each, held.vote, held.snapshot, held.now) for each in ways]
    assert all(len(happened(each)) == 1 for each in outcomes), "each saw none there"
    assert {before.version for _ in outcomes} == {1}, "and all would save version 2 of one key: the store takes one"
    stories = {event.story for each in outcomes for event in happened(each)}
    assert stories == {"v-1~o2"}


@given(st.data())
def test_replayed_and_reordered_events_come_to_the_same_count(data: st.DataObject) -> None:
    held = _with_ways_of_voting().papers(people(3, 12), a=APPROVE).papers(people(13, 15), b=OPPOSE)
    held.do_ballot("o14", SpoilBallot("t1", "t2", "b-o14", Spoilt.FORGED))
    held.do_ballot("o2", held.online("o2", YES))
    again = data.draw(st.lists(st.sampled_from(held.told), max_size=10))
    told = data.draw(st.permutations([*held.told, *again]))
    assert recount(held.vote, held.snapshot, told, held.box) == held.count()


def test_a_recount_finds_a_changed_a_missing_and_a_forged_ballot() -> None:
    held = Held().prepared().noticed().opened().papers(people(2, 5), a=APPROVE)
    turned = {**held.box, "b-o2": replace(held.box["b-o2"], choices={"a": OPPOSE})}
    gone = {id: ballot for id, ballot in held.box.items() if id != "b-o2"}
    for box in (turned, gone):
        with pytest.raises(CannotCount):
            recount(held.vote, held.snapshot, held.told, box)
    spoilt = [each for each in held.told if each.event.owner != "o2"]
    assert recount(held.vote, held.snapshot, spoilt, held.box).turnout.heads == 3
    other = held.told[0].event.model_copy(update={"owner": "o3"})
    with pytest.raises(CannotCount):
        recount(held.vote, held.snapshot, [*held.told, held.told[0]._replace(event=other)], held.box)


def test_a_recount_counts_nothing_while_an_event_is_missing() -> None:
    held = _with_ways_of_voting()
    held.do_ballot("o2", held.online("o2", YES))
    without_the_first = [each for each in held.told if each.sequence > 1]
    with pytest.raises(CannotCount):
        recount(held.vote, held.snapshot, without_the_first, held.box)


def test_an_event_of_a_ballot_tells_no_choice() -> None:
    held = Held().prepared().noticed().opened().papers(["o2"], a=APPROVE)
    said = held.told[-1].event.model_dump_json()
    assert isinstance(held.told[-1].event, BallotRecorded) and "approve" not in said
    assert seal_of(held.box["b-o2"]) in said and held.box["b-o2"].nonce not in said
