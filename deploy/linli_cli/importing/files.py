"""The files that an import leaves: the rows that were rejected, and what became of each row."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from linli.contracts.kinds import Language
from linli.text.spreadsheet_cells import private_file, write_csv
from linli_cli.importing.run import Receipt, Rejection
from linli_cli.terminal.language import chinese, language, say, term

OWN_COLUMNS = {Language.EN: ("row", "reason"), Language.ZH: ("行号", "未受理原因")}
"""What a file of rejected rows has before the columns of the file that they stood in."""
RECEIPT_COLUMNS = {
    Language.EN: ("row", "id", "status", "submission", "tracking_code", "duplicate_of", "not_taken", "reason"),
    Language.ZH: ("行号", "工单号", "结果", "受理编号", "查询码", "与此相同", "未取用", "未受理原因"),
}
BECAME = {"accepted": "已受理", "duplicate": "先前已有", "rejected": "未受理"}
"""What became of a row → in Chinese."""


def keep_rejections(file: Path, header: Sequence[str], rejections: Sequence[Rejection]) -> Path:
    """FILE.rejected.csv: row number, reason, and the row as it was. No file is replaced: it may hold corrections."""
    theirs = len(own_columns(header))
    rows: list[Sequence[Any]] = [[*OWN_COLUMNS[language()], *header[theirs:]]]
    for rejection in sorted(rejections, key=lambda rejection: rejection.row.line):
        rows.append([rejection.row.line, rejection.reason, *rejection.row.cells[theirs:]])
    try:
        return _written(file, rows)
    except OSError:
        return _written(Path.cwd() / file.name, rows)


def keep_receipts(path: Path, receipts: Sequence[Receipt]) -> None:
    """One line per row of the file. Raises `FileExistsError`, or another `OSError`."""
    with private_file(path) as output:
        write_csv(
            output, [RECEIPT_COLUMNS[language()], *map(_cells, sorted(receipts, key=lambda receipt: receipt.line))]
        )


def rejections_names(name: str) -> Iterator[str]:
    """For `a.csv`: `a.csv.rejected.csv`, `a.csv.rejected-2.csv`, …; for one of these, those that come after it."""
    again = re.fullmatch(r"(.+)\.rejected(?:-(\d{1,6}))?\.csv", name)
    number = int(again[2] or 1) if again else 0
    if not again:
        yield f"{name}.rejected.csv"
        number = 1
    while True:
        number += 1
        yield f"{again[1] if again else name}.rejected-{number}.csv"


def own_columns(header: Sequence[str]) -> tuple[str, ...]:
    """What stands before the others where a table is such a file itself, in whatever language; else nothing."""
    return next((own for own in OWN_COLUMNS.values() if tuple(header[: len(own)]) == own), ())


def _cells(receipt: Receipt) -> Sequence[Any]:
    repeated = receipt.status == "duplicate"
    made, of = ("", receipt.id) if repeated else (receipt.id, "")
    status = BECAME[receipt.status] if chinese() else receipt.status
    about = receipt.line, receipt.external_id, status, made, receipt.tracking_code, of
    return [*about, say(", ").join(map(term, receipt.untaken)), receipt.reason]


def _written(file: Path, rows: Sequence[Sequence[Any]]) -> Path:
    for name in rejections_names(file.name):
        try:
            with private_file(file.with_name(name)) as output:
                write_csv(output, rows)
            return file.with_name(name)
        except FileExistsError:
            continue
    raise AssertionError  # the names do not end
