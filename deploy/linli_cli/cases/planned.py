"""What is to be done with many cases: a file names them, row by row, or a filter does."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from linli_cli.cases.actions import Action, Options
from linli_cli.importing.tables import UnreadableTable, read_table
from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.sentences.words import WORDS

A_CASE = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("case", "id", "案件", "案件编号", "事项编号"), "case"),
    **dict.fromkeys(("action", "操作", "动作"), "action"),
    **dict.fromkeys(("by", "操作单位"), "by"),
    **dict.fromkeys(("message", "说明", "答复", "备注"), "message"),
    **dict.fromkeys(("reason", "原因", "理由"), "reason"),
    **dict.fromkeys(("to", "party", "承办单位", "责任单位"), "to"),
    **dict.fromkeys(("waiting_for", "等待"), "waiting_for"),
    **dict.fromkeys(("into", "并入"), "into"),
    **dict.fromkeys(("kind", "类型"), "kind"),
    **dict.fromkeys(("title", "标题"), "title"),
    **dict.fromkeys(("neighbourhood", "小区"), "neighbourhood"),
    **dict.fromkeys(("category", "类别"), "category"),
    **dict.fromkeys(("place", "地点"), "place"),
    **dict.fromkeys(("at", "坐标"), "at"),
}
"""What a column is called → what it says."""
IN_CHINESE = {WORDS[action]: action for action in Action}
"""What an action is called in Chinese, as the command itself says it."""
FILTERS = frozenset(
    {
        *("state", "party", "kind", "neighbourhood", "category", "community", "escalated_to", "overdue", "merged"),
        *("q", "external_id", "since", "until", "called_since", "called_until", "part_of", "merged_into", "resident"),
        "awaiting_follow_up",
    }
)
"""By what cases are chosen: the options of `linli cases`."""


@dataclass(frozen=True)
class PlannedAction:
    """One action on one case."""

    case: str
    action: Action
    options: Options
    where: str = field(default="", compare=False)
    """The file and the row that say so."""


def from_file(name: str, action: Action | None, options: Options) -> list[PlannedAction]:
    """The actions that a file names: ids, one a line, or a table with a column `case`. `-` is stdin, with ids.

    An empty cell says what the command says. Raises UsageFault naming what cannot be read.
    """
    if name == "-":
        return _from_ids(sys.stdin.read().split(), action, options)
    path = Path(name)
    try:
        if path.suffix.lower() not in {".csv", ".xlsx", ".xls", ".ods"} and (ids := _only_ids(path)):
            return _from_ids(ids, action, options)
        table = read_table(path)
    except OSError as error:
        raise UsageFault(say("{name} cannot be read: {strerror}.", name=name, strerror=of_file(error))) from error
    except UnreadableTable as error:
        raise UsageFault(say("{name}: {error}.", name=name, error=error)) from error
    fields = [COLUMNS.get(column.strip().lower()) for column in table.header]
    if unknown := [column for column, field in zip(table.header, fields, strict=True) if field is None and column]:
        raise UsageFault(
            say("{name}: nothing is known of the column {unknown}.", name=name, unknown=unknown[0][:40]),
            say("Known: {columns}.", columns=", ".join(COLUMNS)),
        )
    if "case" not in fields:
        raise UsageFault(say("{name}: no column names the cases; call it `case`.", name=name))
    plan = [
        _from_row(say("{name}, row {line}", name=name, line=row.line), fields, row.cells, action, options)
        for row in table.rows
    ]
    return _each_once(plan)


def chosen(filters: Sequence[str]) -> dict[str, str]:
    """`--filter state=triage` as what is asked for. Raises UsageFault."""
    asked: dict[str, str] = {}
    for each in filters:
        name, is_one, value = each.partition("=")
        name = name.strip().replace("-", "_")
        if not is_one or name not in FILTERS or not value.strip():
            raise UsageFault(
                say("--filter {each} is not NAME=VALUE.", each=each[:60]),
                say("NAME is one of {filters}.", filters=", ".join(sorted(FILTERS))),
            )
        asked[name] = value.strip()
    return asked


def _only_ids(path: Path) -> list[str]:
    """The words of a text file where all of them are ids; none where it is something else."""
    try:
        words = path.read_text(encoding="utf-8-sig").split()
    except UnicodeDecodeError:
        return []
    return words if all(map(A_CASE.fullmatch, words)) else []


def _from_ids(ids: Sequence[str], action: Action | None, options: Options) -> list[PlannedAction]:
    if wrong := next((id for id in ids if not A_CASE.fullmatch(id)), None):
        raise UsageFault(say("{wrong} is no id of a case.", wrong=wrong[:60]))
    if action is None:
        raise UsageFault(say("Say what is to be done: linli act ACTION --from FILE"))
    return _each_once([PlannedAction(id, action, options) for id in ids])


def _from_row(
    where: str, fields: Sequence[str | None], cells: Sequence[str], action: Action | None, options: Options
) -> PlannedAction:
    row: dict[str, Any] = {field: cell for field, cell in zip(fields, cells, strict=False) if field and cell}
    case, wanted = row.pop("case", ""), row.pop("action", "") or action
    if not A_CASE.fullmatch(case):
        raise UsageFault(
            say("{where}: {case} is no id of a case.", where=where, case=case[:60] or say("an empty cell"))
        )
    wanted = IN_CHINESE.get(str(wanted).strip(), wanted)
    if wanted not in set(Action):
        raise UsageFault(
            say(
                "{where}: {wanted} is no action; there are {actions}.",
                where=where,
                wanted=str(wanted or say("nothing"))[:40],
                actions=", ".join(Action),
            )
        )
    return PlannedAction(case, Action(wanted), replace(options, **row), where)


def _each_once(plan: Sequence[PlannedAction]) -> list[PlannedAction]:
    """In order. Two actions on one case are one after the other; the same one twice is once."""
    return list(dict.fromkeys(plan))
