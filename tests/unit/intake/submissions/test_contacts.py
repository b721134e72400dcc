"""What is plainly a mobile number or an e-mail address is taken as the libraries take it, without asking them."""

import string
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import EmailStr, TypeAdapter, ValidationError

from intake.submissions.domain import request
from intake.submissions.domain.request import Reporter

EMAIL = TypeAdapter(EmailStr)


@given(st.from_regex(request._MOBILE, fullmatch=True))
def test_a_mobile_number_is_what_the_library_makes_of_it(written: str) -> None:
    number = phonenumbers.parse(written, "CN")
    assert phonenumbers.is_valid_number(number)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert Reporter(phone=written).phone == e164


@given(st.from_regex(request._ADDRESS, fullmatch=True))
def test_an_address_is_what_the_library_makes_of_it(written: str) -> None:
    try:
        by_the_library = EMAIL.validate_python(written)
    except ValidationError:
        raise AssertionError(f"the library refuses {written}") from None
    assert Reporter(email=written).email == by_the_library


PIECES = st.text(string.ascii_letters + string.digits + ".@-_+ 　．＠é中'\"", max_size=30)


@given(PIECES)
def test_whatever_else_is_said_the_library_is_asked(written: str) -> None:
    assert outcome(lambda: Reporter(email=written).email) == outcome(lambda: EMAIL.validate_python(written.strip()))


def outcome(read: Any) -> Any:
    try:
        return read()
    except ValidationError:
        return None


@pytest.mark.parametrize("written", ["138 0000 010", "138000001011", "1380000010a", "23800000101", "+8613800000101 "])
def test_what_is_nearly_a_number_is_judged_by_the_library(written: str) -> None:
    try:
        number = phonenumbers.parse(written, "CN")
        valid = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        valid = False
    assert (outcome(lambda: Reporter(phone=written)) is not None) == valid
