"""Where the rules of a place say nothing of what is asked, the answer says so and nobody decides it."""

import pytest

from linli.contracts.neighbourhood.profile import NoRule, Term
from linli.web.localized import in_chinese
from neighbourhood.affairs.problems import CANNOT, broken
from neighbourhood.profiles.qingdao import QINGDAO


def test_a_missing_rule_is_told_in_both_languages_and_is_no_fault_of_the_service() -> None:
    with pytest.raises(CANNOT) as raised:
        QINGDAO.term(Term.COVENANT_FILED)
    assert isinstance(raised.value, NoRule)
    problem = broken(raised.value)
    assert (problem.status, problem.extra["reason"]) == (409, "no-rule")
    assert problem.detail != in_chinese(problem.detail)
    assert "covenant_filed" in problem.detail and "covenant_filed" in in_chinese(problem.detail)
