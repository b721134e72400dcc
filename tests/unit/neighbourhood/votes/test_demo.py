"""The vote of the demo, to the unit: 48 units of 60 ㎡, 46 heads, turnout 2,160 ㎡ and 34 heads."""

from linli.contracts.neighbourhood.votes import Effect, MatterCount, VoteCount, VoteState, Weight
from neighbourhood.votes.domain.recount import recount
from neighbourhood.votes.domain.register import Compile, Freeze, Register, snapshot_of
from neighbourhood.votes.domain.register import decide as decide_register
from neighbourhood.votes.domain.register import evolve as evolve_register
from neighbourhood.votes.domain.sheet import checks, result_sheet
from neighbourhood.votes.domain.vote import Vote, evolve
from tests.support.owners import APPROVE, HASH, NOTICED, OPPOSE, Held, demo_entries, people, why


def _counted(yes_to_a: int) -> VoteCount:
    """`o1`, who has three units, and o2 to o34 vote; so many single units say yes to A beside `o1`."""
    held = Held().prepared().noticed().opened()
    for number, owner in enumerate(people(2, 34), start=1):
        a = APPROVE if number <= yes_to_a else OPPOSE
        held.papers([owner], a=a, b=APPROVE if number <= 19 else OPPOSE)
    held.papers(["o1"], a=APPROVE, b=APPROVE)
    return held.closed().count()


def _of(count: VoteCount, matter: str) -> MatterCount:
    return next(each for each in count.matters if each.matter == matter)


def test_the_register_of_the_demo_has_2880_square_metres_and_46_heads() -> None:
    assert _counted(25).electorate == Weight(area=2_880_00, heads=46)


def test_turnout_is_2160_square_metres_and_34_heads() -> None:
    count = _counted(25)
    assert count.turnout == Weight(area=2_160_00, heads=34)
    assert count.turnout.area * 4 == count.electorate.area * 3, "75 % by area"


def test_the_shed_passes_with_1680_square_metres_and_26_heads() -> None:
    shed = _of(_counted(25), "a")
    assert shed.approve == Weight(area=1_680_00, heads=26)
    assert shed.oppose == Weight(area=480_00, heads=8)
    assert (shed.quorum, shed.passed) == (True, True)


def test_one_single_unit_yes_fewer_fails_by_heads_though_area_is_exactly_three_quarters() -> None:
    shed = _of(_counted(24), "a")
    assert shed.approve == Weight(area=1_620_00, heads=25)
    assert shed.approve.area * 4 == shed.took_part.area * 3
    assert (shed.approve.heads * 4, shed.took_part.heads * 3) == (100, 102)
    assert shed.approve.heads * 1000 // shed.took_part.heads == 735, "73.5 %"
    assert (shed.quorum, shed.passed) == (True, False)
    matter = Held().prepared().vote.matters[0]
    assert [each.met for each in checks(matter, shed)] == [True, True, True, False]


def test_the_covenant_passes_with_1320_square_metres_and_20_heads() -> None:
    covenant = _of(_counted(25), "b")
    assert covenant.approve == Weight(area=1_320_00, heads=20)
    assert covenant.passed


def test_36_units_have_voted_and_a_duplicate_is_refused() -> None:
    held = Held().prepared().noticed().opened().papers(["o1", *people(2, 34)], a=APPROVE)
    assert sum(len(held.snapshot.owned[owner]) for owner in held.ballots) == 36
    assert why(held.try_ballot("o1", held.paper("o1", {"a": OPPOSE}, id="b-again"))) == "has-voted"


def test_a_recount_from_nothing_but_events_and_the_box_gives_the_same_numbers_to_the_unit() -> None:
    register = Register("r-1", "fushan-road", "yard-3")
    for command in (Compile("clerk", HASH, tuple(demo_entries())), Freeze("clerk", "s-1")):
        outcome = decide_register(register, command, NOTICED)
        assert isinstance(outcome, tuple)
        for event in outcome:
            register = evolve_register(register, event)
    held = Held(snapshot_of(register, "s-1")).prepared().noticed().opened()
    held.papers(["o1", *people(2, 26)], a=APPROVE, b=APPROVE).papers(people(27, 34), a=OPPOSE, b=OPPOSE)
    held.closed().counted().published()
    vote = Vote("v-1", "fushan-road", "yard-3")
    for told in held.events:
        vote = evolve(vote, told)
    again = recount(vote, snapshot_of(register, "s-1"), reversed(held.told), held.box)
    assert vote == held.vote and again == held.vote.count
    assert again.snapshot == register.snapshots["s-1"]


def test_the_result_sheet_of_the_demo_can_be_checked_by_hand() -> None:
    held = Held().prepared().noticed().opened()
    held.papers(["o1", *people(2, 26)], a=APPROVE, b=APPROVE).papers(people(27, 34), a=OPPOSE)
    held.closed().counted()
    sheet = result_sheet(held.vote, held.snapshot)
    assert held.vote.state is VoteState.COUNTED
    assert (sheet.units, sheet.electorate, sheet.turnout) == (
        48,
        Weight(area=288000, heads=46),
        Weight(area=216000, heads=34),
    )
    by_area, by_heads, consent_by_area, consent_by_heads = sheet.matters[0].checks
    assert (by_area.left, by_area.right) == (216000 * 3, 288000 * 2)
    assert (by_heads.left, by_heads.right) == (34 * 3, 46 * 2)
    assert (consent_by_area.left, consent_by_area.right) == (168000 * 4, 216000 * 3)
    assert (consent_by_heads.left, consent_by_heads.right) == (26 * 4, 34 * 3)
    assert "二百七十八" in sheet.matters[0].citation.article and sheet.matters[0].citation.confirmed
    assert sheet.matters[0].silent == Weight(area=720_00, heads=12)
    assert sheet.matters[1].silent == Weight(area=1_200_00, heads=20), "a blank line is silence on that matter"
    assert not sheet.matters[1].count.quorum
    assert (sheet.tellers, sheet.effect) == (("t1", "t2"), Effect.CONSULTATION)
    assert "意向征询" in sheet.standing.chinese
