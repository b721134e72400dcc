"""The register of owners: compiled from a checked list, put right entry by entry, frozen for a vote.

A frozen list stays as it is: what is put right later holds for the next vote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.register import (
    PART_AT_MOST,
    CorrectedBecause,
    Entry,
    RegisterCompiled,
    RegisterEntryCorrected,
    RegisterEvent,
    RegisterFrozen,
)
from linli.frozen import replace
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.snapshot import Snapshot, frozen


@dataclass(frozen=True, slots=True)
class Register:
    """`version` is the number of events in its history; 0 before the first."""

    id: str
    community: str
    neighbourhood: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By unit."""
    complete: bool = False
    """All parts of the list are in."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """Of each frozen list its hash, by id."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Compile:
    """Take a list that was checked; `source` is the SHA-256 of its file."""

    by: str
    source: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class CorrectEntry:
    by: Id
    entry: Entry
    because: CorrectedBecause
    evidence: Digest


@dataclass(frozen=True, slots=True)
class Freeze:
    by: Id
    snapshot_id: Id


RegisterCommand: TypeAlias = Compile | CorrectEntry | Freeze


def decide(register: Register, command: RegisterCommand, now: datetime) -> tuple[RegisterEvent, ...] | Refusal:
    """The events of a command; none where it is done already."""
    match command:
        case Compile():
            return _compiled(register, command, now)
        case CorrectEntry():
            return _corrected(register, command, now)
        case Freeze():
            return _frozen(register, command, now)


def _compiled(register: Register, command: Compile, now: datetime) -> tuple[RegisterEvent, ...] | Refusal:
    if register.version:
        return refused("register-exists", "The register is there; correct its entries.", "名册已存在，请逐条更正。")
    entries = command.entries
    if not entries or len({entry.unit for entry in entries}) < len(entries):
        return refused("register-faulty", "Each unit stands once, and there is one.", "房号不能重复，也不能为空。")
    parts = [entries[at : at + PART_AT_MOST] for at in range(0, len(entries), PART_AT_MOST)]
    return tuple(
        RegisterCompiled(
            **_common(register, command.by, now), source=command.source, part=number, parts=len(parts), entries=part
        )
        for number, part in enumerate(parts, start=1)
    )


def _corrected(register: Register, command: CorrectEntry, now: datetime) -> tuple[RegisterEvent, ...] | Refusal:
    if (was := register.entries.get(command.entry.unit)) is None:
        return refused("no-unit", "The register has no such unit.", "名册中没有该房号。", pointer="/entry/unit")
    if was == command.entry:
        return ()
    event = RegisterEntryCorrected(
        **_common(register, command.by, now), entry=command.entry, because=command.because, evidence=command.evidence
    )
    return (event,)


def _frozen(register: Register, command: Freeze, now: datetime) -> tuple[RegisterEvent, ...] | Refusal:
    if not register.complete:
        return refused("register-incomplete", "The register is not complete.", "名册尚未完整。")
    list_now = snapshot_of(register, command.snapshot_id)
    if (known := register.snapshots.get(command.snapshot_id)) is not None:
        if known == list_now.sha256:
            return ()
        return refused("snapshot-exists", "Another list was frozen under this id.", "该编号已冻结另一份名册。")
    whole = list_now.whole()
    event = RegisterFrozen(
        **_common(register, command.by, now),
        snapshot_id=list_now.id,
        sha256=list_now.sha256,
        units=len(list_now.entries),
        heads=whole.heads,
        area=whole.area,
    )
    return (event,)


def evolve(register: Register, event: RegisterEvent) -> Register:
    """The register after an event."""
    after = replace(register, version=register.version + 1)
    match event:
        case RegisterCompiled():
            entries = {**register.entries, **{entry.unit: entry for entry in event.entries}}
            return replace(after, entries=entries, complete=event.part == event.parts)
        case RegisterEntryCorrected():
            return replace(after, entries={**register.entries, event.entry.unit: event.entry})
        case RegisterFrozen():
            return replace(after, snapshots={**register.snapshots, event.snapshot_id: event.sha256})
    raise TypeError(f"{event.TYPE} is not of a register")


def snapshot_of(register: Register, id: str) -> Snapshot:
    """The list as it stands now."""
    return frozen(id, register.entries.values())


def _common(register: Register, by: str, now: datetime) -> dict[str, object]:
    return {
        "register_id": register.id,
        "community": register.community,
        "neighbourhood": register.neighbourhood,
        "at": now,
        "by": by,
    }
