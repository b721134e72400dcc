"""How commands end: what they found has one exit code, what kept them from looking has another."""

import pytest
import typer

from linli_cli.terminal.errors import NOT_LOOKED, CliError, UsageFault, errors_apart, errors_shown


def test_an_error_of_a_command_that_judges_is_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, errors_apart():
        raise CliError("Kafka is away.")
    assert ended.value.exit_code == NOT_LOOKED
    assert "Kafka is away." in capsys.readouterr().err


def test_neither_is_a_fault_of_the_command_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, errors_apart():
        raise ZeroDivisionError
    assert ended.value.exit_code == NOT_LOOKED
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1, 3])
def test_what_it_found_stays(code: int) -> None:
    with pytest.raises(typer.Exit) as ended, errors_apart():
        raise typer.Exit(code)
    assert ended.value.exit_code == code


def test_a_wrong_option_is_2_everywhere() -> None:
    for shown in (errors_apart, errors_shown):
        with pytest.raises(typer.Exit) as ended, shown():
            raise UsageFault("There is no such option.")
        assert ended.value.exit_code == 2
