"""What the forms of steps ask for, in short: fields of `portal.renewal.forms`."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.renewal.forms import Field

TRUTHS = frozenset({"true", "false"})


def line(name: str, label: str, value: str = "", *, most: int = 200, **also: Any) -> Field:
    return Field(name, label, value=value, most=most, **also)


def area(name: str, label: str, value: str = "", *, most: int = 4_000, **also: Any) -> Field:
    return Field(name, label, "area", value=value, most=most, **also)


def lines(name: str, label: str, value: Iterable[str] = (), **also: Any) -> Field:
    return Field(name, label, "lines", value="\n".join(value), **{"most": 200_000, **also})


def day(name: str, label: str, value: str = "", **also: Any) -> Field:
    return Field(name, label, "day", value=value, **also)


def moment(name: str, label: str, value: str = "", **also: Any) -> Field:
    return Field(name, label, "moment", value=value, **also)


def number(name: str, label: str, value: int | None = None, **also: Any) -> Field:
    return Field(name, label, "number", value="" if value is None else str(value), **also)


def yuan(name: str, label: str, fen: int | None = None, **also: Any) -> Field:
    return Field(name, label, "yuan", value="" if fen is None else f"{Decimal(fen) / 100:.2f}", **also)


def choice(name: str, label: str, options: Iterable[tuple[str, str]], value: str = "", **also: Any) -> Field:
    return Field(name, label, "choice", options=tuple(options), value=value, **also)


def yes_or_no(name: str, label: str, yes: str, no: str) -> Field:
    """Neither is chosen at first: nobody says yes by overlooking it."""
    return choice(name, label, (("true", yes), ("false", no)))


def some(name: str, label: str, options: Iterable[tuple[str, str]], chosen: Iterable[str] = (), **also: Any) -> Field:
    return Field(name, label, "some", options=tuple(options), value=tuple(chosen), **also)


def tick(name: str, label: str, ticked: bool = False) -> Field:
    return Field(name, label, "yes", value="yes" if ticked else "", required=False)


def file(name: str, label: str, **also: Any) -> Field:
    return Field(name, label, "scan", **also)


def photos(name: str, label: str) -> Field:
    return Field(name, label, "photos")


def hidden(name: str, value: str) -> Field:
    """What was read: it is sent as it was shown."""
    return Field(name, "", "hidden", value=value)


def with_truths(fields: Iterable[Field], body: dict[str, Any]) -> dict[str, Any]:
    """The body with what was chosen of yes and no as the API has it."""
    for each in fields:
        if {value for value, _text in each.options} == TRUTHS and each.name in body:
            body[each.name] = body[each.name] == "true"
    return body
