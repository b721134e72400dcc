"""Which rules hold where and when, and that each context gets its own of them from one profile."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.covenants import Track
from linli.contracts.neighbourhood.office_rules import DutyRule, HeatingSeason, Where
from linli.contracts.neighbourhood.profile import NoRule, RuleProfile, Term
from linli.contracts.neighbourhood.publicity import Subject
from linli.contracts.neighbourhood.works import SiteRole, Trade
from neighbourhood.place_rules import rules_of
from neighbourhood.profiles.choosing import profile_for
from neighbourhood.profiles.days import Place
from neighbourhood.profiles.offices import HEATING
from neighbourhood.profiles.qingdao import PROFILES, QINGDAO

PLACE = Place(ZoneInfo("Asia/Shanghai"))
CONTEXTS = ("votes", "rounds", "publicity", "plans", "taskforce", "deliberations", "works", "covenants")
DAY = date(2026, 3, 2)


def own(id: str, *where: Where, since: date = DAY, until: date | None = None) -> RuleProfile:
    return QINGDAO.model_copy(update={"id": id, "where": where, "since": since, "until": until})


YARD = Where(community="fushan-road", neighbourhood="yard-3")
ROAD = Where(community="fushan-road")


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.id)
@pytest.mark.parametrize("context", CONTEXTS)
def test_each_profile_has_the_rules_of_each_context(profile: RuleProfile, context: str) -> None:
    assert getattr(rules_of(profile, PLACE), context) is not None


def test_the_numbers_of_qingdao_reach_those_who_decide_by_them() -> None:
    rules = rules_of(QINGDAO, PLACE)
    assert rules.votes is QINGDAO
    assert rules.rounds.open_for is QINGDAO.term(Term.ROUND_OPEN) and rules.rounds.sample.written == "≥ 1/10"
    assert {subject: rule.length for subject, rule in rules.publicity.rules.items()} == {
        Subject.ROUND: 3,
        Subject.PLAN: 7,
        Subject.OTHER: 3,
    }
    assert rules.plans.unbroken and not rules.plans.citation.confirmed
    assert rules.publicity.rules[Subject.ROUND].citation.confirmed
    assert rules.works.signatories == {SiteRole.CLIENT, SiteRole.DESIGN, SiteRole.BUILDER, SiteRole.SUPERVISOR}
    assert rules.works.warranties[Trade.WATERPROOFING].years == 5 and Trade.STRUCTURE not in rules.works.warranties
    assert (rules.taskforce.notice.length, rules.taskforce.seat_remind_days) == (2, 30)
    assert (rules.deliberations.notice.length, rules.deliberations.dissent.length) == (2, 1)
    assert {*rules.covenants.tracks} == {*Track} and rules.covenants.tracks[Track.OWNERS].filing is None


def test_a_profile_that_says_nothing_of_works_keeps_nobody_from_the_rest() -> None:
    bare = QINGDAO.model_copy(update={"heating": None, "fines": None, "adoptions": ()})
    rules = rules_of(bare, PLACE)
    assert rules.rounds and rules.votes and rules.taskforce
    for lacking in ("works", "covenants"):
        with pytest.raises(NoRule):
            getattr(rules, lacking)


def test_of_several_defaults_the_newest_in_force_holds() -> None:
    later = own("qingdao-2027", since=date(2027, 1, 1))
    for defaults in ((QINGDAO, later), (later, QINGDAO)):
        assert profile_for((), "fushan-road", "yard-3", date(2026, 12, 31), defaults) is QINGDAO
        assert profile_for((), "fushan-road", "yard-3", date(2027, 1, 1), defaults) is later
        chosen = own("yard", YARD)
        assert profile_for((chosen,), "fushan-road", "yard-3", date(2027, 1, 1), defaults) is chosen


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.id)
def test_a_profile_is_the_same_when_an_office_has_kept_it(profile: RuleProfile) -> None:
    assert RuleProfile.model_validate_json(profile.model_dump_json()) == profile


def test_a_season_has_days_that_every_year_has() -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        HeatingSeason.model_validate({**HEATING.model_dump(), "last": (2, 29)})


def test_a_role_that_nobody_has_is_no_rule() -> None:
    with pytest.raises(ValueError, match="party_members"):
        DutyRule.model_validate({**QINGDAO.duties[0].model_dump(), "roles": ["party_members"]})


def test_a_neighbourhood_s_own_rules_go_before_its_community_s_and_those_before_the_default() -> None:
    of_yard, of_road = own("yard", YARD), own("road", ROAD)
    both = (of_road, of_yard)
    assert profile_for(both, "fushan-road", "yard-3", DAY) is of_yard
    assert profile_for(both, "fushan-road", "yard-4", DAY) is of_road
    assert profile_for(both, "elsewhere", "yard-3", DAY) is QINGDAO


def test_rules_hold_from_their_first_day_until_the_next_ones_do() -> None:
    before = own("before", YARD, since=date(2025, 1, 1), until=date(2026, 1, 1))
    since = own("since", YARD, since=date(2026, 1, 1))
    found = [
        profile_for((before, since), "fushan-road", "yard-3", date(*day)).id
        for day in ((2024, 12, 31), (2025, 1, 1), (2025, 12, 31), (2026, 1, 1))
    ]
    assert found == ["qingdao", "before", "before", "since"]


def test_before_the_code_there_are_no_rules() -> None:
    with pytest.raises(NoRule):
        profile_for((), "fushan-road", "yard-3", date(2020, 12, 31))


DATES = st.dates(date(2021, 1, 1), date(2030, 1, 1))
CHOSEN = st.lists(st.tuples(st.sampled_from([(), (YARD,), (ROAD,), (YARD, ROAD)]), DATES), max_size=5)


@given(CHOSEN, DATES, st.randoms())
def test_whatever_the_order_one_that_is_in_force_is_found_and_none_of_another_place(
    several: list[tuple[tuple[Where, ...], date]], day: date, chance: object
) -> None:
    profiles = [own(f"p{at}", *where, since=since) for at, (where, since) in enumerate(several)]
    found = profile_for(profiles, "fushan-road", "yard-3", day)
    shuffled = profiles[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found.in_force(day) and profile_for(shuffled, "fushan-road", "yard-3", day) is found
    assert found is QINGDAO or {YARD, ROAD} & {*found.where}
    if any(YARD in each.where and each.in_force(day) for each in profiles):
        assert YARD in found.where
