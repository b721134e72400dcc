"""Which rule a notice hangs by."""

from datetime import date

from linli.contracts.neighbourhood.publicity import DayRule, Subject
from neighbourhood.profiles.sources import qingdao
from neighbourhood.publicity.domain.profile import QINGDAO, DaysInForce, rule_for


def test_a_rule_holds_from_and_until_its_days() -> None:
    five, nine = (DayRule(length=days, citation=qingdao("第九十二条")) for days in (5, 9))
    before = DaysInForce("qingdao", {Subject.PLAN: five}, until=date(2025, 12, 31))
    since = DaysInForce("qingdao", {Subject.PLAN: nine}, since=date(2026, 1, 1))
    found = [rule_for((before, since), Subject.PLAN, date(*day)) for day in ((2025, 12, 31), (2026, 1, 1))]
    assert [each and each.length for each in found] == [5, 9]
    assert rule_for((before,), Subject.PLAN, date(2026, 1, 1)) is None


def test_every_rule_says_where_it_is_written_and_what_nobody_has_confirmed_says_so() -> None:
    assert all(each.citation for each in QINGDAO.rules.values())
    assert not QINGDAO.rules[Subject.PLAN].citation.confirmed
    assert QINGDAO.rules[Subject.ROUND].citation.confirmed
