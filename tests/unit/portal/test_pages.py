"""What holds for all pages: both languages, files of others as they were packed, no way to elsewhere."""

import pytest
from cryptography.exceptions import InvalidTag
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.pages import catalogues, language, vendored
from portal.pages.api import components, own_address
from portal.pages.rendering import Pages
from portal.settings import PortalSettings
from portal.signin.csrf import is_masked, masked, new_token
from portal.signin.sealing import new_token as new_session
from portal.signin.sealing import opened, sealed
from tests.support.clocks import process_time


def test_every_text_is_translated_and_nothing_else() -> None:
    assert catalogues.faults() == []


def test_what_others_wrote_is_as_its_package_has_it() -> None:
    assert vendored.faults() == []


@pytest.mark.parametrize(
    "said",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "//[",
        "http://[::1",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "",
        "desk",
        "/a\n",
    ],
)
def test_nobody_is_led_elsewhere(said: str) -> None:
    assert own_address(said) == "/"


def test_an_address_of_ours_is_led_to() -> None:
    assert own_address("/desk?state=open") == "/desk?state=open"


async def test_the_page_of_all_parts_is_not_there_unless_a_setting_asks_for_it() -> None:
    asked = Request({"type": "http", "method": "GET", "path": "/components", "headers": [], "query_string": b""})
    with pytest.raises(Problem) as nowhere:
        await components(asked, Pages(process_time, "Asia/Shanghai", PortalSettings().components))
    assert nowhere.value.status == 404


def test_a_forms_token_looks_different_each_time_and_is_known() -> None:
    token = new_token()
    assert masked(token) != masked(token)
    assert is_masked(masked(token), token)
    assert not is_masked(masked(new_token()), token)
    assert not is_masked("nothing of the kind", token)


def test_a_credential_is_opened_by_its_sessions_cookie_alone() -> None:
    token = new_session()
    content = sealed(token, "a key")
    assert opened(token, content) == "a key"
    with pytest.raises(InvalidTag):
        opened(new_session(), content)


def test_the_same_english_is_said_by_each_face_in_its_own_words() -> None:
    Pages(process_time, "Asia/Shanghai")
    in_chinese = ANSWER_IN.set(Language.ZH)
    try:
        assert (language.said("desk", "Keys"), language.said("office", "Keys")) == ("快捷键", "密钥")
        assert (language.said("rounds", "Answer"), language.said("renewal", "Answer")) == ("选项", "答复")
        assert language.said("residents", "Sign out") == "退出", "what all pages say is shared"
        assert language.said("works", "Keys") == "Keys", "no face borrows from another one"
    finally:
        ANSWER_IN.reset(in_chinese)
