"""Letters with a household's code for a plan, a covenant or a deliberation, read back from the PDF."""

from datetime import UTC, datetime

import pytest

from neighbourhood.papers.code_letters import CodeLetters, code_letters
from neighbourhood.papers.letters import MOST_DOORS, Door
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import Both, grouped
from tests.support.papers import pages, printed, qr_codes

LINK = "https://linli.example/objections/K7QMX2P2AAAABBBB"


def for_doors(*doors: Door) -> CodeLetters:
    return CodeLetters(
        title=Both("东院改造方案", "The plan of the east yard"),
        about=Both("请阅读方案。", "Read the plan."),
        neighbourhood=Both("东院", "East yard"),
        office=Both("社区居委会", "The community's office"),
        address="https://linli.example/objections",
        doors=doors,
        printed_at=datetime(2026, 3, 20, tzinfo=UTC),
    )


def test_each_door_has_one_page_with_its_own_code_and_how_else_to_do_it() -> None:
    sheet = code_letters(for_doors(Door("3号楼1单元101", "K7QMX2P2AAAABBBB", LINK), Door("102", "2" * 16, LINK)))
    first, second = pages(printed(sheet))
    code = grouped("K7QMX2P2AAAABBBB")
    for expected in ("东院改造方案", "3号楼1单元101", code, "可到下列地点书面办理", "社区居委会"):
        assert expected in first
    assert code not in second and "2222-2222" in second
    assert qr_codes(sheet) == [[LINK], [LINK]]


def test_more_doors_than_a_stairwell_has_are_printed_in_parts() -> None:
    with pytest.raises(TooLong):
        code_letters(for_doors(*[Door(str(at), "2" * 16, LINK) for at in range(MOST_DOORS + 1)]))
