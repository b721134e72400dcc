"""A community's folder of YAML and CSV files, read into one value; every fault names its file, line and field.

`community.yaml` is a mapping, `neighbourhoods.yaml`, `rules.yaml` and, where there is one, `escalation.yaml` are lists,
the CSV files have a header row in English or Chinese. `deploy/community/fushan-road` is an example.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.community import (
    Announcement,
    Category,
    CloseAfter,
    Community,
    Condition,
    EscalationPolicy,
    Inconsistency,
    Name,
    Neighbourhood,
    Party,
    PhotosShown,
    Rule,
    inconsistencies,
)
from linli.contracts.workflow.outlines import Polygon
from linli.contracts.workflow.working_hours import WorkingHours
from linli.security.addresses import Network, fault_of
from linli.text.coordinates import Crs, to_wgs84
from linli_cli.community.community_words import finding_in_words
from linli_cli.community.faults import CommunityFaults, Entry, Fault, Reading
from linli_cli.community.located_yaml import Steps, UnreadableYaml, read_yaml
from linli_cli.importing.tables import UnreadableTable, header_fields, read_table
from linli_cli.terminal.errors import in_words
from linli_cli.terminal.language import say, sentence

PARTY_COLUMNS = {
    "编号": "id",
    "名称": "name",
    "英文名": "name_en",
    "类型": "kind",
    "上级": "parent",
    "邮箱": "email",
    "回调地址": "webhook",
    "语言": "language",
    "上班时间": "working_hours",
}
CATEGORY_COLUMNS = {"编号": "id", "名称": "name", "英文名": "name_en", "适用": "kinds"}
LISTS_OF_A_CONDITION = tuple(name for name, field in Condition.model_fields.items() if isinstance(field.default, tuple))
WORDS_OF_A_CONDITION = ("words", "not_words", "near")


class _Head(Record):
    """What `community.yaml` says."""

    id: Slug
    name: Name
    name_en: Name | None = None
    timezone: str = "Asia/Shanghai"
    triage: Slug
    roles: dict[Slug, Slug] = Field(default_factory=dict)
    close_after: CloseAfter = timedelta(days=14)
    closed_days: tuple[date, ...] = ()
    photos_shown: PhotosShown = PhotosShown.FULL
    partners_may_call: bool = False
    announcements: tuple[Announcement, ...] = ()
    open_data: bool = False
    working_hours: WorkingHours | None = None
    crs: Crs = Crs.WGS84
    """What outlines here, and locations of submissions that do not say it themselves, are counted in."""

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(
                say("there is no time zone '{zone}'; one that exists is Asia/Shanghai", zone=zone)
            ) from error
        return zone


@dataclass(frozen=True)
class Loaded:
    """A community as its folder has it, and what in it is hardly meant so."""

    community: Community
    doubts: tuple[Fault, ...]


def load_community(folder: Path) -> Community:
    """Read a community's folder. Raises `CommunityFaults` with everything that is wrong, not only the first."""
    return read_community(folder).community


def read_community(folder: Path, networks: Sequence[Network] = ()) -> Loaded:
    """The same, with the doubts. `networks` are those that webhooks may go to."""
    from workflow.community.domain.doubts import doubts  # noqa: PLC0415 - shapely is slow to load, and few commands need it
    from workflow.community.domain.outlines import outline_faults  # noqa: PLC0415 - the same

    if not folder.is_dir():
        raise CommunityFaults([Fault(str(folder), None, None, say("there is no such folder"))])
    reading = Reading()
    heads = reading.models(_Head, _yaml_entries(folder / "community.yaml", reading, dict))
    sections: dict[str, list[tuple[Any, Entry]]] = {
        "parties": [*reading.models(Party, table_entries(folder / "parties.csv", PARTY_COLUMNS, reading))],
        "neighbourhoods": [*reading.models(Neighbourhood, _yaml_entries(folder / "neighbourhoods.yaml", reading))],
        "categories": [*reading.models(Category, _category_entries(folder / "categories.csv", reading))],
        "rules": [*reading.models(Rule, _rule_entries(folder / "rules.yaml", reading))],
        "escalation": [*_policies(folder / "escalation.yaml", reading)],
    }
    parts = {name: tuple(model for model, _ in section) for name, section in sections.items()}
    if heads and not reading.unread_files:
        head, parts["neighbourhoods"] = heads[0][0], in_wgs84(parts["neighbourhoods"], heads[0][0].crs)
        unchecked = Community.model_construct(**(_as_community(head) | parts))
        placed = _Placed(heads[0][1], sections)
        reading.faults += placed.faults(inconsistencies(unchecked), reading.unread_ids)
        reading.faults += placed.faults(webhook_faults(unchecked, networks))
        reading.faults += placed.faults(outline_faults(unchecked))
    if reading.faults:
        raise CommunityFaults(reading.faults)
    try:
        community = Community.model_validate({**_as_community(heads[0][0]), **parts})
    except ValidationError as error:
        limits = [Fault(f"{details['loc'][0]}", None, None, in_words(details["msg"])) for details in error.errors()]
        raise CommunityFaults(limits) from error
    return Loaded(community, tuple(placed.faults(doubts(community))))


def webhook_faults(community: Community, networks: Sequence[Network]) -> Iterator[Inconsistency]:
    """Webhooks that notify would never deliver to, by the networks that it may go to."""
    for index, party in enumerate(community.parties):
        if party.webhook and (fault := fault_of(str(party.webhook), networks)):
            yield Inconsistency(section="parties", index=index, field="webhook", message=fault)


def in_wgs84(places: Sequence[Neighbourhood], crs: Crs) -> tuple[Neighbourhood, ...]:
    """Neighbourhoods with their outlines where they lie, not where a Chinese map draws them."""
    if crs is Crs.WGS84:
        return tuple(places)

    def moved(part: Polygon) -> Polygon:
        return part.model_copy(
            update={"coordinates": tuple(tuple(to_wgs84(at, crs) for at in ring) for ring in part.coordinates)}
        )

    return tuple(
        place.model_copy(
            update={
                "outline": place.outline and moved(place.outline),
                "further_outlines": tuple(map(moved, place.further_outlines)),
            }
        )
        for place in places
    )


def _as_community(head: _Head) -> dict[str, Any]:
    values = dict(head)
    crs = values.pop("crs")
    return values | {"location_crs": crs}


@dataclass(frozen=True)
class _Placed:
    """The contract's own findings, each back at its file and line."""

    head: Entry
    sections: Mapping[str, list[tuple[Any, Entry]]]

    def faults(self, findings: Iterable[Inconsistency], unread_ids: Collection[str] = ()) -> Iterator[Fault]:
        """What names an unreadable entry is not repeated."""
        for found in findings:
            if any(f"'{unread}'" in found.message for unread in unread_ids):
                continue
            entry = self.head if found.index is None else self.sections[found.section][found.index][1]
            section, _, rest = found.field.partition(".")
            yield entry.fault((section, rest) if rest else (section,), finding_in_words(found.message))


def table_entries(path: Path, columns: Mapping[str, str], reading: Reading) -> Iterator[Entry]:
    """The rows of a CSV file. `columns` maps Chinese column names to fields; an empty cell is left out."""
    try:
        table = read_table(path)
    except (OSError, UnreadableTable) as error:
        reading.faults.append(_unreadable(path, error))
        reading.unread_files.add(path.name)
        return
    fields = header_fields(table.header, {**columns, **{name: name for name in columns.values()}})
    for index, column in enumerate(table.header):
        if index not in fields.values():
            known = ", ".join(columns.values())
            message = say("the column is not known, or stands twice; the columns are {columns}", columns=known)
            reading.faults.append(Fault(path.name, 1, column or say("column {number}", number=index + 1), message))
    labels = {name: table.header[index] for name, index in fields.items()}
    for row in table.rows:
        entry = Entry(
            file=path.name,
            line=row.line,
            values={name: row.cells[at] for name, at in fields.items() if at < len(row.cells) and row.cells[at]},
            columns=labels,
        )
        if len(row.cells) != len(table.header):
            message = say(
                "the row has {count} cells, the header {width}; is a comma in a text unquoted?",
                count=len(row.cells),
                width=len(table.header),
            )
            reading.faults.append(entry.fault((), message))
            reading.leave_out(entry)
        else:
            yield entry


def _category_entries(path: Path, reading: Reading) -> Iterator[Entry]:
    for entry in table_entries(path, CATEGORY_COLUMNS, reading):
        if "kinds" in entry.values:
            entry.values["kinds"] = re.split(r"[\s,;、，；]+", entry.values["kinds"])
        yield entry


def _rule_entries(path: Path, reading: Reading) -> Iterator[Entry]:
    """Rules; of a condition, one value may stand where a list is meant."""
    for entry in _yaml_entries(path, reading):
        when = entry.values.get("when") if isinstance(entry.values, dict) else None
        if isinstance(when, dict):
            for name in LISTS_OF_A_CONDITION:
                if isinstance(when.get(name), str | int | float):
                    when[name] = [when[name]]
            for name in WORDS_OF_A_CONDITION:
                if isinstance(when.get(name), list):
                    when[name] = [str(word) if isinstance(word, int | float) else word for word in when[name]]
        if faults := [entry.fault(steps, say(_PERHAPS, text)) for steps, text in _perhaps(entry)]:
            reading.faults += faults
            reading.leave_out(entry)
        else:
            yield entry


_PERHAPS = sentence("'{}' may be the word or true or false; write true or false, or the word in quotes")


def _perhaps(entry: Entry) -> Iterator[tuple[Steps, str]]:
    """Attributes and words that are read otherwise than many would."""
    for steps, text in entry.perhaps.items():
        if steps[:1] == ("when",) and steps[1:2] and steps[1] in {"attributes", *WORDS_OF_A_CONDITION}:
            yield steps, text


def load_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file. Raises `CommunityFaults` with everything that is wrong with it."""
    reading = Reading()
    rules = tuple(rule for rule, _ in reading.models(Rule, _rule_entries(path, reading)))
    if reading.faults:
        raise CommunityFaults(reading.faults)
    return rules


def load_policies(path: Path) -> tuple[EscalationPolicy, ...]:
    """The escalation policies of a file. Raises `CommunityFaults` with everything that is wrong with it."""
    reading = Reading()
    policies = tuple(policy for policy, _ in reading.models(EscalationPolicy, _policy_entries(path, reading)))
    if reading.faults:
        raise CommunityFaults(reading.faults)
    return policies


def _policies(path: Path, reading: Reading) -> Iterator[tuple[Any, Entry]]:
    """None where there is no such file: the ordinary policy holds then."""
    if path.exists():
        yield from reading.models(EscalationPolicy, _policy_entries(path, reading))


def _policy_entries(path: Path, reading: Reading) -> Iterator[Entry]:
    """Policies; one category may stand where a list is meant."""
    for entry in _yaml_entries(path, reading):
        if isinstance(entry.values, dict) and isinstance(entry.values.get("category"), str):
            entry.values["category"] = [entry.values["category"]]
        yield entry


def _yaml_entries(
    path: Path, reading: Reading, shape: type[list[Any]] | type[dict[str, Any]] = list
) -> Iterator[Entry]:
    """The entries of a YAML file: the items of its list or, where it is one mapping, that mapping."""
    try:
        document = read_yaml(path)
    except (OSError, UnreadableYaml) as error:
        reading.faults.append(_unreadable(path, error))
        reading.unread_files.add(path.name)
        return
    if not isinstance(document.value, shape):
        wanted = say("a list, each entry beginning with '- '") if shape is list else say("'field: value' lines")
        reading.faults.append(Fault(path.name, 1, None, say("the file must hold {wanted}", wanted=wanted)))
        reading.unread_files.add(path.name)
    elif isinstance(document.value, dict):
        yield Entry(path.name, 1, document.value, document.lines, document.perhaps)
    else:
        for index, values in enumerate(document.value):
            inside: dict[Steps, int] = {
                steps[1:]: line for steps, line in document.lines.items() if steps[:1] == (index,)
            }
            perhaps = {steps[1:]: text for steps, text in document.perhaps.items() if steps[:1] == (index,)}
            yield Entry(path.name, inside[()], values, inside, perhaps)


def _unreadable(path: Path, error: Exception) -> Fault:
    match error:
        case FileNotFoundError():
            return Fault(path.name, None, None, say("the file is missing in {parent}", parent=path.parent))
        case UnreadableYaml() | UnreadableTable():
            return Fault(path.name, error.line, getattr(error, "field", None), str(error))
        case _:
            return Fault(path.name, None, None, say("the file cannot be read: {error}", error=error))
