"""A help text says all that it has to say, also in Chinese and in a narrow terminal."""

import re
from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from linli_cli.main import app


def paths(
    command: typer.core.TyperCommand | typer.core.TyperGroup, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from paths(each, (*path, name))


@pytest.mark.parametrize("path", list(paths(typer.main.get_command(app))), ids=" ".join)
def test_no_help_text_is_cut_off_at_eighty_columns(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(
        app, [*path, "--help"], env={"LINLI_LANGUAGE": "zh-CN", "COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    )
    assert told.exit_code == 0
    assert "用法" in told.output
    assert not re.search(r"…\s*│", told.output), "a cell ends so when it is cut off"
