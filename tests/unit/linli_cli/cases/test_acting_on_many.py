"""What is done with many cases: read from a file, chosen by a filter, shown before, told case by case."""

import asyncio
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from linli_cli.cases.act_many import _checked, key_of, shown
from linli_cli.cases.actions import Action, Options
from linli_cli.cases.planned import PlannedAction, chosen, from_file
from linli_cli.connection.client import Client
from linli_cli.main import app
from linli_cli.terminal.errors import UsageFault

ONE, OTHER = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01", "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a02"


def test_a_file_of_ids_is_one_action_on_each_once(tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text(f"{ONE}\n{OTHER}\n\n{ONE}\n", encoding="utf-8-sig")
    said = Options(to="water")
    assert from_file(str(file), Action.REASSIGN, said) == [
        PlannedAction(id, Action.REASSIGN, said) for id in (ONE, OTHER)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_says_row_by_row_what_is_done_and_the_command_what_a_row_leaves_out(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "actions.csv"
    file.write_text(f"案件,操作,类别,reason\n{ONE},recategorise,供水,听错了\n{OTHER},,供电,\n", encoding=encoding)
    first, second = from_file(str(file), Action.CORRECT, Options(reason="核实", reroute=True))
    assert first == PlannedAction(ONE, Action.RECATEGORISE, Options(reason="听错了", category="供水", reroute=True))
    assert second == PlannedAction(OTHER, Action.CORRECT, Options(reason="核实", category="供电", reroute=True))


@pytest.mark.parametrize(
    ("content", "action", "words"),
    [
        (f"case,colour\n{ONE},red\n", Action.NOTE, "nothing is known of the column colour"),
        (f"title\n{ONE}\n", Action.NOTE, "no column names the cases"),
        ("case\n17\n", Action.NOTE, "row 2: 17 is no id"),
        (f"case,action\n{ONE},dance\n", None, "dance is no action"),
        (f"case,to\n{ONE},water\n", None, "nothing is no action"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_its_place(
    tmp_path: Path, content: str, action: Action | None, words: str
) -> None:
    (tmp_path / "actions.csv").write_text(content)
    with pytest.raises(UsageFault, match=words):
        from_file(str(tmp_path / "actions.csv"), action, Options())


def test_a_filter_is_an_option_of_cases() -> None:
    assert chosen(["state=triage", "called-since=3d", "q=停水 = 漏水"]) == {
        "state": "triage",
        "called_since": "3d",
        "q": "停水 = 漏水",
    }
    for wrong in ("colour=red", "state", "state="):
        with pytest.raises(UsageFault, match="NAME=VALUE"):
            chosen([wrong])


def test_the_same_deed_has_the_same_key_in_every_run_and_another_has_another() -> None:
    planned = PlannedAction(ONE, Action.RECATEGORISE, Options(category="water", reason="x"))
    body = {"category": "water", "reason": "x"}
    assert key_of(planned, body) == key_of(
        PlannedAction(ONE, Action.CORRECT, planned.options), dict(reversed(body.items()))
    )
    assert key_of(planned, body) != key_of(PlannedAction(OTHER, Action.CORRECT, planned.options), body)


def test_what_would_be_done_is_shown_with_the_first_cases() -> None:
    case = {"state": "triage", "party": {"id": "street", "name": "街道"}, "title": "停水了"}
    lines = shown(
        [PlannedAction(ONE, Action.ACCEPT, Options()), *[PlannedAction(OTHER, Action.ACCEPT, Options())] * 11],
        {ONE: case},
    )
    assert "停水了" in lines[0] and "street" in lines[0]
    assert "no such case" in lines[1]
    assert lines[-1].strip() == "… and 2 more"
    (anew,) = shown(
        [PlannedAction(ONE, Action.CORRECT, Options(reason="听错了", category="供水", title="漏水"))], {ONE: case}
    )
    assert anew.endswith("→ title 漏水, category 供水")
    (to,) = shown([PlannedAction(ONE, Action.REASSIGN, Options(to="供水公司"))], {ONE: case})
    assert to.endswith("→ party 供水公司")


def test_an_action_may_be_called_in_chinese_and_a_row_that_cannot_be_done_is_named(tmp_path: Path) -> None:
    file = tmp_path / "actions.csv"
    rows = f"案件,操作,类别,理由\n{ONE},更正类别,供水,听错了\n{OTHER},办结,,\n"
    file.write_text(rows.replace("理由", "reason"), encoding="utf-8")
    first, second = from_file(str(file), None, Options())
    assert (first.action, second.action) == (Action.RECATEGORISE, Action.RESOLVE)
    assert second.where.endswith("actions.csv, row 3")
    with pytest.raises(UsageFault, match="row 3: `resolve` needs --message"):
        asyncio.run(_checked(cast(Client, None), [first, second], {}))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["accept", "--filter", "state=triage"], "Nobody can be asked here"),
        (["--filter", "state=triage", "--yes"], "Say what is to be done"),
        ([ONE, "accept", "--filter", "state=triage", "--yes"], "say the action alone"),
        (["accept", "--from", "x", "--filter", "state=triage", "--yes"], "--from or --filter"),
        (["accept"], "Say which case and what"),
        ([ONE, "dance"], "no action dance"),
    ],
)
def test_the_command_says_what_it_lacks(arguments: list[str], words: str) -> None:
    ran = CliRunner().invoke(app, ["act", *arguments])
    assert ran.exit_code == 2
    assert words in " ".join(ran.stderr.split())
