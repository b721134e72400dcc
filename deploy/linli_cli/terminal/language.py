"""The language in which a command speaks to people, and what its words and sentences are in it.

What decides: `LINLI_LANGUAGE`, else the terminal's locale, else the installation's own language, else English. What
`--json` prints is for scripts, and the same in every language.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from linli.contracts.kinds import Language
from linli_cli.terminal.sentences import SENTENCES
from linli_cli.terminal.sentences.words import WORDS

SETTING = "LINLI_LANGUAGE"
NOTHING = {"", "c", "posix"}
"""Locales that say of no language that it is wanted, such as a container's."""


@dataclass
class _Spoken:
    """What is said of the language beside the environment: by the command under way, and by the installation."""

    command: Language | None = None
    installation: Language | None = None


_spoken = _Spoken()


def language() -> Language:
    """The language that is spoken now."""
    return _spoken.command or wanted_here() or _spoken.installation or Language.EN


def chinese() -> bool:
    return language() is Language.ZH


def wanted_here() -> Language | None:
    """What the setting or else the terminal wants, as POSIX has it: the first of these that is set; perhaps nothing."""
    language = next(
        (value for name in (SETTING, "LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    name = language.lower().partition(".")[0]
    if name in NOTHING:
        return None
    return Language.ZH if name.startswith("zh") else Language.EN


def unknown_setting() -> str | None:
    """`LINLI_LANGUAGE=fr`, where the setting names what is not spoken here."""
    value = os.environ.get(SETTING, "")
    known = not value or value.lower().startswith(("zh", "en"))
    return None if known else f"{SETTING}={value[:40]}"


def installed_for(names: list[str]) -> None:
    """The language of an installation is that of its communities' names."""
    written = any("\u4e00" <= letter <= "\u9fff" for name in names for letter in name)
    _spoken.installation = Language.ZH if written else Language.EN


@contextmanager
def speaking(command: Language | None) -> Iterator[None]:
    """While a command runs; what was learnt of the installation is forgotten after it."""
    _spoken.command, _spoken.installation = command, None
    try:
        yield
    finally:
        _spoken.command, _spoken.installation = None, None


def say(template: str, /, *values: object, **fields: object) -> str:
    """A sentence with its fields, as in `str.format`; one that has no Chinese in `SENTENCES` is said in English."""
    return (SENTENCES.get(template, template) if chinese() else template).format(*values, **fields)


def sentence(template: str) -> str:
    """Marks one that is said later, where it stands in a table: a test sees that there is Chinese for it."""
    return template


def term(word: str) -> str:
    """A word of a case: a state, a kind, a step, a label."""
    return WORDS.get(word, word) if chinese() else word


def padded(word: str, width: int) -> str:
    """A word of a case, so wide in a terminal."""
    return wide(term(word), width)


def wide(text: str, width: int) -> str:
    """So wide in a terminal, where a Chinese letter takes two columns."""
    return text + " " * max(width - sum(2 if letter > "\u2e7f" else 1 for letter in text), 0)


def undecided() -> bool:
    """Whether nothing but the installation can say which language is wanted, for a person reads the answer."""
    return _spoken.command is None and wanted_here() is None
