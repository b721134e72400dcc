"""What a command says to a clerk has Chinese: the sources are walked, so that a new sentence without it is found."""

import ast
import re
import string
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import linli_cli
from linli_cli.errors import SAID_BY_PYDANTIC
from linli_cli.sentences import SENTENCES
from linli_cli.sentences.words import COUNTED, WORDS

HERE = Path(linli_cli.__file__).parent
CLERKS = (
    *("act", "act_many", "act_words", "deeds", "deeds_from", "withdraw", "submit", "attach", "evidence", "contact"),
    *("cases", "case", "case_words", "case_steps", "track", "repeats", "choosing", "lookup", "known_names", "moments"),
    *("residents", "client", "target", "settings", "errors", "faults", "community_commands", "community_files"),
    *("import_columns", "import_command", "import_rows", "import_run", "import_shown", "located_yaml", "rules"),
    *("export", "report", "report_files", "deliveries", "tables/dates", "tables/delimited", "tables/encodings"),
    *("tables/headers", "tables/leftovers", "tables/numbers", "tables/reading", "tables/workbooks"),
)
"""The modules that speak to clerks; the others speak to who runs an installation, in English."""
OUTLETS = {"print", "confirm", "CliError", "UsageFault", "UnknownName", "BadRow", "NoMoment", "Spoilt", "Untaken"} | {
    *("UnreadableTable", "ColumnsUnclear", "UnreadableYaml", "Fault", "fault", "reject", "add_task"),
}
"""What is called with a sentence for people."""
SAID = {"tongue": WORDS, "padded": WORDS} | dict.fromkeys(("say", "sentence", "Refused", "_refuse"), SENTENCES)


def calls(module: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2], node


def told(argument: ast.expr) -> Iterator[str]:
    """The constants that an argument may be."""
    match argument:
        case ast.Constant(value=str(said)):
            yield said
        case ast.IfExp(body=one, orelse=other):
            yield from told(one)
            yield from told(other)


def english(node: ast.AST) -> Iterator[str]:
    """Sentences within a node that do not go through `say`: two words after one another."""
    match node:
        case ast.Call(func=ast.Name(id="say" | "counted")):
            return
        case ast.Constant(value=str(said)):
            words = [word.strip(string.punctuation) for word in re.sub(r"\[[a-z /]+\]", "", said).split()]
            if any(one.isalpha() and two.isalpha() and one.isascii() for one, two in pairwise(words)):
                yield said
        case _:
            for child in ast.iter_child_nodes(node):
                yield from english(child)


def fields(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


MODULES = sorted(HERE.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_sentence_and_word_that_is_said_has_chinese(module: Path) -> None:
    missing = []
    for name, call in calls(module):
        if name in SAID and call.args:
            missing += [said for said in told(call.args[0]) if said not in SAID[name]]
        if name == "counted" and str(module.relative_to(HERE).with_suffix("")) in CLERKS:
            missing += [said for said in told(call.args[1]) if said not in COUNTED]
    assert not missing, f"say them in linli_cli/sentences: {missing}"


@pytest.mark.parametrize("name", CLERKS)
def test_no_sentence_for_a_clerk_is_said_in_english_alone(name: str) -> None:
    unsaid = [
        said
        for called, call in calls(HERE / f"{name}.py")
        if called in OUTLETS
        for argument in call.args
        for said in english(argument)
    ]
    assert not unsaid, f"say them by linli_cli.tongue.say: {unsaid}"


def test_both_languages_have_the_same_fields() -> None:
    assert not [said for said, chinese in SENTENCES.items() if fields(said) != fields(chinese)]


def test_what_pydantic_says_has_chinese() -> None:
    assert not [words for _, words in SAID_BY_PYDANTIC if words not in SENTENCES]


def test_no_sentence_is_kept_that_nobody_says() -> None:
    spoken = {
        said for path in MODULES for name, call in calls(path) if name in SAID for a in call.args for said in told(a)
    }
    assert not set(SENTENCES) - spoken - {words for _, words in SAID_BY_PYDANTIC}
