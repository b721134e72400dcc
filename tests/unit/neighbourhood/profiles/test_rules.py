"""Rules are data with a source: shares without rounding, and no number that nobody said."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linli.contracts.neighbourhood.profile import Bound, NoRule, RuleProfile, Switch, Term
from linli.contracts.neighbourhood.rules import Base, LegalClass, Read, Share
from neighbourhood.digests import digest_of_json
from neighbourhood.profiles.matters import MORE_THAN_HALF, THREE_QUARTERS, TWO_THIRDS
from neighbourhood.profiles.qingdao import DEFAULTS, JINAN_LIFTS, PROFILES, QINGDAO

SHIPPED = {
    "qingdao": "18350cb9fd9266f91f3baf6b8b39c039403224d6ed552a7894df9acc7ebc4db8",
    "jinan-lifts": "b632e5a7309195e87609511caf9cf2afd82c156f9a63cd151afc265f11ed8425",
}
"""SHA-256 of each profile that came with Linli. Add to them; never change or remove one."""


def test_wrong_rounding_exactly_two_thirds_and_three_quarters_pass_and_exactly_half_fails() -> None:
    assert TWO_THIRDS.met(2, 3) and TWO_THIRDS.met(1920_00, 2880_00)
    assert THREE_QUARTERS.met(3, 4) and THREE_QUARTERS.met(1620_00, 2160_00)
    assert not MORE_THAN_HALF.met(1, 2) and MORE_THAN_HALF.met(50_01, 100_00)
    assert not THREE_QUARTERS.met(25, 34) and not TWO_THIRDS.met(1919_99, 2880_00)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.sampled_from([TWO_THIRDS, THREE_QUARTERS, MORE_THAN_HALF]))
def test_a_share_is_met_as_exact_fractions_say(part: int, whole: int, share: Share) -> None:
    wanted = Fraction(share.numerator, share.denominator)
    assert share.met(part, whole) is (Fraction(part, whole) >= wanted if share.or_equal else part > wanted * whole)


@given(st.integers(0, 3), st.sampled_from([TWO_THIRDS, THREE_QUARTERS, MORE_THAN_HALF]))
def test_of_nothing_nothing_is_enough(part: int, share: Share) -> None:
    assert not share.met(part, 0)


def test_items_six_to_eight_of_article_278_need_three_quarters_and_the_others_more_than_half() -> None:
    strict = {LegalClass.FUND_RAISING, LegalClass.REBUILDING, LegalClass.COMMON_PARTS}
    of_278 = [each for each in QINGDAO.matters if "二百七十八" in each.citation.article]
    assert len(of_278) == 9
    for rule in of_278:
        assert (rule.quorum, rule.base) == (TWO_THIRDS, Base.PARTICIPATING)
        assert rule.approval == (THREE_QUARTERS if rule.legal_class in strict else MORE_THAN_HALF)
        assert rule.citation.confirmed


def test_the_lift_rule_of_jinan_counts_all_and_that_of_qingdao_is_unconfirmed() -> None:
    lift = JINAN_LIFTS.matter(LegalClass.LIFT)
    assert (lift.base, lift.quorum, lift.approval) == (Base.ALL, None, TWO_THIRDS)
    assert not QINGDAO.matter(LegalClass.LIFT).citation.confirmed


def test_what_no_rule_says_is_asked_and_not_guessed() -> None:
    with pytest.raises(NoRule):
        QINGDAO.matter(LegalClass.RESIDENTS_COVENANT)
    with pytest.raises(NoRule):
        QINGDAO.term(Term.LIFT_POSTING)


def test_every_number_has_its_source_and_what_to_check_is_told() -> None:
    cited = [each.citation for each in (*QINGDAO.rules, *QINGDAO.questions)]
    assert all(each.law or each.note for each in cited)
    to_check = QINGDAO.unconfirmed()
    assert [each for each in QINGDAO.rules if each not in to_check] == [
        each for each in QINGDAO.rules if each.citation.read is Read.TEXT
    ]
    assert {*QINGDAO.questions} <= {*to_check}
    assert QINGDAO.limit(Bound.PRINCIPALS_PER_AGENT) == 3 and not QINGDAO.says(Switch.ONLINE_BINDS)
    assert RuleProfile.model_validate_json(QINGDAO.model_dump_json()) == QINGDAO


def test_a_profile_says_each_rule_once_and_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError):
        RuleProfile.model_validate(QINGDAO.model_dump() | {"limits": [*QINGDAO.limits, QINGDAO.limits[0]]})
    with pytest.raises(ValidationError):
        RuleProfile.model_validate(QINGDAO.model_dump() | {"until": "2020-01-01"})
    assert QINGDAO.in_force(date(2021, 1, 1)) and not QINGDAO.in_force(date(2020, 12, 31))


def test_a_profile_that_votes_began_under_is_never_edited_and_never_removed() -> None:
    """A rule that changes is another profile: docs/renewal/rules.md, "How to change a rule"."""
    now = {each.id: digest_of_json(each.model_dump(mode="json", exclude_defaults=True)) for each in PROFILES}
    assert now == SHIPPED
    assert {*DEFAULTS} <= {*PROFILES}
