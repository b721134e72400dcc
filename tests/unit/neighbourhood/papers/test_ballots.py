"""Ballot papers of a vote, read back from the PDF: what is asked, what it is worth, how and until when."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linli.contracts.neighbourhood.votes import BallotChannel, Effect
from neighbourhood.digests import digest_of_text
from neighbourhood.papers.ballots import BallotPapers, OwnersPaper, ballots
from neighbourhood.papers.letters import MOST_DOORS
from neighbourhood.papers.matters import MatterText, OtherText, texts_of
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import Both
from tests.support.owners import CLOSES, OPENED, TEXTS, Held
from tests.support.papers import LINK, ZONE, pages, printed, qr_codes, words

LIFT = "在 4 单元北侧加装电梯一部。"


def papers() -> BallotPapers:
    vote = Held().prepared().noticed().vote
    shed, covenant = vote.matters
    lift = shed.model_copy(update={"id": "c", "units": ("u40",), "text_sha256": digest_of_text(LIFT)})
    assert vote.noticed
    return BallotPapers(
        title=Both("3 号院 2026 年第一次表决", "First vote of yard 3"),
        neighbourhood=Both("3 号院", "Yard 3"),
        office=Both("居委会一楼投票箱", "the box at the committee"),
        address="https://linli.example/v",
        matters=(shed, lift, covenant),
        texts={
            "a": MatterText(Both("建电动车棚", "A shed"), Both(TEXTS["a"])),
            "b": MatterText(Both("管理规约第二版", "The covenant"), Both(TEXTS["b"])),
            "c": MatterText(Both("4 单元加装电梯", "A lift"), Both(LIFT)),
        },
        channels=tuple(BallotChannel),
        effect=Effect.CONSULTATION,
        abstention_takes_part=True,
        opens_from=OPENED,
        closes_at=CLOSES,
        zone=ZONE,
        digest=vote.noticed,
        owners=(
            OwnersPaper(
                ("1单元101", "1单元102", "1单元201"), frozenset({"u00"}), 180_00, "k7qmx2p4", LINK + "k7qmx2p4"
            ),
            OwnersPaper(("4单元401",), frozenset({"u40"}), 60_00, "z9wvt5n3", LINK + "z9wvt5n3"),
        ),
        printed_at=datetime(2026, 3, 3, tzinfo=UTC),
    )


def read(of: BallotPapers) -> list[str]:
    """Each owner's letter and ballot."""
    every = pages(printed(ballots(of)))
    found = [""]
    for page in every:
        if "网址" in page or "表决票Ballot" in page:
            found.append("")
        found[-1] += page
    return found[1:]


def test_an_owner_reads_what_is_asked_by_which_law_what_it_is_worth_how_and_until_when() -> None:
    letter, _, _, _ = read(papers())
    for expected in (
        "1单元101等3处",
        "1单元101、1单元102、1单元201",
        "180.00㎡",
        "在3号楼东侧空地建电动车棚",
    ):
        assert expected in letter
    for expected in (
        "性质：意向征询。意向征询结果",
        "2026年3月24日（星期二）08:00",
        "k7qm-x2p4",
        "委托投票",
        "第（八）项",
    ):
        assert expected in letter
    assert "也不视为同意" in letter and "弃权计入参与表决" in letter
    assert "四分之三以上（含本数）" in letter


def test_a_ballot_has_three_boxes_a_matter_lines_to_sign_and_no_code() -> None:
    _, ballot, _, other = read(papers())
    assert ballot.count("同意for反对against弃权abstain") == 2
    assert "业主签名" in ballot and "受托人签名" in ballot and "居委会一楼投票箱" in ballot
    assert "k7qm" not in ballot and "z9wv" not in other


def test_a_matter_of_another_stairwell_is_not_on_the_ballot() -> None:
    letter, ballot, its_letter, its_ballot = read(papers())
    assert "加装电梯" not in letter + ballot
    assert "2.4单元加装电梯" in its_letter and "2.4单元加装电梯" in its_ballot
    assert all("3.管理规约第二版" in each for each in (letter, ballot, its_letter, its_ballot)), "its number on all"


def test_a_phone_reads_each_owners_own_link() -> None:
    found = [page for page in qr_codes(ballots(papers())) if page]
    assert found == [[LINK + "k7qmx2p4"], [LINK + "z9wvt5n3"]]


def test_a_vote_on_paper_alone_has_no_code_and_a_decision_says_so() -> None:
    of = replace(papers(), channels=(BallotChannel.PAPER,), effect=Effect.DECISION, abstention_takes_part=False)
    said = words(ballots(of))
    assert "k7qm" not in said and "扫描" not in said and "受托人" not in said
    assert "性质：共同决定。业主共同决定。" in said and "弃权不计入参与表决" in said
    assert not any(qr_codes(ballots(of)))


def test_codes_are_in_no_text_about_a_ballot_and_a_print_is_bounded() -> None:
    of = papers()
    assert "k7qm" not in repr(of) and "k7qm" not in repr(ballots(of))
    with pytest.raises(TooLong):
        ballots(replace(of, owners=of.owners[:1] * (MOST_DOORS + 1)))


def test_one_changed_character_is_not_printed() -> None:
    of = papers()
    other = {**of.texts, "b": MatterText(Both("管理规约"), Both(TEXTS["b"] + "。"))}
    with pytest.raises(OtherText, match="matter b"):
        ballots(replace(of, texts=other))


def test_a_text_as_it_is_kept_has_its_first_line_for_a_title() -> None:
    kept = texts_of({"a": "加装电梯\n在 4 单元北侧。", "b": "长" * 50})
    assert kept["a"] == MatterText(Both("加装电梯"), Both("加装电梯\n在 4 单元北侧。"))
    assert kept["b"].title.zh == "长" * 39 + "…"
