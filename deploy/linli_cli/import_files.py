"""The files that an import leaves: the rows that were rejected, and what became of each row."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from linli_cli.import_run import Receipt, Rejection
from linli_cli.spreadsheet_cells import private_file, write_csv

OWN_COLUMNS = ("row", "reason")
"""What a file of rejected rows has before the columns of the file that they stood in."""
RECEIPT_COLUMNS = ("row", "id", "status", "submission", "tracking_code", "duplicate_of", "not_taken", "reason")


def keep_rejections(file: Path, header: Sequence[str], rejections: Sequence[Rejection]) -> Path:
    """FILE.rejected.csv: row number, reason, and the row as it was. No file is replaced: it may hold corrections."""
    theirs = len(OWN_COLUMNS) if is_rejections(header) else 0
    rows: list[Sequence[Any]] = [[*OWN_COLUMNS, *header[theirs:]]]
    for rejection in sorted(rejections, key=lambda rejection: rejection.row.line):
        rows.append([rejection.row.line, rejection.reason, *rejection.row.cells[theirs:]])
    try:
        return _written(file, rows)
    except OSError:
        return _written(Path.cwd() / file.name, rows)


def keep_receipts(path: Path, receipts: Sequence[Receipt]) -> None:
    """One line per row of the file. Raises `FileExistsError`, or another `OSError`."""
    with private_file(path) as output:
        write_csv(output, [RECEIPT_COLUMNS, *map(_cells, sorted(receipts, key=lambda receipt: receipt.line))])


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


def is_rejections(header: Sequence[str]) -> bool:
    """Whether a table is such a file itself."""
    return tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS


def _cells(receipt: Receipt) -> Sequence[Any]:
    repeated = receipt.status == "duplicate"
    made, of = ("", receipt.id) if repeated else (receipt.id, "")
    about = receipt.line, receipt.external_id, receipt.status, made, receipt.tracking_code, of
    return [*about, receipt.untaken, receipt.reason]


def _written(file: Path, rows: Sequence[Sequence[Any]]) -> Path:
    for name in rejections_names(file.name):
        try:
            with private_file(file.with_name(name)) as output:
                write_csv(output, rows)
            return file.with_name(name)
        except FileExistsError:
            continue
    raise AssertionError  # the names do not end
