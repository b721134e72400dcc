"""What a command says to a person has Chinese: the sources are walked, so that a new sentence without it is found."""

import ast
import inspect
import re
import string
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import linli.contracts.workflow.community
import linli.security.addresses
import linli_cli
import workflow.community.domain.doubts
import workflow.community.domain.outlines
from linli_cli.community.community_words import KNOWN
from linli_cli.main import app
from linli_cli.terminal.errors import SAID_BY_PYDANTIC
from linli_cli.terminal.sayings import fitting
from linli_cli.terminal.sentences import SENTENCES
from linli_cli.terminal.sentences.helping import HELP
from linli_cli.terminal.sentences.words import COUNTED, WORDS

HERE = Path(linli_cli.__file__).parent
ENGLISH = {
    # One-shot containers and a mail sink: they write logs.
    *("stack/first_start", "operations/database_users", "stack/mail_to_look_at"),
    *("demo/script", "demo/sample_submissions"),  # what the sample's people write, and what is wrong in its files
    "terminal/usage_words",  # has both languages beside one another
}
"""The modules that speak no language but this, with the tables of sentences."""
SAID_OTHERWISE = {"say", "sentence", "counted", "sayings", "Option", "Argument", "Typer", "Refused", "_refuse"}
"""What is called with a sentence that has its Chinese, or that is looked at elsewhere."""
NOT_SAID = {
    *("jan feb mar apr may jun jul aug sep oct nov dec", "Value error, ", "unexpected end of data", "expected after"),
    *("would be done", "bold green"),
}
"""What libraries, files and scripts say, and a style."""
SAID = {"term": WORDS, "padded": WORDS} | dict.fromkeys(("say", "sentence", "Refused", "_refuse"), SENTENCES)


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
    """Sentences within a node that do not go through `say`: two words after one another, and no command's."""
    match node:
        case ast.Call(func=called) if ast.unparse(called).rpartition(".")[2] in SAID_OTHERWISE:
            return
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.AnnAssign(value=value):
            yield from english(value) if value else ()
        case ast.FunctionDef(body=body, args=args) | ast.AsyncFunctionDef(body=body, args=args):  # but its annotations
            for child in (*body, *args.defaults, *(default for default in args.kw_defaults if default)):
                yield from english(child)
        case ast.Constant(value=str(said)):
            words = [word.strip(string.punctuation) for word in re.sub(r"\[[a-z /]+\]", "", said).split()]
            commands = re.match(r"`?linli |docker ", said) or " --" in said
            if any(one.isalpha() and two.isalpha() and one.isascii() for one, two in pairwise(words)) and not commands:
                yield said
        case _:
            for child in ast.iter_child_nodes(node):
                yield from english(child)


def fields(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


MODULES = {str(path.relative_to(HERE).with_suffix("")): path for path in sorted(HERE.rglob("*.py"))}
SPEAKING = [name for name in MODULES if name not in ENGLISH and not name.startswith("terminal/sentences/")]


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_and_word_that_is_said_has_chinese(module: str) -> None:
    missing = []
    for name, call in calls(MODULES[module]):
        if name in SAID and call.args:
            missing += [said for said in told(call.args[0]) if said not in SAID[name]]
        if name == "counted":
            missing += [said for said in told(call.args[1]) if said not in COUNTED]
    assert not missing, f"say them in linli_cli/terminal/sentences: {missing}"


@pytest.mark.parametrize("name", SPEAKING)
def test_no_sentence_for_a_person_is_said_in_english_alone(name: str) -> None:
    unsaid = set(english(ast.parse(MODULES[name].read_text()))) - NOT_SAID - set(WORDS)
    assert not unsaid, f"say them by linli_cli.terminal.language.say: {unsaid}"


def test_both_languages_have_the_same_fields() -> None:
    assert not [said for said, chinese in SENTENCES.items() if fields(said) != fields(chinese)]


def test_what_pydantic_says_has_chinese() -> None:
    assert not [words for _, words in SAID_BY_PYDANTIC if words not in SENTENCES]


def test_no_sentence_is_kept_that_nobody_says() -> None:
    spoken = {
        said
        for path in MODULES.values()
        for name, call in calls(path)
        if name in SAID
        for a in call.args
        for said in told(a)
    }
    assert not set(SENTENCES) - spoken - {words for _, words in SAID_BY_PYDANTIC}


FINDERS = (
    linli.security.addresses,
    linli.contracts.workflow.community,
    workflow.community.domain.doubts,
    workflow.community.domain.outlines,
)
"""What says of a community's data what is wrong with it, or hardly meant so."""


def sentences(node: ast.AST, known: Mapping[str, Any]) -> Iterator[str]:
    """All that functions may find, with a figure in place of what is not known here; what they raise is no finding."""
    match node:
        case ast.JoinedStr(values=parts):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else str(known.get(ast.unparse(part.value), 7))
                for part in parts
                if isinstance(part, ast.Constant | ast.FormattedValue)
            )
        case ast.Constant(value=str(said)):
            yield said
        case ast.Raise() | ast.Expr(value=ast.Constant()):
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from sentences(child, known)


@pytest.mark.parametrize("module", FINDERS, ids=lambda module: module.__name__)
def test_what_is_found_in_a_communitys_data_has_chinese(module: ModuleType) -> None:
    functions = [each for each in ast.parse(inspect.getsource(module)).body if isinstance(each, ast.FunctionDef)]
    known = {name: value for name, value in vars(module).items() if isinstance(value, str)}
    found = {said for each in functions for said in sentences(each, known) if any(english(ast.Constant(said)))}
    assert found
    assert not [said for said in found if not fitting(said, KNOWN)], "say them in sentences/checking.py"


def helps(command: Any) -> Iterator[str]:
    """All that a command and those within it say with `--help`."""
    texts = [command.help, *(getattr(each, "help", None) for each in command.params)]
    yield from (text for text in texts if text)
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


def test_every_help_text_has_chinese_and_none_is_kept_that_is_none() -> None:
    spoken = set(helps(get_command(app)))
    assert not spoken - set(HELP), f"say them in linli_cli/terminal/sentences/helping.py: {spoken - set(HELP)}"
    assert not set(HELP) - spoken - {"Show this message and exit."}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("--help", ("邻里 Linli", "用法：", "选项", "命令", "办理一件案件", "列出案件")),
        ("act --help", ("办理一件案件", "参数", "改派给哪个单位", "显示本说明")),
        ("cases --nope", ("错误", "没有 --nope 这个选项。", "用法见")),
        ("cases --state perhaps", ("'--state' 的值有误：",)),
        ("report-card", ("没有 'report-card' 这个命令。",)),
        ("case", ("缺少 'CASE'。",)),
    ],
)
def test_a_chinese_terminal_is_helped_in_chinese(monkeypatch: pytest.MonkeyPatch, typed: str, told: tuple[str]) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", "zh-CN")
    monkeypatch.setenv("COLUMNS", "200")
    said = CliRunner().invoke(app, typed.split()).output
    assert [words for words in told if words not in said] == [], said
    monkeypatch.setenv("LINLI_LANGUAGE", "en")
    said = CliRunner().invoke(app, typed.split()).output
    assert not any(letter for letter in said if "\u4e00" <= letter <= "\u9fff" and letter not in "邻里小区标题主题研判")
