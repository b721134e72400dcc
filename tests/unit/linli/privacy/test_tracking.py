"""A tracking code is recognised however a person writes it."""

import hashlib

import pytest

from linli.privacy.tracking import ALPHABET, BITS, from_header, made_of, normalise, shown, tracking_hash


@pytest.mark.parametrize(
    "written",
    [
        *("0A1B-2C3D-4E5F", "0a1b2c3d4e5f", " oalb 2c3d 4e5f ", "OAIB-2C3D-4E5F", "O-a-1b2c3d4e5f"),
        *(f"0A1B{dash}2C3D{dash}4E5F" for dash in "‐‑‒–—―−－﹣⁃─━ー一~_·./"),
        *(
            f"0A1B-2C3D-4E5F{end}"
            for end in ("。", "）", "，", ".", ")", ",", "！", "；", "\u200b", "\ufeff", "\u00a0", "**")
        ),
        *(
            "０Ａ１Ｂ－２Ｃ３Ｄ－４Ｅ５Ｆ",
            "０ａ１ｂ２ｃ３ｄ４ｅ５ｆ",
            "0A1B\u00a02C3D\u30004E5F",
            "0A1B\u00ad-2C3D\u2060-4E5F",
        ),
        *(
            "「0A1B-2C3D-4E5F」",
            "<0A1B-2C3D-4E5F>",
            "`0A1B-2C3D-4E5F`",
            "查询码：0A1B-2C3D-4E5F",
            "\u202a0A1B-2C3D-4E5F\u202c",
        ),
    ],
)
def test_a_code_is_the_same_however_it_is_written(written: str) -> None:
    assert normalise(written) == "0A1B2C3D4E5F"
    assert tracking_hash(written) == hashlib.sha256(b"0A1B2C3D4E5F").hexdigest()


@pytest.mark.parametrize(
    "written", ["", "0A1B", "0A1B-2C3D-4E5U", "0A1B-2C3D-4E5F0", "0А1В-2C3D-4E5F", "ß" * 12, "-" * 100, "\ufdfa" * 64]
)
def test_what_cannot_be_a_code_has_no_hash(written: str) -> None:
    assert tracking_hash(written) is None


@pytest.mark.parametrize("written", ["0A1B–2C3D–4E5F", "０Ａ１Ｂ－２Ｃ３Ｄ－４Ｅ５Ｆ", "0A1B-2C3D-4E5F。"])
def test_a_code_in_a_header_is_read_as_the_bytes_that_were_sent(written: str) -> None:
    assert from_header(written.encode().decode("latin-1")) == written
    assert from_header("caf\xe9") == "caf\xe9"


def test_a_code_is_shown_in_groups_of_four() -> None:
    assert shown("0A1B2C3D4E5F") == "0A1B-2C3D-4E5F"
    assert len(set(ALPHABET)) == 32


def test_every_number_is_a_code_of_its_own() -> None:
    assert made_of(0) == "0" * 12
    assert made_of(2**BITS - 1) == "Z" * 12
    assert made_of(0b00001_00010) == "0" * 10 + "12"
    assert normalise(made_of(2**BITS - 12_345)) == made_of(2**BITS - 12_345)
