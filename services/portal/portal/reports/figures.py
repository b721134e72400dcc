"""The figures of workflow's answer as a page and a file tell them: nothing is counted here."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.text.spreadsheet_cells import CSV_ENCODING, write_csv
from portal.pages.language import _

RATES = ("response", "resolution", "satisfaction")
COUNTS = ("cases", "open", "open_late", "resolved", "in_time", "late", "withdrawn", "escalated", "returned", "returns")
BARS = 30
"""A chart has no more; the table beside it has all."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart, `width` from 0 to 100; None where nobody was asked."""

    name: str
    width: float | None
    text: str


def percent(yes: int, of: int) -> str:
    """With one decimal, rounded once, half up; a dash where nobody was asked."""
    if not of:
        return "–"
    tenths = (2_000 * yes + of) // (2 * of)
    return f"{tenths // 10}.{tenths % 10}%"


def bars(rows: Sequence[Row], by: str, rate: str) -> list[Bar]:
    """Of one rate, in the order of the table."""
    return [
        Bar(
            shortened(name_of(row, by)),
            None if row[rate]["rate"] is None else round(row[rate]["rate"] * 100, 2),
            f"{percent(row[rate]['yes'], row[rate]['of'])} ({row[rate]['yes']}/{row[rate]['of']})",
        )
        for row in rows[:BARS]
    ]


def shortened(name: str, most: int = 22) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def name_of(row: Row, by: str) -> str:
    """What a row is called: never by its id alone where it has a name."""
    key = row["key"] or ""
    known = {"level": kinds, "channel": channels}.get(by)
    return row["name"] or (known() if known else {}).get(key) or key or _("Without")


def csv_file(answer: Mapping[str, Any]) -> bytes:
    """One table; the period stands in each row, so that programs can read it too."""
    by = answer["by"]
    heads = [_("Subdistrict"), _("From"), _("Before"), _("Key"), _("Name"), *columns()]
    for rate in RATES:
        title = rates()[rate]
        heads += [title, _("{rate}: yes").format(rate=title), _("{rate}: answers").format(rate=title)]
    file = io.StringIO(newline="")
    write_csv(file, [heads])
    write_csv(file, _lines(answer, by))
    return file.getvalue().encode(CSV_ENCODING)


def _lines(answer: Mapping[str, Any], by: str) -> Iterator[list[Any]]:
    first = answer["called_from"] or answer["opened_from"]
    before = answer["called_before"] or answer["opened_before"]
    for row in answer["rows"]:
        shares = [cell for rate in RATES for cell in (row[rate]["rate"], row[rate]["yes"], row[rate]["of"])]
        counts = [row[name] for name in (*COUNTS, "median_days")]
        yield [answer["community"], first, before, row["key"], name_of(row, by), *counts, *shares]


def columns() -> list[str]:
    return [
        _("Cases"),
        _("Still open"),
        _("Open and late"),
        _("Resolved"),
        _("Resolved in time"),
        _("Resolved late"),
        _("Withdrawn"),
        _("Escalated"),
        _("Returned"),
        _("Times returned"),
        _("Median days"),
    ]


def rates() -> dict[str, str]:
    return {"response": _("Response rate"), "resolution": _("Resolution rate"), "satisfaction": _("Satisfaction rate")}


def groups() -> dict[str, str]:
    return {
        "party": _("By party"),
        "level": _("By level"),
        "category": _("By category"),
        "neighbourhood": _("By neighbourhood"),
        "month": _("By month"),
        "channel": _("By channel"),
    }


def kinds() -> dict[str, str]:
    """Levels, and the kinds of parties outside the tree."""
    return {
        "subdistrict": _("Subdistrict"),
        "community": _("Community"),
        "grid": _("Grid"),
        "building_group": _("Building party group"),
        "household": _("Party member household"),
        "property": _("Property company"),
        "owners_committee": _("Owners' committee"),
        "telecom": _("Telecom"),
        "water": _("Water"),
        "power": _("Power"),
        "gas": _("Gas"),
        "heating": _("Heating"),
        "builder": _("Builder"),
        "supervisor": _("Supervisor"),
        "unknown": _("Parties that no longer exist"),
    }


def channels() -> dict[str, str]:
    return {
        "web": _("Web"),
        "hotline": _("Hotline"),
        "suishoupai": _("Suishoupai"),
        "lijiban": _("Lijiban"),
        "device": _("Device"),
        "desk": _("Service counter"),
        "import": _("Import"),
    }
