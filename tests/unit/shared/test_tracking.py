"""A tracking code is recognised however a person writes it."""

import hashlib

import pytest

from linli.tracking import ALPHABET, BITS, made_of, normalise, shown, tracking_hash


@pytest.mark.parametrize(
    "written", ["0A1B-2C3D-4E5F", "0a1b2c3d4e5f", " oalb 2c3d 4e5f ", "OAIB-2C3D-4E5F", "O-a-1b2c3d4e5f"]
)
def test_a_code_is_the_same_however_it_is_written(written: str) -> None:
    assert normalise(written) == "0A1B2C3D4E5F"
    assert tracking_hash(written) == hashlib.sha256(b"0A1B2C3D4E5F").hexdigest()


@pytest.mark.parametrize(
    "written", ["", "0A1B", "0A1B-2C3D-4E5U", "0A1B-2C3D-4E5F0", "０Ａ１Ｂ-2C3D-4E5F", "ß" * 12, "-" * 100]
)
def test_what_cannot_be_a_code_has_no_hash(written: str) -> None:
    assert tracking_hash(written) is None


def test_a_code_is_shown_in_groups_of_four() -> None:
    assert shown("0A1B2C3D4E5F") == "0A1B-2C3D-4E5F"
    assert len(set(ALPHABET)) == 32


def test_every_number_is_a_code_of_its_own() -> None:
    assert made_of(0) == "0" * 12
    assert made_of(2**BITS - 1) == "Z" * 12
    assert made_of(0b00001_00010) == "0" * 10 + "12"
    assert normalise(made_of(2**BITS - 12_345)) == made_of(2**BITS - 12_345)
