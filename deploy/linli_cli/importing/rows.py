"""From a row of somebody's table to the body of a submission: names, ids, and what of a row cannot be taken. Pure."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from pydantic import validate_email
from pydantic_core import PydanticCustomError

from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.workflow.community import Community
from linli.privacy.masking import masked
from linli_cli.community.known_names import KnownNames, UnknownName, categories_of, neighbourhoods_of
from linli_cli.importing.columns import Columns
from linli_cli.importing.tables import Row
from linli_cli.importing.tables.dates import InvalidTime, Reading, date_alone, parse_time, time_alone
from linli_cli.importing.tables.numbers import Spoilt, degrees, unspoilt, whole
from linli_cli.importing.tables.phones import phone_in
from linli_cli.terminal.language import say, term

R = TypeVar("R")

KINDS = {"需求": Kind.DEMAND, "报事": Kind.REPORT, "纠纷": Kind.DISPUTE, "矛盾纠纷": Kind.DISPUTE, "告警": Kind.ALARM}
LANGUAGES = {"中文": Language.ZH, "zh": Language.ZH, "英文": Language.EN, "英语": Language.EN, "english": Language.EN}
NOTHING = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "不详",
        "未知",
        "未提供",
        "未填",
        "未留",
        "空",
        "-",
        "--",
        "—",
        "/",
        "\\",
        "n/a",
        "na",
        "none",
        "null",
    ]
)
"""What people write into a cell in which they have nothing to say."""
CONTENT = "sha256-"
"""Begins the ids of rows that have none."""
LONGEST_NOTHING = max(map(len, NOTHING))
AS_WRITTEN = "as_written."
"""Begins the names of attributes that keep a cell which was not understood, for a person to read."""
LONGEST_ATTRIBUTE = 200


class BadRow(Exception):
    """One row cannot become a submission; the message is the reason."""


@dataclass(frozen=True)
class Untaken:
    """A cell that the row is taken without: its field, what stands there, and why."""

    field: str
    words: str
    why: str


@dataclass(frozen=True)
class Read:
    """A row as a submission's body, and the cells that it was read without."""

    body: dict[str, Any]
    untaken: tuple[Untaken, ...] = ()


@dataclass(frozen=True)
class Defaults:
    """What holds for every row of an import."""

    channel: Channel = Channel.HOTLINE
    kind: Kind = Kind.REPORT
    community: str | None = None
    dates: Reading = field(default_factory=Reading)
    neighbourhoods: KnownNames = field(default_factory=partial(KnownNames, "neighbourhood"))
    categories: KnownNames = field(default_factory=partial(KnownNames, "category"))
    kinds_of: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    """Category id → the kinds that it is meant for, where it is not meant for all."""
    strict: bool = False
    """A cell that cannot be taken rejects its row."""
    due_from_call: bool = False
    """Deadlines count from the time in the row, not from when it came in here."""


def defaults_for(
    community: Community, channel: Channel, kind: Kind, dates: Reading, *, strict: bool, due_from_call: bool
) -> Defaults:
    """What holds for every row that goes to this community: its data say what its names stand for."""
    return Defaults(
        channel=channel,
        kind=kind,
        community=community.id,
        dates=dates,
        neighbourhoods=neighbourhoods_of(community),
        categories=categories_of(community),
        kinds_of={category.id: category.kinds for category in community.categories if category.kinds},
        strict=strict,
        due_from_call=due_from_call,
    )


def submission_of(row: Row, width: int, columns: Columns, defaults: Defaults) -> Read:
    """A row as a submission; `width` is the header's. Raises `BadRow` with all that is wrong with the row.

    A message is not lost for a cell beside it: a neighbourhood, category, kind, place on the map, telephone number or
    e-mail address that cannot be taken is left out and its words kept as an attribute, unless `defaults.strict`.
    """
    if len(row.cells) > width and any(row.cells[width:]):
        raise BadRow(
            say(
                "the row has {count} cells, the header {width}; a comma or quote in a text is not escaped",
                count=len(row.cells),
                width=width,
            )
        )
    values = {name: row.cells[at] for name, at in columns.at.items() if at < len(row.cells) and row.cells[at]}
    cells = {name: cell for name, cell in values.items() if not _says_nothing(name, cell)}
    faults: list[str] = []
    untaken: list[Untaken] = []

    def must(name: str, reading: Callable[[str], R]) -> R | None:
        try:
            return reading(cells[name]) if name in cells else None
        except (InvalidTime, Spoilt) as error:
            faults.append(str(error))
            return None

    def may(name: str, reading: Callable[[str], R]) -> R | None:
        try:
            return reading(cells[name]) if name in cells else None
        except (BadRow, UnknownName) as error:
            untaken.append(Untaken(name, cells[name], str(error)))
            return None

    title = must("title", unspoilt)
    if "title" not in cells:
        faults.append(say("the title is empty"))
    body: dict[str, Any] = {
        "kind": may("kind", _kind) or defaults.kind.value,
        "channel": defaults.channel.value,
        "external_id": must("id", whole) or content_id(values),
        "title": title,
        "text": cells.get("text"),
        "community": defaults.community,
        "neighbourhood": may("neighbourhood", defaults.neighbourhoods.id_of),
        "category": may("category", defaults.categories.id_of),
        "place": cells.get("place"),
        "location": _location(cells, untaken),
        "due_from_call": defaults.due_from_call or None,
    }
    if when := _when(cells):
        cells["submitted_at"] = when
        body["submitted_at"] = must("submitted_at", lambda text: parse_time(text, defaults.dates))
    kinds = defaults.kinds_of.get(body["category"] or "", ())
    if len(kinds) == 1 and "kind" not in cells:  # what is filed under a category of disputes is a dispute
        body["kind"] = kinds[0].value
    if wrong := _not_for(body, defaults):
        untaken.append(Untaken("category", cells["category"], wrong))
        body["category"] = None
    reporter = {name: cells[name] for name in ("name",) if name in cells}
    reporter |= {"phone": phone} if (phone := _phone(cells.get("phone"), untaken)) else {}
    reporter |= {"email": email} if (email := may("email", _reachable)) else {}
    reporter |= {"language": language} if (language := may("language", _language)) else {}
    reporter |= {"address": cells["home"]} if "home" in cells else {}
    body["reporter"] = reporter or None
    faults += [each.why for each in untaken if defaults.strict and each.why]
    if faults:
        raise BadRow("; ".join(faults))
    body["attributes"] = {AS_WRITTEN + each.field: each.words[:LONGEST_ATTRIBUTE] for each in untaken} or None
    return Read({name: value for name, value in body.items() if value is not None}, tuple(untaken))


def _says_nothing(name: str, cell: str) -> bool:
    return len(cell) <= LONGEST_NOTHING and cell.casefold() in NOTHING and name not in _WORDS


_WORDS = frozenset({"title", "text"})
"""Fields in which 无 is what was said."""


def is_content_id(id_: str) -> bool:
    """Whether it was made here, from a row without one."""
    return id_.startswith(CONTENT)


def content_id(values: Mapping[str, str]) -> str:
    """An id for a row without one: the same content has the same id, whatever the columns' order."""
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return CONTENT + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _when(cells: Mapping[str, str]) -> str | None:
    """The time of a row, whose day may stand in a column of its own."""
    day, time = cells.get("day"), cells.get("submitted_at")
    if day and time and time_alone(time):
        return f"{date_alone(day)} {time}"
    return time or day


def _kind(text: str) -> str:
    try:
        return Kind(KINDS.get(text, text.lower())).value
    except ValueError as error:
        raise BadRow(
            say("'{text}' is no kind; the kinds are {kinds}", text=text[:40], kinds=", ".join(Kind))
        ) from error


def _language(text: str) -> str:
    try:
        return Language(LANGUAGES.get(text.casefold(), text)).value
    except ValueError as error:
        raise BadRow(
            say("'{text}' is no language; the languages are {languages}", text=text[:40], languages=", ".join(Language))
        ) from error


def _not_for(body: Mapping[str, Any], defaults: Defaults) -> str | None:
    kinds = defaults.kinds_of.get(body["category"] or "")
    if not kinds or body["kind"] in kinds:
        return None
    return say(
        "the category {category} is not meant for a {kind}, but for: {kinds}",
        category=body["category"],
        kind=term(body["kind"]),
        kinds=say(", ").join(map(term, kinds)),
    )


def _phone(cell: str | None, untaken: list[Untaken]) -> str | None:
    """The number, with what else the cell says kept beside it."""
    if cell is None:
        return None
    phone = phone_in(cell)
    if phone.number is None:
        untaken.append(
            Untaken("phone", _hidden(cell), say("the phone '{cell}' is no telephone number", cell=cell[:40]))
        )
    elif phone.more:
        untaken.append(Untaken("phone", _hidden(cell), ""))
    return phone.number


def _hidden(cell: str) -> str:
    """Its words as they may travel: a number without its area code is one that only its town knows to be one."""
    return re.sub(r"(\d{2})\d{3,}(\d{2})", r"\1****\2", masked(cell))


def _reachable(text: str) -> str:
    try:
        validate_email(text)
    except PydanticCustomError as error:
        raise BadRow(say("the email '{text}' is no e-mail address", text=text[:40])) from error
    return text


def _location(row: Mapping[str, str], untaken: list[Untaken]) -> dict[str, float] | None:
    cells = row.get("lon"), row.get("lat")
    if cells == (None, None):
        return None
    lon, lat = (degrees(cell or "") for cell in cells)
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90 or lon == lat == 0:
        words = ", ".join(cell or "" for cell in cells)
        untaken.append(
            Untaken("location", words, say("'{words}' is no longitude and latitude in degrees", words=words))
        )
        return None
    return {"lon": lon, "lat": lat}
