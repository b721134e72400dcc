"""What lies in LINLI_HOME is its owner's, and a home whose stack does not run answers nobody."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linli_cli.connection.client import open_client
from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import embedded
from linli_cli.main import app
from linli_cli.stack.home import private
from linli_cli.terminal.errors import CliError


@pytest.mark.parametrize("mode", [None, 0o755, 0o777, 0o750, 0o700])
def test_a_directory_is_closed_to_others_whatever_it_was_before(tmp_path: Path, mode: int | None) -> None:
    directory = tmp_path / "home" / "logs"
    if mode is not None:
        directory.mkdir(parents=True)
        directory.chmod(mode)
    assert private(directory).stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_one_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for home in ("/dev/null/x", "/proc/linli", str(tmp_path / "file"), str(tmp_path / "file" / "below")):
        with pytest.raises(CliError, match=r"cannot be used: .*"):
            private(Path(home))
        monkeypatch.setenv("LINLI_HOME", home)
        done = CliRunner().invoke(app, ["up", "--detach"])
        assert (done.exit_code, "Traceback" in done.output) == (1, False), home


async def test_a_home_without_a_running_stack_asks_nobody_on_its_ports(tmp_path: Path) -> None:
    stopped = replace(embedded(StackSettings(home=tmp_path)), stopped=True)
    with pytest.raises(CliError, match="Linli is not running"):
        async with open_client(stopped):
            pass


@pytest.mark.parametrize(
    "command", [["cases"], ["track", "7K3M-9QWX-2RTV"], ["submit", "--kind", "report", "--title", "x"]]
)
def test_a_command_in_such_a_home_says_where_to_go(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "elsewhere"))
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert "Linli is not running" in done.output
    assert "set LINLI_HOME" in done.output
