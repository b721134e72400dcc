"""The register: from rows that a clerk's file has, to a list that a vote may count by."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.base import strict_json
from linli.contracts.neighbourhood.register import AreaFrom, CorrectedBecause, RegisterCompiled, RegisterEvent
from neighbourhood.votes.domain.register import (
    Compile,
    CorrectEntry,
    Freeze,
    Register,
    RegisterCommand,
    decide,
    evolve,
    snapshot_of,
)
from neighbourhood.votes.domain.register_rows import Checked, OpaqueIds, Row, area_of, check
from tests.support.owners import HASH, NOTICED, demo_entries, entry, happened, why

EMPTY = Register("r-1", "fushan-road", "yard-3")


def opaque(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def row(line: int, door: str = "", **other: str) -> Row:
    said = {
        "stairwell": "3号楼1单元",
        "area": "60.00",
        "area_from": "不动产权证",
        "owner": f"业主{line}",
        "owner_key": f"k{line}",
    }
    return Row(line, door or f"3-1-{line:03}", **{**said, **other})


def checked(*rows: Row, total_area: int | None = None) -> Checked:
    return check(rows, OpaqueIds(opaque, opaque, opaque), total_area)


def told(found: Checked) -> list[tuple[int, str]]:
    assert all(fault.why.chinese for fault in (*found.faults, *found.doubts))
    return [(fault.line, str(fault.why)) for fault in found.faults]


def test_a_good_list_becomes_entries_that_tell_no_name_and_no_door() -> None:
    found = checked(row(1), row(2, area="59.5 ㎡", area_from="合同"))
    assert not found.faults and not found.doubts
    assert [(each.area, each.area_from) for each in found.entries] == [
        (60_00, AreaFrom.REGISTRY),
        (59_50, AreaFrom.CONTRACT),
    ]
    assert "业主" not in str(found.entries) and "3-1-001" not in str(found.entries)


def test_a_stairwell_is_one_in_wide_figures_or_narrow_ones() -> None:
    found = checked(row(1), row(2, stairwell=" ３号楼１单元"))
    assert len({each.stairwell for each in found.entries}) == 1


def test_one_document_with_two_units_is_one_owner() -> None:
    found = checked(row(1), row(2, owner="业主1", owner_key="k1"))
    assert len({each.owner for each in found.entries}) == 1 and not found.doubts


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"area": "六十"}, "the area is no number with two decimals at most"),
        ({"area": "60.123"}, "the area is no number with two decimals at most"),
        ({"area": "0"}, "the area is no number with two decimals at most"),
        ({"area": "-5"}, "the area is no number with two decimals at most"),
        ({"area_from": "估计"}, "the area's source is not known"),
        ({"owner": " "}, "an owner is missing"),
        ({"owner_key": ""}, "nothing tells this owner from another"),
        ({"stairwell": ""}, "a stairwell is missing"),
        ({"door": " "}, "a unit is missing"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_its_line(other: dict[str, str], said: str) -> None:
    assert (2, said) in told(checked(row(1), row(2, **other)))


def test_a_unit_that_stands_twice_and_a_total_that_differs_keep_a_list_out() -> None:
    found = checked(row(1), row(2, door="３-1-001"), total_area=120_00)
    assert (2, "the unit stands in line 1 already") in told(found)
    assert any(line == 0 and "6000" in said for line, said in told(found))
    assert told(checked()) == [(0, "the list is empty")]
    assert not checked(row(1), row(2), total_area=120_00).faults


def test_namesakes_two_names_of_one_document_and_great_areas_are_doubts_for_a_person() -> None:
    found = checked(row(1, owner="王伟"), row(2, owner="王伟"), row(3, owner_key="k4"), row(4), row(5, area="6000"))
    assert not found.faults
    assert [doubt.line for doubt in found.doubts] == [1, 2, 3, 4, 5]


@given(st.integers(0, 9_999_999), st.integers(0, 99), st.sampled_from(["", "㎡", " 平方米", "m2", " M²".lower()]))
def test_an_area_is_read_to_the_hundredth(metres: int, hundredths: int, unit: str) -> None:
    wanted = metres * 100 + hundredths
    assert area_of(f"{metres}.{hundredths:02}{unit}") == wanted
    assert area_of(f"{metres}.{hundredths:02}000") == wanted
    if metres > 999:
        assert area_of(f"{metres:,}.{hundredths:02}") == wanted


@given(st.text(max_size=12))
def test_whatever_is_written_as_an_area_is_one_or_none(text: str) -> None:
    found = area_of(text)
    assert found is None or found >= 0


def led(*commands: RegisterCommand) -> tuple[Register, list[RegisterEvent]]:
    register, events = EMPTY, list[RegisterEvent]()
    for command in commands:
        outcome = decide(register, command, NOTICED)
        happened(outcome)
        assert isinstance(outcome, tuple)
        for event in outcome:
            register = evolve(register, event)
            events.append(event)
    return register, events


def test_a_long_list_comes_in_parts_that_a_record_can_hold_and_replays_to_the_same() -> None:
    long_id = "x" * 100
    entries = tuple(entry(f"{long_id}{at:05}", f"{long_id}{at % 4000}") for at in range(4_500))
    register, events = led(Compile("clerk", HASH, entries), Freeze("clerk", "s-1"))
    parts = [each for each in events if isinstance(each, RegisterCompiled)]
    assert [(each.part, each.parts, len(each.entries)) for each in parts] == [(1, 3, 2000), (2, 3, 2000), (3, 3, 500)]
    assert all(len(strict_json(each)) < each.MOST_BYTES for each in parts)
    again = EMPTY
    for event in events:
        again = evolve(again, event)
    assert again == register and snapshot_of(again, "s-1").sha256 == register.snapshots["s-1"]


def test_a_register_of_which_parts_are_missing_is_not_frozen() -> None:
    entries = tuple(entry(f"u{at}", f"o{at}") for at in range(2_001))
    outcome = decide(EMPTY, Compile("clerk", HASH, entries), NOTICED)
    assert isinstance(outcome, tuple)
    half = evolve(EMPTY, outcome[0])
    assert why(decide(half, Freeze("clerk", "s-1"), NOTICED)) == "register-incomplete"
    assert why(decide(EMPTY, Freeze("clerk", "s-1"), NOTICED)) == "register-incomplete"


def test_commands_said_twice_change_nothing_and_bad_ones_are_refused() -> None:
    register, events = led(Compile("clerk", HASH, tuple(demo_entries())), Freeze("clerk", "s-1"))
    assert happened(decide(register, Freeze("clerk", "s-1"), NOTICED)) == ()
    same = CorrectEntry("clerk", register.entries["u03"], CorrectedBecause.MISTAKEN, HASH)
    assert happened(decide(register, same, NOTICED)) == ()
    unknown = CorrectEntry("clerk", entry("u99", "o1"), CorrectedBecause.MISTAKEN, HASH)
    assert why(decide(register, unknown, NOTICED)) == "no-unit"
    assert why(decide(register, Compile("clerk", HASH, tuple(demo_entries())), NOTICED)) == "register-exists"
    assert (
        why(decide(EMPTY, Compile("clerk", HASH, (entry("u1", "a"), entry("u1", "b"))), NOTICED)) == "register-faulty"
    )
    assert events[-1].model_dump(include={"units", "heads", "area"}) == {"units": 48, "heads": 46, "area": 2_880_00}
