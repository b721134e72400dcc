"""The play of a renewal says what is off, and keeps to a stack of its own."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from linli_cli.connection.settings import LOOPBACK
from linli_cli.demo.renewal import own_stack
from linli_cli.demo.renewal.ending import is_whole
from linli_cli.demo.renewal.figures import Figure, one_yes_fewer
from linli_cli.demo.renewal.pages import EVERYBODY, OPERATOR, Page
from linli_cli.demo.renewal.shown import as_json, show_figures, show_pages, show_wrong
from linli_cli.demo.renewal.story import ANSWERS, CITED, MATTERS, flats
from linli_cli.main import app
from linli_cli.stack.embedded.state import Identity
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import sentence
from linli_cli.terminal.progress import Progress

RIGHT = Figure("heads", sentence("owners"), 46, 46)
WRONG = Figure("signed", sentence("signatures to the covenant"), 40, 39)
PAGES = [
    Page("vote", sentence("the result of the vote"), "/vote/v-1"),
    Page("vote", sentence("the vote at the desk"), "/desk/votes/v-1", OPERATOR),
]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """LINLI_HOME, and an environment that is as it was afterwards."""
    before = dict(os.environ)
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    yield tmp_path
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ |= before


def progress() -> Progress:
    return Progress(Console(quiet=True))


def printed(show: Any, *given: Any) -> str:
    console = Console(width=200)
    with console.capture() as said:
        show(console, *given)
    return said.get()


def steps(*stages: str, reason: str | None = None) -> list[dict[str, Any]]:
    return [{"stage": each, "reason": {"zh": reason} if reason else None} for each in stages]


def test_the_story_says_of_each_demand_once_what_becomes_of_it() -> None:
    told = [number for matter in MATTERS for number in matter.demands]
    assert sorted(told) == list(range(1, ANSWERS + 1))
    assert (CITED, len(MATTERS), len(flats()), len({each.owner for each in flats()})) == (34, 9, 48, 46)


def test_one_yes_fewer_fails_by_heads() -> None:
    assert one_yes_fewer({"approve": {"heads": 27}, "took_part": {"heads": 34}})
    assert not one_yes_fewer({"approve": {"heads": 26}, "took_part": {"heads": 34}})


def test_a_way_is_whole_that_leads_to_an_acceptance_or_to_a_reason() -> None:
    way = steps("case", "round", "cluster", "item", "package", "acceptance", "end")
    assert is_whole({"end": "accepted", "steps": way})
    assert not is_whole({"end": "accepted", "steps": way[:4] + way[5:]}), "a gap"
    assert is_whole({"end": "declined", "steps": steps("case", "plan", "end", reason="另行研究")})
    assert not is_whole({"end": "declined", "steps": steps("case", "plan", "end")}), "no reason"
    assert not is_whole({"end": None, "steps": steps("case", reason="另行研究")})


def test_what_is_off_is_named_with_what_it_should_be() -> None:
    said = printed(show_wrong, [RIGHT, WRONG])
    assert said.splitlines() == ["✗ signatures to the covenant: 39, and should be 40"]
    several = Figure("turnout", RIGHT.words, {}, {"area": 2_160_00, "heads": 34})
    more = [several, Figure("long", RIGHT.words, {}, {"x" * 99: 7}), Figure("fewer", RIGHT.words, False, False)]
    table = printed(show_figures, [RIGHT, WRONG, *more], 31.0)
    assert "✗ signatures to the covenant" in " ".join(table.split())
    assert "2,160 ㎡, 34 owners" in table and "no" in table.split()
    assert "7 xxx" in table and "…" in table and "Played in 31.0 s." in table


def test_programs_read_the_same_as_people() -> None:
    found = json.loads(as_json([RIGHT, WRONG], PAGES, "http://portal", {OPERATOR: "http://portal/in"}, 31.0))
    assert found["right"] is False
    assert found["figures"]["signed"] == {"right": False, "found": 39, "wanted": 40}
    assert found["pages"][1] == {
        "stage": "vote",
        "what": "the vote at the desk",
        "url": "http://portal/desk/votes/v-1",
        "reader": "operator",
    }
    assert found["sign_in"] == {"operator": "http://portal/in"} and found["seconds"] == 31.0
    said = printed(show_pages, PAGES, "http://portal", {OPERATOR: "http://portal/in"})
    assert said.count("a vote of 46 owners on the shed and the covenant") == 1
    assert "http://portal/vote/v-1" in said and "the vote at the desk (operator)" in said and EVERYBODY not in said


def test_it_is_played_on_nothing_but_a_stack_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TARGET", "compose")
    ran = CliRunner().invoke(app, ["demo", "renewal", "--exit", "--json"])
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "LINLI_TARGET names another deployment" in ran.stderr
    assert list(home.iterdir()) == []


def test_an_earlier_play_that_still_runs_is_left_alone(home: Path) -> None:
    run = home / "renewal" / "run"
    run.mkdir(parents=True)
    me = Identity.of(os.getpid())
    assert me is not None
    (run / "lock").write_text(me.model_dump_json())
    with pytest.raises(CliError) as refused:
        own_stack.start(progress())
    assert refused.value.hint.endswith(f"LINLI_HOME={home / 'renewal'} linli down")
    assert run.exists()


def test_a_directory_that_is_no_play_s_is_not_removed(home: Path) -> None:
    precious = home / "renewal" / "photos" / "me.jpg"
    precious.parent.mkdir(parents=True)
    precious.touch()
    with pytest.raises(CliError, match="something else"):
        own_stack.start(progress())
    assert precious.exists()


def test_it_begins_anew_with_a_clock_to_put_ahead_and_passes_over_ports_in_use(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr("linli_cli.stack.detached.ensure_running", lambda settings, progress: started.append(settings))
    monkeypatch.setenv("LINLI_KEY_FILE", "/of/another/system")
    left = home / "renewal" / "mongo" / "old"
    left.mkdir(parents=True)
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setenv("LINLI_PORTAL_PORT", str(taken))
        settings = own_stack.start(progress())
    assert started == [settings] and settings.home == home / "renewal"
    assert settings.portal_port != taken and settings.key_file is None
    assert os.environ["LINLI_PLAY_TIME"] == "true"
    assert not left.exists()


def test_options_of_the_shorter_demo_are_not_taken_for_the_story_s() -> None:
    ran = CliRunner().invoke(app, ["demo", "--exit", "renewal"])
    assert ran.exit_code == 2, ran.output
