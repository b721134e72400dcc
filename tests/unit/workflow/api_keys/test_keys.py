"""Nobody makes a key that may do more, or lasts longer, than their own."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linli.contracts.intake.permissions import READ_CONTACTS
from linli.contracts.kinds import Channel
from linli.contracts.workflow.permissions import CHANGE_KEYS, READ_CASES
from linli.security.keys import new_key, principal_by
from linli.security.permissions import ASK_WHO_AM_I, Permission, Role, declared
from linli.security.principals import Principal, permissions_of
from tests.support.builders import NOON
from workflow.api_keys.domain import ApiKey, BeyondMaker, NoSuchKey, Wanted, lost, made, may_revoke, revoked

OPERATOR = Principal("operator", Role.OPERATOR)
SCOPES = st.none() | st.frozensets(st.sampled_from(sorted(permissions_of(Role.OPERATOR))))


def wanted(role: Role = Role.OPERATOR, scopes: Any = None, days: int = 1) -> Wanted:
    return Wanted("测试", role, None, None, scopes, timedelta(days=days))


def make(asked: Wanted, by: Principal) -> tuple[ApiKey, Principal]:
    """The key, and who has it."""
    id, key = new_key()
    new = made(asked, id, key, None, by, NOON)
    holder = principal_by(key, new.published, NOON)
    assert isinstance(holder, Principal)
    return new, holder


def narrowed(*scopes: Permission, days: int = 90) -> Principal:
    return make(wanted(scopes=(CHANGE_KEYS, *scopes), days=days), OPERATOR)[1]


def test_a_narrowed_key_makes_none_that_is_not() -> None:
    with pytest.raises(BeyondMaker, match=r"does not allow affairs:answer, affairs:hold, affairs:public and \d+ more"):
        make(wanted(), narrowed())
    with pytest.raises(BeyondMaker, match=r"does not allow cases:read, so"):
        make(wanted(scopes=[READ_CASES]), narrowed())


@given(SCOPES, SCOPES, st.integers(1, 366), st.integers(1, 366))
@example(frozenset({CHANGE_KEYS}), frozenset({ASK_WHO_AM_I}), 1, 1)
def test_what_a_key_makes_allows_nothing_that_it_does_not(mine: Any, asked: Any, left: int, days: int) -> None:
    maker = make(wanted(scopes=mine, days=left), OPERATOR)[1]
    try:
        new, holder = make(wanted(scopes=asked, days=days), maker)
    except BeyondMaker:
        allows = permissions_of(Role.OPERATOR) if asked is None else asked
        assert days > left or any(not maker.may(each) for each in allows)
        return
    assert all(maker.may(each) for each in declared().values() if holder.may(each))
    assert maker.until and new.published.expires_at <= maker.until


def test_another_role_is_no_way_around_the_scopes() -> None:
    maker = narrowed(READ_CASES)
    with pytest.raises(BeyondMaker, match="contacts:read"):
        make(wanted(Role.SERVICE, [READ_CONTACTS]), maker)
    with pytest.raises(BeyondMaker):
        make(wanted(Role.AUDITOR), maker)
    assert make(wanted(Role.AUDITOR, [READ_CASES]), maker)[1].role is Role.AUDITOR


def test_a_key_that_ends_makes_none_that_ends_later() -> None:
    maker = narrowed(READ_CASES, days=10)
    make(wanted(scopes=[READ_CASES], days=10), maker)
    with pytest.raises(BeyondMaker, match="ends in 10 full days"):
        make(wanted(scopes=[READ_CASES], days=11), maker)


@pytest.mark.parametrize("maker", [OPERATOR, Principal("oidc:0123", Role.OPERATOR)])
def test_the_file_s_key_and_who_signed_in_make_any(maker: Principal) -> None:
    for role in (Role.OPERATOR, Role.AUDITOR, Role.SERVICE):
        assert make(wanted(role, days=366), maker)[1].role is role


def test_unless_said_a_key_lasts_ninety_days_but_no_longer_than_its_maker() -> None:
    unsaid = Wanted("测试", Role.OPERATOR, None, None, [READ_CASES])
    assert make(unsaid, OPERATOR)[0].published.expires_at == NOON + timedelta(days=90)
    assert make(unsaid, narrowed(READ_CASES, days=10))[0].published.expires_at == NOON + timedelta(days=10)


def test_a_narrowed_key_ends_none_that_may_do_more_but_its_own() -> None:
    whole, narrow = make(wanted(), OPERATOR)[0], narrowed(READ_CASES)
    with pytest.raises(BeyondMaker, match="so it ends none that does"):
        may_revoke(whole, narrow)
    may_revoke(make(wanted(Role.AUDITOR, [READ_CASES]), OPERATOR)[0], narrow)
    may_revoke(whole, OPERATOR)
    own = make(wanted(scopes=[READ_CASES]), OPERATOR)
    may_revoke(own[0], own[1])


def test_a_bound_key_is_a_programs_and_submits_no_more() -> None:
    bound = Wanted("热线", Role.SERVICE, None, None, channels=[Channel.HOTLINE], communities=["test"])
    new, holder = make(bound, OPERATOR)
    assert (new.published.channels, new.published.communities) == (("hotline",), ("test",))
    assert (holder.channels, holder.communities) == ({"hotline"}, {"test"})
    assert {each for each in declared().values() if holder.may(each)} == {
        each for each in declared().values() if each.with_a_submission
    }
    with pytest.raises(NoSuchKey):
        make(Wanted("热线", Role.SERVICE, None, None, [READ_CONTACTS], channels=[Channel.HOTLINE]), OPERATOR)
    with pytest.raises(NoSuchKey):
        make(Wanted("热线", Role.OPERATOR, None, None, communities=["test"]), OPERATOR)


def test_a_key_that_only_others_know_is_ended_above_any_version_that_they_have() -> None:
    ended = lost("aaaaaaaaa1", NOON)
    assert ended.published.revoked_at == NOON
    assert ended.published.version > revoked(make(wanted(), OPERATOR)[0], NOON).published.version
