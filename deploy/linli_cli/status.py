"""`linli status`: shows what `linli_cli.health` found out."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli import deployed_health
from linli_cli.databases import READERS
from linli_cli.delivery_health import in_words
from linli_cli.errors import errors_shown
from linli_cli.health import ProcessHealth, ServiceEvents, StackHealth
from linli_cli.settings import TargetKind, load_settings
from linli_cli.target import find_target, require_embedded_stack

NOT_HEALTHY = 1
NOT_RUNNING = 3
COLOURS = {"ready": "green", "starting": "yellow", "not ready": "red", "down": "red"}


def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False) -> None:
    """Show the processes, the lag of each consumer group, the events unsent and parked, and the deliveries.

    Exit code 0: all healthy. 1: something is not. 3: not running.
    """
    with errors_shown():
        health, nowhere = _look()
        if health is None:
            told = nowhere.pop("told")
            print(json.dumps({"running": False, **nowhere}, ensure_ascii=False) if as_json else told)
            raise typer.Exit(NOT_RUNNING)
        if as_json:
            print(health.model_dump_json(indent=2))
        else:
            _show(health, Console())
        if not health.healthy:
            raise typer.Exit(NOT_HEALTHY)


def _look() -> tuple[StackHealth | None, dict[str, str]]:
    """How the deployment is, and what to tell when it is not there."""
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        target = find_target()
        told = f"Linli is not running: nothing answers of {target.name}. Start it: {target.start}"
        return deployed_health.look(target), {"target": target.name, "told": told}
    require_embedded_stack()
    from linli_cli.embedded import health  # noqa: PLC0415 - needs the embedded stack's packages

    told = f"Linli is not running in {settings.home} (LINLI_HOME). `linli up` starts it."
    return health.look(settings), {"home": str(settings.home), "told": told}


def _show(health: StackHealth, console: Console) -> None:
    supervisor = f" Supervisor pid {health.supervisor_pid}." if health.supervisor_pid else ""
    console.print(f"{headline(health.phase, health.processes)}{supervisor}", soft_wrap=True)
    console.print(_processes(health))
    for process in health.processes:
        if process.detail:
            console.print(f"{process.name} is {process.health}: {escape(process.detail)}", soft_wrap=True)
    console.print(_groups(health))
    console.print(_events(health))
    console.print(in_words(health.deliveries), soft_wrap=True)


def headline(phase: str, processes: Sequence[ProcessHealth]) -> str:
    """How it is, in one sentence that agrees with the table."""
    missing = ", ".join(process.name for process in processes if process.health != "ready")
    return f"Linli is {phase}: {missing}." if missing else f"Linli is {phase}."


def _processes(health: StackHealth) -> Table:
    table = Table("process", "pid", "address", "health", "uptime", "restarts", title="Processes", title_justify="left")
    for process in health.processes:
        table.add_row(
            process.name,
            _or_unknown(process.pid),
            process.address,
            f"[{COLOURS[process.health]}]{process.health}[/]",
            _or_unknown(process.uptime_seconds and timedelta(seconds=round(process.uptime_seconds))),
            _or_unknown(process.restarts),
        )
    return table


def _groups(health: StackHealth) -> Table:
    table = Table("group", "lag", "by topic", title="Consumer groups", title_justify="left")
    for group in health.groups:
        table.add_row(group.group, str(group.lag), ", ".join(f"{topic} {lag}" for topic, lag in group.topics.items()))
    for reader in READERS.values():  # who does not answer has a lag all the same
        if not any(group.group.endswith(f".{reader}") for group in health.groups):
            table.add_row(reader, "unknown", "linli doctor looks itself")
    return table


def _events(health: StackHealth) -> Table:
    table = Table("service", "unsent", "oldest", "parked", "held", title="Events", title_justify="left")
    for service, counts in health.events.items():
        table.add_row(service, *(_counts(counts) if counts else ["unknown"] * 4))
    table.add_row("all", _or_unknown(health.unsent), "", _or_unknown(health.parked), "", style="bold")
    return table


def _counts(counts: ServiceEvents) -> list[str]:
    age = counts.unsent_age_seconds
    values = [counts.unsent, None if age is None else f"{age:.0f} s", counts.parked, counts.held]
    return ["–" if value is None else str(value) for value in values]


def _or_unknown(value: object) -> str:
    return "unknown" if value is None else str(value)
