"""What is stored, compared or waited for goes by the database's time: nobody looks at the process's clock, but for what
is listed here with its reason (docs/adr/0025)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY = {
    "services/notify/notify/deliveries/channels/email.py": "a letter's Date header: a label",
    "shared/linli/tracing/recorder.py": "when a span began and ended, for whoever looks at it: a label",
}
LOOKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
FILES = sorted(path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py"))


def looks(tree: ast.AST) -> Iterator[int]:
    """The lines that read the process's wall clock, or bring in a function that does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value
            name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
            if (name, node.attr) in LOOKS:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and any((node.module, alias.name) in LOOKS for alias in node.names):
            yield node.lineno


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_goes_by_the_clock_of_the_process(path: Path) -> None:
    lines = [*looks(ast.parse(path.read_text(encoding="utf-8")))]
    assert bool(lines) == (name_of(path) in MAY), f"{name_of(path)}: lines {lines}"


def test_what_may_is_there() -> None:
    assert MAY.keys() <= {name_of(path) for path in FILES}


@pytest.mark.parametrize(
    "source",
    ["datetime.now(UTC)", "datetime.datetime.now()", "time.time()", "from time import time", "f(now=datetime.utcnow)"],
)
def test_each_way_of_looking_is_found(source: str) -> None:
    assert [*looks(ast.parse(source))]


@pytest.mark.parametrize("source", ["time.monotonic()", "clock.now()", "from time import monotonic", "datetime.max"])
def test_counting_on_and_asking_the_database_are_not(source: str) -> None:
    assert not [*looks(ast.parse(source))]
