"""What a record holds does nothing to the terminal that it is printed on."""

import json

import httpx2
import pytest
import typer

from linli_cli.connection.client import json_of
from linli_cli.operations.finding import note, show
from linli_cli.operations.parked import in_lines
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.printable import harmless, printable

TITLE, CLIPBOARD, COLOUR = "\x1b]0;owned\x07", "\x1b]52;c;cm0gLXJm\x1b\\\\", "\x9b31m"
EVIL = f"linli.x{TITLE}{CLIPBOARD}{COLOUR}\r\u202e"


def harmless_text(text: str) -> bool:
    moves = {*range(9), *range(11, 32), *range(127, 160), 0x202E}
    return moves.isdisjoint(map(ord, text))


def test_control_characters_are_written_out_and_words_stay_as_they_are() -> None:
    assert printable(TITLE) == "\\x1b]0;owned\\x07"
    assert printable("停水了\n\t第二行 😀") == "停水了\n\t第二行 😀"
    assert harmless({"a\x1b": ["\x9b", 1, None, {"b": "\x7f"}]}) == {"a\\x1b": ["\\x9b", 1, None, {"b": "\\x7f"}]}


def test_a_parked_record_is_printed_without_what_its_sender_wants_of_the_terminal() -> None:
    record = {"id": EVIL, "service": "notify", "topic": EVIL, "partition": 0, "offset": 1, "waiting": 0}
    record |= {"reason": "unknown_type", "detail": EVIL, "parked_at": "2026-11-24T08:00:00Z"}
    answer = json_of("notify", httpx2.Response(200, text=json.dumps(record)))
    assert harmless_text(in_lines(answer))
    assert harmless_text(json.dumps(answer, ensure_ascii=False))


def test_neither_a_refusal_nor_a_finding_carries_it_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), errors_shown():
        raise CliError(f"row 3: {EVIL}", EVIL)
    show([note("topics", EVIL, EVIL)], as_json=False)
    show([note("topics", EVIL, EVIL)], as_json=True)
    out, err = capsys.readouterr()
    assert "owned" in out and "owned" in err
    assert harmless_text(out) and harmless_text(err)
