"""The count sheet, the lists and the result notice of the demo's vote, read back from the PDF."""

from datetime import UTC, date, datetime

import pytest

from linli.contracts.neighbourhood.rules import Base, Citation, LegalClass, MatterRule, Read, Share
from linli.contracts.neighbourhood.votes import Effect
from linli.frozen import replace
from neighbourhood.papers.count_sheet import count_sheet
from neighbourhood.papers.document import MOST_ROWS, Document, Table, as_sheet
from neighbourhood.papers.law import EFFECTS, LEGAL_CLASSES, citation_words, rule_words, share_words
from neighbourhood.papers.matters import MatterText, OtherText
from neighbourhood.papers.register_lists import public_register, tellers_register
from neighbourhood.papers.result_notice import PostedResult, percent, result_notice
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import Both
from neighbourhood.papers.vote_notice import PostedVote, vote_notice
from neighbourhood.profiles.qingdao import JINAN_LIFTS, QINGDAO
from neighbourhood.votes.domain.lists import Known, PublicLine, public_list, tellers_list
from neighbourhood.votes.domain.sheet import ResultSheet, result_sheet
from neighbourhood.votes.domain.vote import digest_of
from tests.support.owners import APPROVE, CLOSES, OPENED, OPPOSE, Held, people
from tests.support.owners import TEXTS as ASKED
from tests.support.papers import ZONE, squeezed, words

MADE = datetime(2026, 3, 25, 1, tzinfo=UTC)
TITLE = Both("3 号院 2026 年第一次表决", "First vote of yard 3")
TEXTS = {
    "a": MatterText(Both("建电动车棚", "A shed"), Both("在 3 号楼东侧空地建电动车棚")),
    "b": MatterText(Both("管理规约第二版", "The covenant"), Both("通过《管理规约》第二版")),
}


def held() -> Held:
    """A fails by heads: one single-unit yes fewer than it needs."""
    vote = Held().prepared().noticed().opened()
    vote.papers(["o1", *people(2, 25)], a=APPROVE, b=APPROVE).papers(people(26, 34), a=OPPOSE)
    return vote.closed().counted()


def sheet_of(vote: Held) -> ResultSheet:
    return result_sheet(vote.vote, vote.snapshot)


def known(vote: Held) -> Known:
    doors = {each.unit: f"3号楼1单元{each.unit[1:]}02" for each in vote.snapshot.entries}
    return Known(doors, {owner: f"王秀{owner}" for owner in vote.snapshot.owned})


def test_every_number_of_a_count_can_be_checked_by_hand_from_the_paper() -> None:
    vote = held()
    of = sheet_of(vote)
    read = words(as_sheet(count_sheet(of, TITLE, TEXTS, {"t1": "张三"}, ZONE, MADE)))
    for expected in (
        "2,880.00㎡，46人",
        "2,160.00㎡，34人",
        "SHA-256" + of.snapshot,
        "作废票",
        "计票人张三",
        "计票人t2",
    ):
        assert expected in read
    for check in (each for matter in of.matters for each in matter.checks):
        assert f"{check.part}×{check.share.denominator}={check.left}" in read
        assert f"{check.whole}×{check.share.numerator}={check.right}" in read
    assert "216000×3=648000≥288000×2=576000" in read and "162000×4=648000≥216000×3=648000" in read
    assert "25×4=100＜34×3=102" in read and "不符合" in read and "事项1：未通过" in read
    assert "《中华人民共和国民法典》第二百七十八条第一款第（八）项" in read and of.matters[0].matter.text_sha256 in read
    assert "720.00" in read, "who was silent"
    assert "意向征询" in read


def test_the_public_list_masks_names_and_doors_and_tells_no_choice() -> None:
    vote = held()
    lines = public_list(vote.snapshot, known(vote), {*vote.ballots})
    read = words(as_sheet(public_register(vote.snapshot, lines, Both("3号楼名册"), MADE)))
    assert "王***" in read and "王秀" not in read and "3号楼1单元00**" in read
    assert read.count("✓") == 36 and "2,880.00" in read and vote.snapshot.sha256 in read
    assert "同意" not in read and "反对" not in read


def test_tellers_read_names_ways_and_choices() -> None:
    vote = held()
    lines = tellers_list(vote.snapshot, known(vote), vote.ballots, vote.box)
    of = tellers_register(vote.snapshot, lines, vote.vote.matters, TEXTS, Both("计票用名册"), MADE)
    read = words(as_sheet(of))
    assert "王秀o1" in read and "180.00" in read and "建电动车棚" in read
    [table] = [each for each in of.blocks if isinstance(each, Table)]
    assert len(table.rows) == 46
    assert [
        sum(row[5] == Both(*choice) for row in table.rows) for choice in (("同意", "for"), ("反对", "against"))
    ] == [
        25,
        9,
    ]
    assert sum(row[4] == "—" for row in table.rows) == 12


def test_the_result_notice_says_what_was_decided_what_it_is_worth_and_until_when_it_can_be_challenged() -> None:
    of = sheet_of(held())
    posted = PostedResult(
        title=TITLE,
        texts=TEXTS,
        declared_at=CLOSES,
        challenge_until=datetime(2027, 3, 27, tzinfo=ZONE),
        days=(date(2026, 3, 26), date(2026, 3, 28)),
        office=Both("居委会一楼"),
        zone=ZONE,
        made_at=MADE,
    )
    read = words(as_sheet(result_notice(of, posted)))
    for expected in ("表决结果公示", "75.00%", "73.91%", "1.建电动车棚", "未通过", "73.52%", "公示期", "3月28日"):
        assert expected in read, expected
    assert "不是业主共同决定" in read and "请求人民法院撤销" not in read, "nobody challenges a consultation"
    decided = words(as_sheet(result_notice(replace(of, effect=Effect.DECISION), posted)))
    assert "请求人民法院撤销" in decided and "至2027年3月26日（星期五）24:00" in decided
    assert "请求人民法院撤销" in words(
        as_sheet(result_notice(replace(of, effect=Effect.DECISION), replace(posted, challenge_until=None, days=None)))
    )


def test_the_notice_of_a_vote_says_all_that_its_days_are_counted_for() -> None:
    vote = Held().prepared()
    assert vote.vote.terms
    texts = {id: MatterText(TEXTS[id].title, Both(text)) for id, text in ASKED.items()}
    posted = PostedVote(TITLE, texts, OPENED, CLOSES, Both("居委会一楼投票箱"), ZONE, MADE)
    read = words(as_sheet(vote_notice(vote.vote.terms, vote.snapshot, posted)))
    assert f"公告SHA-256{digest_of(vote.vote.terms)}" in read and vote.snapshot.sha256 in read
    for expected in (*map(squeezed, ASKED.values()), "48套，2,880.00㎡，46人", "第（八）项", "不是业主共同决定"):
        assert expected in read, expected
    for expected in (
        "2026年3月17日（星期二）08:00至2026年3月24日（星期二）08:00",
        "一人最多受托3位业主",
        "也不视为同意",
    ):
        assert expected in read, expected
    early = words(
        as_sheet(vote_notice(vote.vote.terms, vote.snapshot, replace(posted, opens_from=None, closes_at=None)))
    )
    assert "公告期满后至开始投票时公布的截止时间" in early, "of a vote that is only prepared"
    with pytest.raises(OtherText):
        vote_notice(vote.vote.terms, vote.snapshot, replace(posted, texts=TEXTS | {"b": TEXTS["a"]}))
    of_a_stairwell = vote.vote.terms.matters[0].model_copy(update={"units": ("u01", "u02")})
    terms = vote.vote.terms.model_copy(update={"matters": (of_a_stairwell,), "abstention_takes_part": False})
    some = words(as_sheet(vote_notice(terms, vote.snapshot, posted)))
    assert "2套房屋的业主" in some and "弃权不计入参与表决" in some


def test_a_share_that_is_not_reached_never_looks_as_if_it_was() -> None:
    assert [percent(2, 3), percent(66_666, 100_000), percent(1, 1), percent(0, 0)] == [
        "66.66%",
        "66.66%",
        "100.00%",
        "—",
    ]


def test_every_rule_that_comes_with_linli_has_its_words() -> None:
    assert {each.legal_class for each in QINGDAO.matters} <= LEGAL_CLASSES.keys() == set(LegalClass)
    assert set(Effect) == EFFECTS.keys()
    by_class = {each.legal_class: rule_words(each) for each in QINGDAO.matters}
    shed, covenant = by_class[LegalClass.COMMON_PARTS], by_class[LegalClass.COVENANT]
    assert "专有部分面积三分之二以上（含本数）且人数三分之二以上（含本数）参与表决" in shed.zh
    assert "参与表决专有部分面积四分之三以上（含本数）且参与表决人数四分之三以上（含本数）同意" in shed.zh
    assert "过半数" in covenant.zh and "more than half of the area" in covenant.en.lower()
    assert by_class[LegalClass.HOME_TO_BUSINESS].zh == "有利害关系的业主专有部分面积全部且人数全部同意。"
    [lift] = [each for each in JINAN_LIFTS.matters if each.legal_class is LegalClass.LIFT]
    assert "本单元全体业主专有部分面积三分之二以上" in rule_words(lift).zh and "签名" in rule_words(lift).zh
    assert share_words(Share(numerator=4, denominator=5, or_equal=False)) == Both("超过5分之4", "more than 4/5")


def test_a_rule_that_nobody_has_read_says_so() -> None:
    rule = MatterRule(
        legal_class=LegalClass.OTHER,
        quorum=None,
        approval=Share(numerator=1, denominator=2),
        base=Base.ALL,
        citation=Citation(law="某市条例", article="第一条", read=Read.PRESS),
    )
    assert "出处未核实" in citation_words(rule.citation).zh and "《某市条例》第一条" in citation_words(rule.citation).zh


def test_a_list_is_bounded_and_one_of_full_length_is_set() -> None:
    snapshot = held().snapshot
    lines = [PublicLine(f"{at}号楼1单元4**", "王**", 60_00, at % 3 == 0) for at in range(MOST_ROWS + 1)]
    with pytest.raises(TooLong):
        as_sheet(public_register(snapshot, lines, TITLE, MADE))
    full = as_sheet(public_register(snapshot, lines[:MOST_ROWS], TITLE, MADE))
    assert not full.tagged
    assert as_sheet(Document(TITLE, (), "", MADE)).tagged
